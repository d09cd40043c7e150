import Media

/// The numbers of a slice as a picture, from which a page's script reads them: red and green are the high and the low
/// byte of (number - `lowest`) / `step`. Blue has bit 0 set where a voxel is missing, bit 1 where it is not finite.
public struct VoxelPicture: Sendable {
  /// The number at 0 steps.
  public let lowest: Double
  /// The difference of a step.
  public let step: Double

  static let steps = 65535.0

  /// - Parameter unit: the difference between neighbouring numbers of a file of integers; nil for floats. It becomes the
  ///   step, which keeps numbers exact, where the range has at most `steps` of them.
  public init(lowest: Double, highest: Double, unit: Double?) {
    self.lowest = lowest
    let range = highest - lowest
    if let unit, unit > 0, range / unit <= Self.steps {
      step = unit
    } else {
      step = range.isFinite && range > 0 ? range / Self.steps : 1
    }
  }

  /// - Parameters:
  ///   - values: (height, width).
  ///   - missing: 1 where missing.
  ///   - onlyMissing: whether known voxels are left black.
  func picture(_ values: [Double], missing: [UInt8], width: Int, onlyMissing: Bool) -> RGBPicture {
    var samples = [UInt8](repeating: 0, count: values.count * 3)
    for i in values.indices where missing[i] != 0 || !onlyMissing {
      let steps = ((values[i] - lowest) / step).rounded()
      let level = steps.isFinite ? UInt16(min(max(steps, 0), Self.steps)) : 0
      samples[3 * i] = UInt8(level >> 8)
      samples[3 * i + 1] = UInt8(level & 255)
      samples[3 * i + 2] = (missing[i] != 0 ? 1 : 0) | (values[i].isFinite ? 0 : 2)
    }
    return RGBPicture(width: width, height: values.count / max(width, 1), samples: samples)
  }

  /// The numbers of a slice for a page.
  ///
  /// - Throws: `MediaError`.
  public func values(of slice: InspectedSlice) throws -> ReportData.Voxels {
    func url(_ values: [Double], onlyMissing: Bool) throws -> String {
      try dataURL(
        picture(values, missing: slice.missing, width: slice.width, onlyMissing: onlyMissing), as: .png)
    }
    return ReportData.Voxels(
      restored: try url(slice.restored, onlyMissing: false),
      damaged: try url(slice.damaged, onlyMissing: true),
      reference: try slice.reference.map { try url($0, onlyMissing: false) })
  }
}
