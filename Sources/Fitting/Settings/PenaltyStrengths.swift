import Representations

/// Weights of the penalties of the fused objective, in one of two units.
public struct PenaltyStrengths: Sendable, Equatable {
  /// The data term the weights are relative to.
  public enum Unit: Sendable, Equatable {
    /// Relative to the residuals' norm at a site of 32 frames of three planes of 144 x 176 samples; for other sizes scaled
    /// by sqrt(reference samples / samples), as the norm grows with the square root of the number of samples and the
    /// penalties with the number itself. As the fit gets better, the penalties weigh more.
    case norm
    /// Relative to the mean squared error, with the penalties per sample: as weights are given on the command line, for any
    /// model and size.
    case meanSquare
  }

  public var unit = Unit.norm
  /// Total variation in space.
  public var tv: Float
  /// Differences in time of differences in space.
  public var sstv: Float
  /// Learned Dirichlet energy along rows, columns and time.
  public var inrrRow: Float
  public var inrrColumn: Float
  public var inrrTime: Float

  public init(
    _ unit: Unit = .norm, tv: Float = 0, sstv: Float = 0, inrrRow: Float = 0, inrrColumn: Float = 0,
    inrrTime: Float = 0
  ) {
    self.unit = unit
    self.tv = tv
    self.sstv = sstv
    self.inrrRow = inrrRow
    self.inrrColumn = inrrColumn
    self.inrrTime = inrrTime
  }

  func inrr(_ axis: Axis) -> Float {
    switch axis {
    case .row: inrrRow
    case .column: inrrColumn
    case .time: inrrTime
    }
  }

  /// For few known samples, scattered.
  public static let moderate = PenaltyStrengths(
    tv: 5e-5, sstv: 5e-4, inrrRow: 2e-5, inrrColumn: 2e-5, inrrTime: 1e-4)
  /// For compact holes that move.
  public static let firm = PenaltyStrengths(
    tv: 1e-4, sstv: 7e-4, inrrRow: 2e-5, inrrColumn: 2e-5, inrrTime: 1e-4)
  /// For holes that stay where they are.
  public static let strong = PenaltyStrengths(
    tv: 3e-4, sstv: 1e-3, inrrRow: 2e-5, inrrColumn: 2e-5, inrrTime: 1e-4)

  /// Number of samples that the weights are given for.
  static let referenceSamples = 32 * 3 * 144 * 176

  /// The weights relative to the norm of the residuals of `samples` samples.
  ///
  /// Relative to the mean square, with the norm r, N samples and a penalty P, the loss r^2 / N + w P / N has the gradient
  /// 2 r / N (dr + w / (2 r) dP): that of r + w / (2 r) P but for a factor, which Adam's steps do not depend on.
  func scaledToNorm(_ norm: Double, samples: Int) -> PenaltyStrengths {
    let factor =
      switch unit {
      case .norm: (Float(Self.referenceSamples) / Float(max(samples, 1))).squareRoot()
      case .meanSquare: Float(0.5 / norm)
      }
    return PenaltyStrengths(
      tv: tv * factor, sstv: sstv * factor, inrrRow: inrrRow * factor, inrrColumn: inrrColumn * factor,
      inrrTime: inrrTime * factor)
  }
}
