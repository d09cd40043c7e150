import Foundation

/// Squared errors, full scale = 1, added up over samples: figures are pooled as sums, never as decibels.
public struct ErrorSum: Sendable, Equatable {
  public var squares: Double
  public var samples: Int

  public init(squares: Double = 0, samples: Int = 0) { (self.squares, self.samples) = (squares, samples) }

  /// A mean squared error below this one, 100 dB, counts as this one.
  public static let least = 1e-10

  /// Mean squared error; nil without a sample.
  public var mean: Double? { samples > 0 ? squares / Double(samples) : nil }

  /// Peak signal-to-noise ratio in dB, at most 100; nil without a sample.
  public var psnr: Double? { mean.map { Self.psnr(meanSquaredError: max($0, Self.least)) } }

  /// The same without a bound: infinite where nothing differs.
  public var exactPSNR: Double? { mean.map(Self.psnr(meanSquaredError:)) }

  /// -10 log10 of a mean squared error, full scale = 1, in dB: infinite where nothing differs.
  public static func psnr(meanSquaredError: Double) -> Double {
    meanSquaredError <= 0 ? .infinity : -10 * log10(meanSquaredError)
  }

  /// The same mean error over another number of samples; nothing where there is no mean.
  public func spread(over samples: Int) -> ErrorSum {
    if self.samples == 0 { return ErrorSum() }
    return ErrorSum(squares: Double(samples) * squares / Double(self.samples), samples: samples)
  }

  public static func += (sum: inout ErrorSum, other: ErrorSum) {
    sum.squares += other.squares
    sum.samples += other.samples
  }
}
