import Foundation
import Frames

/// How much of an overlay is there in a frame: all of it, or less where it fades or is gone.
public struct OverlayPresence: Sendable {
  private let overlay: SeeThroughOverlay
  private let structure: Int
  /// Pairs of neighbours of which at least one is hidden, in the box of the plane.
  private let pairs: [(a: Int, b: Int)]
  private let hidden: [Int]
  /// For each share that is tried, the mean logarithm of what is left of the picture.
  private let logarithms: [Double]

  /// All of it is there unless the picture beneath becomes smoother by this share with less.
  private static let leastGain = 0.02
  private static let steps = 20

  public init(_ overlay: SeeThroughOverlay, format: FrameFormat) {
    self.overlay = overlay
    structure = OverlaySurvey.structure(of: format)
    let plane = overlay.planes[structure]
    let hidden = plane.opacity.indices.filter { plane.opacity[$0] > 0 || plane.veil[$0] != 0 }
    self.hidden = hidden
    logarithms = (0...Self.steps).map { step in
      let share = Self.share(step)
      return hidden.reduce(0) { $0 + log(Double(1 - share * plane.opacity[$1])) }
        / Double(max(1, hidden.count))
    }
    let isHidden = Set(hidden)
    var pairs: [(a: Int, b: Int)] = []
    for i in plane.opacity.indices {
      for (step, isThere) in [
        (1, i % plane.width + 1 < plane.width), (plane.width, i + plane.width < plane.opacity.count),
      ]
      where isThere && (isHidden.contains(i) || isHidden.contains(i + step)) {
        pairs.append((i, i + step))
      }
    }
    self.pairs = pairs
  }

  /// The share of the overlay's opacity and veil that a frame has, 0 ... 1.
  public func share(in frame: Frame) -> Float {
    if hidden.isEmpty { return 1 }
    let plane = overlay.planes[structure]
    let width = frame.format.planes[structure].width
    let scale = 1 / Float(frame.format.maximumValue)
    var seen = [Float](repeating: 0, count: plane.opacity.count)
    frame.planes[structure].withView { samples in
      for i in seen.indices {
        seen[i] = Float(samples[(plane.y + i / plane.width) * width + plane.x + i % plane.width]) * scale
      }
    }
    return share(of: seen, step: scale)
  }

  /// - Parameters:
  ///   - seen: the samples of the box, row by row, full scale = 1.
  ///   - step: the least difference of two samples.
  func share(of seen: [Float], step scale: Float) -> Float {
    if hidden.isEmpty { return 1 }
    var costs = (0...Self.steps).map { cost($0, seen, scale) }
    guard let least = costs.min(), let best = costs.firstIndex(of: least) else { return 1 }
    if costs[Self.steps] - least < Self.leastGain { return 1 }
    if costs[0] - least < Self.leastGain / 2 { return 0 }
    // The least of the parabola through the best and those beside it.
    if best == 0 || best == Self.steps { return Float(best) / Float(Self.steps) }
    costs = Array(costs[best - 1...best + 1])
    let bend = costs[0] - 2 * costs[1] + costs[2]
    let offset = bend > 0 ? 0.5 * (costs[0] - costs[2]) / bend : 0
    return (Float(best) + Float(min(max(offset, -0.5), 0.5))) / Float(Self.steps)
  }

  private static func share(_ step: Int) -> Float { Float(step) / Float(steps) }

  /// Minus the log-likelihood of the share of a step for each hidden sample, up to a constant: differences between neighbours
  /// beneath are taken to be Laplacian.
  private func cost(_ step: Int, _ seen: [Float], _ scale: Float) -> Double {
    let plane = overlay.planes[structure]
    let share = Self.share(step)
    var picture = seen
    for i in hidden { picture[i] = (seen[i] - share * plane.veil[i]) / (1 - share * plane.opacity[i]) }
    var sum: Float = 0
    for (a, b) in pairs { sum += abs(picture[a] - picture[b]) }
    let mean = Double(sum) / Double(max(1, pairs.count))
    return log(mean + 0.3 * Double(scale)) + logarithms[step]
  }
}
