import Masks
import Volumes

/// What a job on a volume has beside what jobs on videos have.
public struct VolumeSettings: Sendable, Equatable {
  public var masks = VolumeMaskOptions()
  /// Distances of voxels along x, y and z; nil for what the file says.
  public var spacing: VoxelSpacing?
  /// Nil for a result on the input's own grid.
  public var scale: VolumeScale?

  public init() {}

  /// Whether nothing was said that only volumes have.
  public var isEmpty: Bool {
    masks.isEmpty && spacing == nil && scale == nil && masks.axis == "z" && !masks.keepsNaN
      && masks.pages == nil
  }

  /// Reads `1,1,3`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func spacing(parsing text: String) throws -> VoxelSpacing {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
    guard numbers.count == 3, numbers.allSatisfy({ $0.isFinite && $0 > 0 }),
      let least = numbers.min(), let most = numbers.max(), most <= 100 * least
    else {
      throw JobError(
        .configuration,
        "'\(text)' is no spacing: write x,y,z, distances of voxels that differ by a factor of 100 at most")
    }
    return VoxelSpacing(x: numbers[0], y: numbers[1], z: numbers[2])
  }
}
