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
    // A border of nothing, so that no step leaves the picture.
    let columns = width + 2
    var padded = [UInt8](repeating: 0, count: columns * (height + 2))
    for y in 0..<height {
      for x in 0..<width { padded[(y + 1) * columns + x + 1] = marks[y * width + x] }
    }
    let around = [-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1]
    var shapes: [Shape] = []
    var stack: [Int] = []
    var open = padded
    padded.withUnsafeBufferPointer { marks in
      open.withUnsafeMutableBufferPointer { open in
        for start in columns..<max(columns, open.count - columns) where open[start] != 0 {
          open[start] = 0
          stack.append(start)
          var (x0, x1, y0, y1) = (width, -1, height, -1)
          var shape = Shape(box: Box(x: 0, y: 0, width: 0, height: 0), samples: [])
          while let next = stack.popLast() {
            let (y, x) = (next / columns - 1, next % columns - 1)
            shape.samples.append(Int32(truncatingIfNeeded: y * width + x))
            (x0, x1, y0, y1) = (min(x0, x), max(x1, x), min(y0, y), max(y1, y))
            if marks[next - 1] == 0 || marks[next + 1] == 0 || marks[next - columns] == 0
              || marks[next + columns] == 0
            {
              shape.rim += 1
            }
            for step in around where open[next + step] != 0 {
              open[next + step] = 0
              stack.append(next + step)
            }
          }
          shape.box = Box(x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1)
          shapes.append(shape)
        }
      }
    }
    return shapes
  }
}
