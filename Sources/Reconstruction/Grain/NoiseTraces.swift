import Frames
import Foundation
import Motion

/// What is left of differences of samples when what smooth errors of the motion and the light leave in them is taken out:
/// what noise is seen by. White noise keeps its variance in both.
struct NoiseTraces {
  /// Each difference less the mean of those some samples away, and its Laplacian in rows and columns; not a number where too few
  /// neighbours have the same kind.
  var trendless: [Float] = []
  var edges: [Float] = []

  /// Far enough away to share next to nothing of the noise of the one in the middle.
  private static let ring = [(-3, -3), (-4, 0), (-3, 3), (0, -4), (0, 4), (3, -3), (4, 0), (3, 3)]
  private static let fewestOfRing = 4

  /// - Parameters:
  ///   - values: (height, width).
  ///   - kinds: the same; 0 of samples whose values are not known.
  ///   - places: those looked at.
  init(
    of values: [Float], kinds: [UInt8], height: Int, width: Int, at places: [Int],
    needsTrendless: Bool = true, needsEdges: Bool = true
  ) {
    if needsTrendless {
      trendless = places.map { i in
        let (y, x) = (i / width, i % width)
        var (sum, count) = (Float(0), 0)
        for (dy, dx) in Self.ring where y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width {
          let j = i + dy * width + dx
          if kinds[j] == kinds[i] { (sum, count) = (sum + values[j], count + 1) }
        }
        if count < Self.fewestOfRing { return .nan }
        let share = 1 / Float(count)
        return (values[i] - sum * share) / (1 + share).squareRoot()
      }
    }
    guard needsEdges else { return }
    edges = places.map { i in
      let (y, x) = (i / width, i % width)
      if y < 1 || x < 1 || y + 1 >= height || x + 1 >= width { return .nan }
      var sum: Float = 0
      for (dy, row) in [Float(1), -2, 1].enumerated() {
        let j = i + (dy - 1) * width
        for k in j - 1...j + 1 where kinds[k] != kinds[i] { return .nan }
        sum += row * (values[j - 1] - 2 * values[j] + values[j + 1])
      }
      return sum / 6
    }
  }
}
