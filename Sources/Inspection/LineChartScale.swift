import Foundation

/// Where values lie along an axis, and the round values that are marked.
struct Scale {
  let ticks: [Double]
  private let step: Double
  private let lowest: Double
  private let highest: Double
  private let from: Double
  private let to: Double

  /// - Parameter isTight: whether the axis ends with the values, not with a mark.
  init(_ values: [Double], from: Double, to: Double, isTight: Bool) {
    self.from = from
    self.to = to
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if high - low <= abs(high) * 1e-9 {
      let margin = max(abs(high) * 0.05, 1e-3)
      low -= margin
      high += margin
    }
    step = Self.roundStep((high - low) / 6)
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    lowest = isTight ? low : first * step
    highest = isTight ? high : last * step
    let margin = step * 1e-6
    let (least, most) = (lowest - margin, highest + margin)
    let step = step
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }.filter { $0 >= least && $0 <= most }
  }

  func callAsFunction(_ value: Double) -> Double {
    from + (value - lowest) / (highest - lowest) * (to - from)
  }

  func label(_ value: Double) -> String {
    let digits = max(0, Int((-log10(step)).rounded(.up)))
    return String(format: "%.\(min(digits, 9))f", value == 0 ? 0 : value)
  }

  /// The least of 1, 2 and 5 times a power of ten that is not below `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1.0, 2, 5].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return factor * power
  }
}
