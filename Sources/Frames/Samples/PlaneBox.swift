/// The samples of a plane that a box of the frame covers.
public struct PlaneBox: Sendable {
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int
  private let box: Box
  let plane: PlaneFormat

  public init(_ box: Box, in plane: PlaneFormat) {
    self.box = box
    self.plane = plane
    x = box.x >> plane.horizontalShift
    y = box.y >> plane.verticalShift
    width = min(plane.width, (box.x + box.width - 1) >> plane.horizontalShift + 1) - x
    height = min(plane.height, (box.y + box.height - 1) >> plane.verticalShift + 1) - y
  }

  public var count: Int { width * height }

  /// Position of a row in samples of the frame, from the box's top. Chroma rows sit midway between the luma rows they
  /// cover, chroma columns on the first of their luma columns, as in MPEG-2 and after.
  public func rowPosition(_ row: Int) -> Float {
    let step = 1 << plane.verticalShift
    return Float((y + row) * step - box.y) + Float(step - 1) / 2
  }

  /// Position of a column in samples of the frame, from the box's left.
  public func columnPosition(_ column: Int) -> Float {
    Float(((x + column) << plane.horizontalShift) - box.x)
  }
}
