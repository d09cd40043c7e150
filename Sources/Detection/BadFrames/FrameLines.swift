import Frames
import Kernels

/// All lines of a frame with few columns: where damage begins and ends is seen to a line.
struct FrameLines: Sendable {
  /// Of the frame.
  let width: Int
  let height: Int
  /// Columns of the frame that one stands for.
  let scale: Int
  let columns: Int
  /// Steps of 8 bits, (height, columns).
  let means: [Float]

  init(_ plane: BrightnessPlane, threads: Int) {
    (width, height) = (plane.width, plane.height)
    scale = FrameThumbnail.scale(width: width, height: height)
    columns = width / scale
    means = plane.means(columns: scale, rows: 1, threads: threads)
  }

  /// How far a line is from another on average, which is that many columns further to the left, around the frame's edge.
  func difference(_ y: Int, from row: Int, of other: FrameLines, shift: Int = 0) -> Float {
    guard (0..<height).contains(y), (0..<other.height).contains(row), columns == other.columns else {
      return .infinity
    }
    let start = ((-shift) % columns + columns) % columns
    var sum: Float = 0
    var from = row * columns + start
    let end = (row + 1) * columns
    for x in y * columns..<(y + 1) * columns {
      sum += abs(means[x] - other.means[from])
      from += 1
      if from == end { from -= columns }
    }
    return sum / Float(columns)
  }
}
