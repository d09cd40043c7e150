import Foundation
import Frames

/// What missing samples probably err by, from what held-out samples erred by and from how alike the two are.
///
/// For compact holes, with the error H on held-out samples, the slopes S of what was filled in, the disagreement D of its
/// estimates, and for a hole that lasts the share q by which it is deep (0 for 4 samples, 1 for 12), in decibels
///
///     E = H + (0.28 + 0.57 q) (S held out - S missing) + (0.30 - 0.15 q) (D held out - D missing) - 0.22
///
/// and the truth is scattered about it the more, the less alike the two are. Coefficients are the likeliest ones of 206 sites
/// of Benchmarks/honest.py, on five clips; docs/decisions.md has what else was tried.
enum ErrorModel {
  /// Depths of holes that last, in samples, from which on their errors begin to follow slopes, and follow them fully.
  private static let (shallow, deep) = (4.0, 12.0)
  /// Deviations are those of the clips that the coefficients are from; others are farther off.
  private static let caution = 1.2
  /// Held-out samples of planes of a kind that their own error is told by. With fewer, the other planes' error counts as this
  /// many.
  private static let fewest = 8

  /// What is known of a site besides its hold-out error.
  struct Evidence {
    var holes: HoleShape
    var extent: HoleExtent
    /// Needed of compact holes within frames alone.
    var fills: (missing: FillFigures, heldOut: FillFigures)?
    /// How much harder missing frames are than held-out ones; see `FrameDifficulty`.
    var difficulty: Double
    var runs: FrameRuns
    var frames: Int
  }

  /// Planes that share their holes.
  struct Planes {
    var heldOut: ErrorSum
    var missing: Int
  }

  /// - Parameters:
  ///   - planes: by their resolution, the frame's own first.
  ///   - noise: variance that was added to what was filled in.
  /// - Returns: nil where nothing is held out, or no run of frames as long as the longest that is missing.
  static func expected(of planes: [Planes], _ evidence: Evidence, noise: Double) -> ExpectedError? {
    if evidence.runs.longestMissing > evidence.runs.longestHeldOut { return nil }
    let all = planes.reduce(into: ErrorSum()) { $0 += $1.heldOut }
    guard let prior = (planes.first?.heldOut.mean ?? all.mean) ?? all.mean else { return nil }
    let (shift, own) = evidence.holes.isScattered ? (0, 0.7) : shape(evidence)
    let factor = pow(10, -shift / 10)
    var (error, off) = (ErrorSum(), 0.0)
    for kind in planes where kind.missing > 0 {
      let count = Double(kind.heldOut.samples)
      let few = Double(fewest)
      let mean =
        kind.heldOut.samples >= 4 * fewest
        ? kind.heldOut.squares / count : (kind.heldOut.squares + few * prior) / (count + few)
      let squares = (factor * mean + noise) * Double(kind.missing)
      error += ErrorSum(squares: squares, samples: kind.missing)
      // Samples that are missing in all frames are held out in all frames, too: they are one.
      let repeated = evidence.holes.isScattered && evidence.holes.isStatic ? Double(evidence.frames) : 1
      let chance = evidence.holes.isScattered ? min(4, 20 * (repeated / max(1, count)).squareRoot()) : 0
      off += squares * (own * own + chance * chance).squareRoot()
    }
    if error.samples == 0 { return nil }
    return ExpectedError(error: error, deviation: off / max(error.squares, ErrorSum.least))
  }

  /// By how many decibels missing samples of compact holes are better than held-out ones, and the deviation of that.
  private static func shape(_ evidence: Evidence) -> (shift: Double, deviation: Double) {
    guard let (missing, heldOut) = evidence.fills else { return frames(evidence) }
    let slopes = FillFigures.decibels(missing.slope, below: heldOut.slope)
    let disagreement = FillFigures.decibels(missing.disagreement, below: heldOut.disagreement)
    var changes = 0.0
    if let own = missing.change, let other = heldOut.change {
      changes = FillFigures.decibels(own, below: other)
    }
    let depth = log(max(evidence.extent.depth, shallow) / shallow) / log(deep / shallow)
    let q = evidence.extent.lasting * min(1, depth)
    let shift = (0.28 + 0.57 * q) * slopes + (0.3 - 0.15 * q) * disagreement - 0.22
    let parts = [1.16, 0.07 * slopes, 0.32 * changes, 0.33 * disagreement, 1.5 * q]
    return (shift, caution * parts.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// The same of missing frames: what known frames differ by across them tells how hard they are.
  private static func frames(_ evidence: Evidence) -> (shift: Double, deviation: Double) {
    let shift = -10 * log10(evidence.difficulty)
    // Frames are few, and each errs in its own way.
    let few = 2.5 / Double(max(1, evidence.runs.heldOut))
    let mixed = evidence.holes.areMostlyFrames ? 0 : 2.0
    let parts = [0.6, few, 0.35 * shift, mixed]
    return (shift, caution * parts.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }

  /// Of spots, from what they err by as they were judged piece by piece (see `SpotStacking`). Few of them make most of the error,
  /// and these are seldom held out: 1.2 dB are missing on average.
  static func spots(_ judged: ErrorSum) -> ExpectedError {
    ExpectedError(
      error: ErrorSum(squares: judged.squares * pow(10, 0.12), samples: judged.samples), deviation: 2.2)
  }
}
