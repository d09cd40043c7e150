import Frames
import Media

/// A slice of a damaged volume and of its result, in the numbers of their files. Rows are in the order in which they are
/// drawn, from the top down.
public struct InspectedSlice: Sendable {
  /// The axis that the slice lies across, and those along its columns and rows.
  public struct Axes: Sendable, Equatable {
    public var across: String
    public var column: String
    public var row: String
    /// Whether the last row is drawn at the top.
    public var rowsRise: Bool

    public init(across: String, column: String, row: String, rowsRise: Bool) {
      (self.across, self.column, self.row, self.rowsRise) = (across, column, row, rowsRise)
    }
  }

  public var axes: Axes
  /// The slice's number from 0, and the number of slices across the axis.
  public var index: Int
  public var count: Int
  public var width: Int
  public var height: Int
  /// Distance of columns by that of rows.
  public var aspect: Double
  /// (height, width), as drawn.
  public var damaged: [Double]
  public var restored: [Double]
  public var reference: [Double]?
  /// 1 where missing.
  public var missing: [UInt8]
  /// The chosen voxel, as drawn.
  public var column: Int
  public var row: Int

  public init(
    axes: Axes, index: Int, count: Int, width: Int, height: Int, aspect: Double, damaged: [Double],
    restored: [Double], reference: [Double]?, missing: [UInt8], column: Int, row: Int
  ) {
    precondition(
      damaged.count == width * height && restored.count == damaged.count && missing.count == damaged.count
        && (reference?.count ?? damaged.count) == damaged.count, "a number for each voxel")
    self.axes = axes
    (self.index, self.count, self.width, self.height, self.aspect) = (index, count, width, height, aspect)
    (self.damaged, self.restored, self.reference) = (damaged, restored, reference)
    self.missing = missing
    (self.column, self.row) = (column, row)
  }

  public var missingShare: Double {
    Double(missing.reduce(0) { $0 + Int($1) }) / Double(max(missing.count, 1))
  }

  /// Numbers of the slice's voxels as gray levels.
  func picture(_ values: [Double], _ window: IntensityWindow) -> RGBPicture {
    RGBPicture(width: width, height: height, inks: values.lazy.map { Ink(gray: window.gray($0)) })
  }

  /// The same in the colours of `ColourMap`, `scale` being the brightest.
  func map(_ values: [Double], scale: Double) -> RGBPicture {
    RGBPicture(
      width: width, height: height,
      inks: values.lazy.map { ColourMap.colour($0.isFinite ? $0 / scale : 0) })
  }

  /// The absolute difference of missing voxels before and after. Numbers that are not finite count as the window's
  /// lowest, which is black; known voxels have 0.
  func change(_ window: IntensityWindow) -> [Double] {
    restored.indices.map { i in
      missing[i] == 0 ? 0 : abs(restored[i] - (damaged[i].isFinite ? damaged[i] : window.low))
    }
  }

  /// The absolute difference from the reference; 0 where that is not finite.
  var error: [Double]? {
    reference.map { reference in
      restored.indices.map { reference[$0].isFinite ? abs(restored[$0] - reference[$0]) : 0 }
    }
  }

  /// The slice as a frame of a report.
  public func frame(_ window: IntensityWindow) -> InspectedFrame {
    InspectedFrame(
      index: index, damaged: picture(damaged, window), restored: picture(restored, window),
      reference: reference.map { picture($0, window) },
      mask: FrameMask(width: width, height: height, missing: missing.contains(1) ? missing : []))
  }
}
