import Frames

/// Connected samples of a patch.
struct Shape: Sendable {
  var box: Box
  var samples: [Int32]
  /// Those that have another sample beside, above or below.
  var rim = 0

  /// Mean width of its strokes, in samples.
  var strokeWidth: Float { 2 * Float(samples.count) / Float(max(1, rim)) }

  /// - Returns: shapes of the samples that are not 0, joined across corners too.
  static func found(in marks: [UInt8], width: Int) -> [Shape] {
    let height = width > 0 ? marks.count / width : 0
    var open = marks
    var shapes: [Shape] = []
    var stack: [Int32] = []
    for start in open.indices where open[start] != 0 {
      open[start] = 0
      stack.append(Int32(start))
      var (x0, x1, y0, y1) = (width, -1, height, -1)
      var shape = Shape(box: Box(x: 0, y: 0, width: 0, height: 0), samples: [])
      while let next = stack.popLast() {
        shape.samples.append(next)
        let (x, y) = (Int(next) % width, Int(next) / width)
        (x0, x1, y0, y1) = (min(x0, x), max(x1, x), min(y0, y), max(y1, y))
        if x == 0 || y == 0 || x == width - 1 || y == height - 1 || marks[Int(next) - 1] == 0
          || marks[Int(next) + 1] == 0 || marks[Int(next) - width] == 0 || marks[Int(next) + width] == 0
        {
          shape.rim += 1
        }
        for ny in max(0, y - 1)...min(height - 1, y + 1) {
          for nx in max(0, x - 1)...min(width - 1, x + 1) where open[ny * width + nx] != 0 {
            open[ny * width + nx] = 0
            stack.append(Int32(ny * width + nx))
          }
        }
      }
      shape.box = Box(x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1)
      shapes.append(shape)
    }
    return shapes
  }
}
