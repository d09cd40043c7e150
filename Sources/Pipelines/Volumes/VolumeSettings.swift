import Foundation
import Masks
import Volumes

/// Settings that only jobs on volumes have.
public struct VolumeSettings: Sendable, Equatable {
  public var masks = VolumeMaskOptions()
  /// Distances of voxels along x, y and z; nil for what the file says.
  public var spacing: VoxelSpacing?
  /// Nil for a result on the input's own grid.
  public var scale: VolumeScale?

  public init() {}

  /// Whether all settings are the usual ones.
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
      throw JobError.configuration(
        "'\(text)' is no spacing: write x,y,z, distances of voxels that differ by a factor of 100 at most")
    }
    return VoxelSpacing(x: numbers[0], y: numbers[1], z: numbers[2])
  }
}

/// A finer grid for a volume's result.
public enum VolumeScale: Sendable, Equatable {
  /// Voxels as nearly cubes as whole factors make them.
  case isotropic
  case factors(GridRefinement)

  /// Reads `1,1,3`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public init(parsing text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard numbers.count == 3, text.filter({ $0 == "," }).count == 2,
      let refinement = GridRefinement(x: numbers[0], y: numbers[1], z: numbers[2])
    else {
      throw JobError.configuration(
        "'\(text)' is no scale: write x,y,z, whole factors from 1 to \(GridRefinement.largestFactor), such as 1,1,3"
      )
    }
    self = .factors(refinement)
  }

  /// As it is written in settings.
  var text: String {
    switch self {
    case .isotropic: "isotropic"
    case .factors(let refinement): refinement.factors.map(String.init).joined(separator: ",")
    }
  }

  /// The factors for a volume, and a warning where they may not be what a person expects.
  func chosen(for volume: Volume, name: String) -> (refinement: GridRefinement, warning: String?) {
    if case .factors(let refinement) = self { return (refinement, nil) }
    let spacing = volume.spacing.usable
    let refinement = GridRefinement(isotropic: spacing, shape: volume.shape)
    if refinement.isIdentity {
      return (
        refinement,
        "the voxels of \(name) are \(Self.text(spacing)), as far as its file says, and whole factors make them no more "
          + "alike; --spacing says it better"
      )
    }
    let finer = refinement.refined(spacing)
    let lengths = VolumeAxis.allCases.filter { volume.shape[$0] > 1 }.map { finer[$0] }
    guard let least = lengths.min(), let most = lengths.max(), most > least * 1.005 else {
      return (refinement, nil)
    }
    return (
      refinement,
      "known voxels keep their places, so the grid becomes finer by whole factors, \(refinement.text): voxels of "
        + "\(Self.text(spacing)) become \(Self.text(finer))"
    )
  }

  private static func text(_ spacing: VoxelSpacing) -> String {
    [spacing.x, spacing.y, spacing.z].map { String(format: "%.4g", $0) }.joined(separator: " x ")
  }
}
