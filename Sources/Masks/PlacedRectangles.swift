import Frames

/// Rectangles of the options as they lie on the frames of an input.
///
/// None is kept as a mask: those that are not in every frame at the same place are drawn frame by frame, so that memory does
/// not grow with their number or with their keys.
struct PlacedRectangles {
  private let format: FrameFormat
  private let orientation: DisplayOrientation
  private let constant: [MaskRectangle]
  private let changing: [MaskRectangle]
  private(set) var warnings: [String] = []

  /// - Throws: `MaskError` of kind `.options` for a rectangle that is never in the picture.
  init(_ rectangles: [MaskRectangle], options: MaskOptions, input: MaskedInput) throws {
    format = input.format
    orientation = options.orientation == .displayed ? input.orientation : .upright
    constant = rectangles.filter(\.isConstant)
    changing = rectangles.filter { !$0.isConstant }
    for rectangle in rectangles { try check(rectangle) }
  }

  /// Whether every frame has the same of them.
  var isConstant: Bool { changing.isEmpty }

  /// Whether they depend on the times of frames.
  var needsTimes: Bool { changing.contains(where: \.usesTimes) }

  private mutating func check(_ rectangle: MaskRectangle) throws {
    let (width, height) = orientation.displayedSize(width: format.width, height: format.height)
    let picture = "the picture, which is \(width)x\(height)"
    if rectangle.keys.isEmpty {
      guard let inside = rectangle.box.clipped(toWidth: width, height: height) else {
        throw MaskError(.options, "the rectangle \(rectangle.text) lies outside \(picture)")
      }
      if inside != rectangle.box {
        warnings.append(
          "the rectangle \(rectangle.text) reaches beyond \(picture); "
            + "\(inside.x),\(inside.y),\(inside.width),\(inside.height) is used")
      }
      return
    }
    guard RectangleKey.touches(rectangle.keys, width: width, height: height) else {
      throw MaskError(
        .options, "the rectangle \(rectangle.text) lies outside \(picture), at all of its moments")
    }
    // Between two keys it reaches no farther than at these.
    let beyond = rectangle.keys.first { $0.box.clipped(toWidth: width, height: height) != $0.box }
    if let beyond {
      warnings.append(
        "the rectangle \(rectangle.text) reaches beyond \(picture), as at its key \(beyond.text); "
          + "what lies inside is used")
    }
  }

  /// Draws those that are in every frame at the same place.
  func drawConstant(into mask: inout FrameMask) {
    for rectangle in constant { draw(rectangle.box, into: &mask) }
  }

  /// Draws the others as they are in a frame.
  func drawChanging(into mask: inout FrameMask, index: Int, time: Double?) {
    for box in changing.lazy.compactMap({ $0.box(index: index, time: time) }) { draw(box, into: &mask) }
  }

  /// All of them as they are in a frame, as missing samples in coded orientation.
  func mask(index: Int, time: Double?) -> FrameMask {
    var mask = FrameMask(width: format.width, height: format.height)
    drawConstant(into: &mask)
    drawChanging(into: &mask, index: index, time: time)
    return mask
  }

  /// - Parameters:
  ///   - box: in the displayed picture.
  ///   - mask: in coded orientation.
  private func draw(_ box: Box, into mask: inout FrameMask) {
    let (width, height) = orientation.displayedSize(width: format.width, height: format.height)
    guard let inside = box.clipped(toWidth: width, height: height) else { return }
    func coded(_ x: Int, _ y: Int) -> (x: Int, y: Int) {
      orientation.codedPlace(x: x, y: y, width: format.width, height: format.height)
    }
    let corner = coded(inside.x, inside.y)
    let opposite = coded(inside.x + inside.width - 1, inside.y + inside.height - 1)
    if mask.missing.isEmpty { mask.missing = Array(repeating: 0, count: format.width * format.height) }
    for y in min(corner.y, opposite.y)...max(corner.y, opposite.y) {
      for x in min(corner.x, opposite.x)...max(corner.x, opposite.x) {
        mask.missing[y * format.width + x] = 1
      }
    }
  }
}
