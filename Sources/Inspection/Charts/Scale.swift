import Foundation

/// An axis of a chart: it maps values to places and chooses round values as ticks.
struct Scale {
  let ticks: [Double]
  private let isLogarithmic: Bool
  private let digits: Int
  private let lowest: Double
  private let highest: Double
  private let from: Double
  private let to: Double

  /// - Parameters:
  ///   - isTight: whether the axis ends at the least and the largest value instead of at a tick.
  ///   - isLogarithmic: takes effect only where all values are above zero.
  init(_ values: [Double], from: Double, to: Double, isTight: Bool, isLogarithmic: Bool = false) {
    (self.from, self.to) = (from, to)
    self.isLogarithmic = isLogarithmic && !values.isEmpty && values.allSatisfy { $0 > 0 }
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if high - low <= abs(high) * 1e-9 {
      let margin = max(abs(high) * 0.05, 1e-3)
      low -= margin
      high += margin
    }
    let step: Double
    var marks: [Double]
    if self.isLogarithmic {
      marks = Self.roundNumbers(from: low, to: high)
      step = marks[0]
    } else {
      let round = Self.roundStep((high - low) / 6)
      marks = stride(from: (low / round).rounded(.down), through: (high / round).rounded(.up), by: 1)
        .map { $0 * round }
      step = round
    }
    digits = min(max(0, Int((-log10(step) - 1e-9).rounded(.up))), 9)
    if isTight {
      marks = marks.filter { $0 >= low * (1 - 1e-9) && $0 <= high * (1 + 1e-9) }
    } else {
      low = marks[0]
      high = marks[marks.count - 1]
    }
    ticks = marks
    lowest = self.isLogarithmic ? log10(low) : low
    highest = self.isLogarithmic ? log10(high) : high
  }

  /// The place of a value between `from` and `to`.
  func callAsFunction(_ value: Double) -> Double {
    let place = isLogarithmic ? log10(value) : value
    return from + (place - lowest) / (highest - lowest) * (to - from)
  }

  func label(_ value: Double) -> String {
    if isLogarithmic, ticks[0] < 1e-3 || value >= 1e6 { return String(format: "%g", value) }
    return String(format: "%.\(digits)f", value == 0 ? 0 : value)
  }

  /// The least of 1, 2 and 5 times a power of ten that is not below `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, log10(step).rounded(.down))
    let factor = [1.0, 2, 5].first { $0 * power >= step * (1 - 1e-9) } ?? 10
    return factor * power
  }

  /// The numbers 1, 2 and 5 times powers of ten, from the largest that is at most `low` to the smallest that is at least
  /// `high`. Where these are more than ten, some of the powers of ten only.
  private static func roundNumbers(from low: Double, to high: Double) -> [Double] {
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let numbers = powers.flatMap { power in [1.0, 2, 5].map { $0 * pow(10, Double(power)) } }
    let first = numbers.lastIndex { $0 <= low * (1 + 1e-9) } ?? 0
    let last = numbers.firstIndex { $0 >= high * (1 - 1e-9) } ?? numbers.count - 1
    let chosen = Array(numbers[first...max(last, first)])
    if chosen.count <= 10 { return chosen }
    let step = (powers.count + 5) / 6
    return stride(from: powers.lowerBound, through: powers.upperBound + step - 1, by: step).map {
      pow(10, Double($0))
    }
  }
}
