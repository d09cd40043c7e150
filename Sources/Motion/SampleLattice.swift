/// Where a plane's samples sit in the picture that a flow belongs to: row i at `rowOrigin + i rowStep`, likewise columns.
///
/// Chroma planes are coarser than the picture, and their first sample may sit between its samples.
public struct SampleLattice: Sendable, Hashable {
  public var height: Int
  public var width: Int
  public var rowOrigin: Float
  public var rowStep: Float
  public var columnOrigin: Float
  public var columnStep: Float

  public init(
    height: Int, width: Int, rowOrigin: Float = 0, rowStep: Float = 1, columnOrigin: Float = 0,
    columnStep: Float = 1
  ) {
    precondition(rowStep > 0 && columnStep > 0, "rows and columns rise")
    self.height = height
    self.width = width
    self.rowOrigin = rowOrigin
    self.rowStep = rowStep
    self.columnOrigin = columnOrigin
    self.columnStep = columnStep
  }

  /// Samples of a frame.
  public var count: Int { height * width }

  @inline(__always)
  func y(ofRow row: Int) -> Float { rowOrigin + Float(row) * rowStep }

  @inline(__always)
  func x(ofColumn column: Int) -> Float { columnOrigin + Float(column) * columnStep }

  /// The plane's samples around a place in the picture.
  @inline(__always)
  func cell(y: Float, x: Float) -> BilinearCell {
    BilinearCell(
      y: (y - rowOrigin) / rowStep, x: (x - columnOrigin) / columnStep, height: height, width: width)
  }

  @inline(__always)
  func bicubicCell(y: Float, x: Float) -> BicubicCell {
    BicubicCell(
      y: (y - rowOrigin) / rowStep, x: (x - columnOrigin) / columnStep, height: height, width: width)
  }
}
