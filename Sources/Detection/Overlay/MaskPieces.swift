/// Areas of a mask, by row.
enum MaskPieces {
  /// What is covered by squares that lie within the mask altogether.
  static func opened(_ mask: [Bool], width: Int, height: Int, side: Int) -> [Bool] {
    var result = [Bool](repeating: false, count: mask.count)
    if width < side || height < side { return result }
    // In how many rows, up to this one, the run that ends at each place is as long as the square.
    var rows = [Int](repeating: 0, count: width)
    for y in 0..<height {
      var run = 0
      for x in 0..<width {
        run = mask[y * width + x] ? run + 1 : 0
        rows[x] = run >= side ? rows[x] + 1 : 0
        if rows[x] < side { continue }
        for v in y - side + 1...y {
          for i in v * width + x - side + 1...v * width + x { result[i] = true }
        }
      }
    }
    return result
  }

  static func connected(_ mask: [Bool], width: Int, height: Int, diagonally: Bool) -> [[Int]] {
    var open = mask
    var pieces: [[Int]] = []
    for first in open.indices where open[first] {
      open[first] = false
      var piece = [first]
      var next = 0
      while next < piece.count {
        let (x, y) = (piece[next] % width, piece[next] / width)
        next += 1
        for v in max(0, y - 1)...min(height - 1, y + 1) {
          for u in max(0, x - 1)...min(width - 1, x + 1)
          where open[v * width + u] && (diagonally || u == x || v == y) {
            open[v * width + u] = false
            piece.append(v * width + u)
          }
        }
      }
      pieces.append(piece)
    }
    return pieces
  }
}

/// Means over boxes of a picture, from sums over all that is above and to the left.
struct BoxMeans {
  private let width: Int
  private let height: Int
  /// (height + 1, width + 1)
  private var sums: [Double]

  init(_ values: [Float], width: Int, height: Int) {
    precondition(values.count == width * height, "a value for each place")
    (self.width, self.height) = (width, height)
    sums = Array(repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0.0
      for x in 0..<width {
        row += Double(values[y * width + x])
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
  }

  /// Over the places up to `reach` columns and rows away, as far as there are any.
  func mean(x: Int, y: Int, reach: Int) -> Float {
    let (left, right) = (max(0, x - reach), min(width, x + reach + 1))
    let (top, bottom) = (max(0, y - reach) * (width + 1), min(height, y + reach + 1) * (width + 1))
    let sum = sums[bottom + right] - sums[bottom + left] - sums[top + right] + sums[top + left]
    return Float(sum / Double((right - left) * (bottom - top) / (width + 1)))
  }

  /// Twice the mean over boxes, which is nearly a bell-shaped filter.
  func smoothed(reach: Int) -> [Float] {
    let once = BoxMeans(all(reach: reach), width: width, height: height)
    return once.all(reach: reach)
  }

  private func all(reach: Int) -> [Float] {
    (0..<width * height).map { mean(x: $0 % width, y: $0 / width, reach: reach) }
  }
}
