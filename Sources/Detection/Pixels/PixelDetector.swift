import Frames
import Kernels

/// Finds dead, stuck and hot pixels of a sensor: the same place in every frame, whatever moves.
///
/// A pixel counts in a frame if it lies outside the range of its eight neighbours. Only sums of each place are kept, sixteen
/// bytes, so memory does not depend on the number of frames; what is defective is known after the last of them, and is so in
/// all. Scene cuts help: the sensor stays the same, and much else changes.
public struct PixelDetector: DamageSurvey {
  private let settings: DetectionSettings
  private let threads: Int
  private var sums: PixelSums?
  /// Positions of the first frame and behind the last one.
  private var frames: Range<Int>?

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  public mutating func add(_ input: DetectionInput) {
    let frame = input.frame
    let plane = BrightnessPlane(frame)
    var sums = sums.take() ?? PixelSums(width: plane.width, height: plane.height)
    sums.add(plane, threads: threads)
    self.sums = sums
    frames =
      min(frames?.lowerBound ?? frame.index, frame.index)..<max(frames?.upperBound ?? 0, frame.index + 1)
  }

  public mutating func finish() -> [Find] {
    guard let sums = sums.take(), let frames = frames.take() else { return [] }
    let rules = PixelRules(settings)
    return parallelMap(sums.height, threads: threads) { y in
      (0..<sums.width).compactMap { x in
        rules.confidence(of: sums, x: x, y: y).map {
          Find(
            kind: .pixels, frames: frames, confidence: $0, parts: [Box(x: x, y: y, width: 1, height: 1)])
        }
      }
    }.flatMap { $0 }
  }
}

/// When a place is taken to be defective.
struct PixelRules {
  /// The share of frames in which it has to lie outside its neighbours' range, and by how much on average, where its surroundings
  /// change by more than `change` (a standard deviation; both in steps of 8 bits).
  private static let share: Float = 0.55
  private static let movingDistance: Float = 8
  private static let change: Float = 6
  /// Where they stay, a point of the scene looks the same: it has to stand out in nearly every frame, and further than what a lens
  /// makes of a point does.
  private static let stillShare: Float = 0.9
  private static let stillDistance: Float = 12
  /// A coder spreads a pixel over its neighbours: one counts beside another, or two samples away, only if it stands out by more
  /// than such a share of the other's distance.
  private static let reach = 2
  private static let (beside, twoAway): (Float, Float) = (0.5, 0.15)

  private let least: Float

  init(_ settings: DetectionSettings) {
    // From 1.3 to 0.7 times the share.
    least = Self.share * (1 - (settings.sensitivity - 0.5) * 0.6)
  }

  /// nil if the place is not defective.
  func confidence(of sums: PixelSums, x: Int, y: Int) -> Float? {
    let share = sums.share(x: x, y: y)
    let distance = sums.distance(x: x, y: y)
    let moves = share > least && sums.change(x: x, y: y) > Self.change && distance > Self.movingDistance
    let stands = share > Self.stillShare && distance > Self.stillDistance
    guard moves || stands else { return nil }
    for row in max(0, y - Self.reach)...min(sums.height - 1, y + Self.reach) {
      for column in max(0, x - Self.reach)...min(sums.width - 1, x + Self.reach) {
        let least = max(abs(row - y), abs(column - x)) > 1 ? Self.twoAway : Self.beside
        if least * sums.distance(x: column, y: row) > distance { return nil }
      }
    }
    return share
  }
}
