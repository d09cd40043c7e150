import Kernels
/// Weights of the penalties of a fit, for a window of 32 frames of three planes of 144 x 176 samples.
///
/// Weights for other sizes follow: the data term grows with the square root of the number of samples and the
/// penalties with the number itself, so weights fall with its square root.
public struct PenaltyStrengths: Sendable, Equatable {
  /// Total variation in space.
  public var tv: Float
  /// Differences in time of differences in space.
  public var sstv: Float
  /// Learned Dirichlet energy along rows, columns and time.
  public var inrrRow: Float
  public var inrrColumn: Float
  public var inrrTime: Float

  public init(tv: Float = 0, sstv: Float = 0, inrrRow: Float = 0, inrrColumn: Float = 0, inrrTime: Float = 0)
  {
    self.tv = tv
    self.sstv = sstv
    self.inrrRow = inrrRow
    self.inrrColumn = inrrColumn
    self.inrrTime = inrrTime
  }

  /// The strengths that penalties with given weights ask for; nil where a penalty or an option is not one of this fit's.
  init?(_ regularizers: [RegularizerSettings]) {
    self.init()
    for regularizer in regularizers {
      guard case .fixed(let row, let column, let time) = regularizer.weight, regularizer.centres == nil,
        regularizer.width == 32, regularizer.rate == nil
      else { return nil }
      switch regularizer.kind {
      case .tv: tv = row
      case .sstv: sstv = row
      case .inrr: (inrrRow, inrrColumn, inrrTime) = (row, column, time)
      case .air, .l2, .de: return nil
      }
    }
  }

  /// Strengths to choose from for penalties of which INRR's weight is automatic; nil as above.
  public static func candidates(_ regularizers: [RegularizerSettings]) -> [PenaltyStrengths]? {
    let isOpen = regularizers.map { $0.kind == .inrr && $0.weight == .automatic }
    guard isOpen.contains(true) else { return PenaltyStrengths(regularizers).map { [$0] } }
    let lists = [1e-4, 3e-5, 3e-4, 1e-3, 3e-3].map { (weight: Float) in
      zip(regularizers, isOpen).map { regularizer, isOpen in
        var regularizer = regularizer
        if isOpen { regularizer.weight = .fixed(row: weight / 5, column: weight / 5, time: weight) }
        return regularizer
      }
    }
    let candidates = lists.compactMap { PenaltyStrengths($0) }
    return candidates.count == lists.count ? candidates : nil
  }

  /// For few samples all over the place.
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

  /// The weights for a window of `samples` samples.
  func scaled(forSamples samples: Int) -> PenaltyStrengths {
    let factor = (Float(Self.referenceSamples) / Float(max(samples, 1))).squareRoot()
    return PenaltyStrengths(
      tv: tv * factor, sstv: sstv * factor, inrrRow: inrrRow * factor, inrrColumn: inrrColumn * factor,
      inrrTime: inrrTime * factor)
  }
}

/// Learning rates and memories of Adam.
public struct StepSizes: Sendable, Equatable {
  /// First learning rate; it falls along a cosine to a fiftieth.
  public var rate: Float
  /// Factor on the rate of the cores: the nets gain from larger steps, the cores lose.
  public var coreRateFactor: Float
  public var beta1: Float
  public var beta2: Float

  public init(rate: Float, coreRateFactor: Float, beta1: Float, beta2: Float) {
    self.rate = rate
    self.coreRateFactor = coreRateFactor
    self.beta1 = beta1
    self.beta2 = beta2
  }

  /// With short memories for both moments the same quality is reached in half the iterations.
  public static let bold = StepSizes(rate: 3e-3, coreRateFactor: 0.5, beta1: 0.8, beta2: 0.9)
  /// For holes that stay where they are: bold steps leave more there that no sample corrects.
  public static let careful = StepSizes(rate: 2e-3, coreRateFactor: 0.5, beta1: 0.9, beta2: 0.95)
}

/// Everything that decides what a fit computes.
public struct FitSettings: Sendable, Equatable {
  /// Most iterations of the schedule, with those of the trials that lead to the result.
  public var iterations = 200
  /// The same where a window misses whole frames, or the same places in all of them: of those the motion and the blocks of
  /// the picture know more than any fit, which only starts them. Nil for no difference.
  public var briefIterations: Int?
  /// The same where most samples are known, as around holes that move: what is beside them holds the fit. Nil for no
  /// difference.
  public var compactIterations: Int?
  /// Step sizes; nil chooses them by the holes.
  public var steps: StepSizes?
  /// Weights of the penalties, from which the hold-out samples choose where there are several; nil for those that suit
  /// the holes.
  public var penalties: [PenaltyStrengths]?
  /// Iterations after which penalties are judged by the hold-out samples, where there are several, but at most a third of
  /// all; 0 to take the likeliest unjudged.
  public var trialIterations = 20
  /// Radians from sample to sample at the representation's highest frequency; nil chooses by the holes.
  public var frequencyPerSample: Float?
  /// Of the steps' products. What is reconstructed of the fitted factors is always in single precision.
  public var precision = Precision.reduced
  public var seed: UInt64 = 0
  /// The result does not depend on it.
  public var threads = 1
  /// Iterations between two looks at the hold-out samples.
  public var evaluationPeriod = 10
  /// Looks at the hold-out samples without an improvement after which the fit ends; at least 1.
  public var patience = 8

  public init() {}
}
