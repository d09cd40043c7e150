import Frames
import Volumes

/// Slices along z of a volume as gray pictures, its numbers scaled to 8 bits.
struct VolumePictures {
  private let path: String

  init(path: String) { self.path = path }

  /// The slices of a range, or as many of them as there are; of a series those of its first volume.
  ///
  /// - Throws: `VolumeError`, or `JobError` where voxels are no numbers: an experiment takes away from what is whole.
  func pictures(in range: ClosedRange<Int>) throws -> [Picture] {
    let volume = try VolumeFile(path: path).volume
    let last = min(range.upperBound, volume.shape.z - 1)
    guard range.lowerBound <= last else { return [] }
    let (width, height) = volume.size(across: .z)
    var values: [Double] = []
    let slices = try (range.lowerBound...last).map { z -> [Double] in
      volume.read(.init(.z, z), into: &values)
      if let i = values.firstIndex(where: { !$0.isFinite }) {
        throw JobError(
          .input,
          "\(path) has no number at voxel \(i % width),\(i / width),\(z): an experiment needs a whole volume")
      }
      return values
    }
    // One scale for all slices, in 16 bits and then in 8.
    let numbers = slices.joined()
    let scale = IntensityScale(minimum: numbers.min() ?? 0, maximum: numbers.max() ?? 0)
    return slices.map { slice in
      Picture(
        width: width, height: height, channels: [slice.map { UInt8((Int(scale.sample($0)) + 128) / 257) }])
    }
  }
}
