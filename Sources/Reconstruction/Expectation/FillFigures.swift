import Foundation
import Frames

/// What holes were filled with, in figures that need no truth: known of held-out holes and of missing samples alike, they tell how
/// alike the two are.
struct FillFigures {
  /// Mean squared difference of the estimates from the stacked one, full scale = 1.
  private(set) var disagreement = 0.0
  /// Squared slope of the fill, per sample: a hole into which much runs hides much. Geometric mean over frames.
  private(set) var slope = 0.0
  /// Mean squared change of the fill from frame to frame; nil in a single frame.
  private(set) var change: Double?

  /// What is smaller than this, a quarter of a step of 8 bits, squared, makes no difference.
  private static let least = 1e-6

  /// - Parameters:
  ///   - state: of the samples that are looked at.
  ///   - samples: with their states.
  ///   - filled: the stacked estimate, known samples among it.
  ///   - estimates: that it is stacked of.
  ///   - window: the frames that are looked at.
  init(
    of state: UInt8, in samples: MaskedSamples, filled: Estimate, estimates: [Estimate], window: Range<Int>
  ) {
    var count = 0
    for (p, plane) in samples.planes.enumerated() {
      let area = plane.height * plane.width
      plane.forEachUnknown(in: window.lowerBound * area..<window.upperBound * area) { i in
        if plane.states[i] != state { return }
        count += 1
        for estimate in estimates {
          let difference = Double(estimate.planes[p][i] - filled.planes[p][i])
          disagreement += difference * difference
        }
      }
    }
    disagreement /= Double(max(1, count * estimates.count))
    guard let p = samples.structurePlane else { return }
    (slope, change) = Self.shape(of: state, in: samples.planes[p], filled.planes[p], window)
  }

  private static func shape(
    of state: UInt8, in plane: MaskedSamples.Plane, _ values: [Float], _ window: Range<Int>
  ) -> (slope: Double, change: Double?) {
    let (height, width) = (plane.height, plane.width)
    let area = height * width
    var (logarithms, frames) = (0.0, 0)
    var (changes, changed) = (0.0, 0)
    for t in window {
      var (slopes, count) = (0.0, 0)
      plane.forEachUnknown(in: t * area..<(t + 1) * area) { i in
        if plane.states[i] != state { return }
        let (y, x) = (i % area / width, i % width)
        let across = x > 0 && x + 1 < width ? Double(values[i + 1] - values[i - 1]) / 2 : 0
        let down = y > 0 && y + 1 < height ? Double(values[i + width] - values[i - width]) / 2 : 0
        slopes += across * across + down * down
        count += 1
        if t > window.lowerBound {
          let difference = Double(values[i] - values[i - area])
          changes += difference * difference
          changed += 1
        }
      }
      if count == 0 { continue }
      logarithms += log(slopes / Double(count) + least)
      frames += 1
    }
    return (
      frames == 0 ? 0 : exp(logarithms / Double(frames)), changed == 0 ? nil : changes / Double(changed)
    )
  }

  /// Decibels by which a figure is smaller than another.
  static func decibels(_ figure: Double, below other: Double) -> Double {
    10 * log10((other + least) / (figure + least))
  }
}

extension MaskedSamples {
  /// The plane that shows most of the structure: luma, or green, or the first one of the frame's own resolution.
  var structurePlane: Int? {
    let whole = planes.indices.filter { planes[$0].height == height && planes[$0].width == width }
    return whole.first { planes[$0].role == .luma } ?? whole.first { planes[$0].role == .green }
      ?? whole.first
  }
}
