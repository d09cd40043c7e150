import Kernels
import Regularizers

/// Learning rates and moment decays of Adam.
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

  /// With fast decay of both moments the same quality is reached in half the iterations.
  public static let bold = StepSizes(rate: 3e-3, coreRateFactor: 0.5, beta1: 0.8, beta2: 0.9)
  /// For holes that stay where they are: with bold steps errors remain there that no known sample corrects.
  public static let careful = StepSizes(rate: 2e-3, coreRateFactor: 0.5, beta1: 0.9, beta2: 0.95)
}

/// Everything that decides what a fit of the fused objective computes.
public struct FusedFitSettings: Sendable, Equatable {
  /// Most iterations, counting those of the trial that the result continues.
  public var iterations = 200
  /// Most iterations where whole frames are missing, or many places are missing in all frames. There motion and hard
  /// thresholding do better than any fit, which only gives them a start. Nil for `iterations`.
  public var iterationsOfFrames: Int?
  /// Most iterations elsewhere where over 40 % of the samples are known, as around compact holes that move: the known
  /// samples beside the holes constrain a short fit enough. Nil for `iterations`.
  public var iterationsWhereMuchIsKnown: Int?
  /// Step sizes; nil chooses them by the holes.
  public var steps: StepSizes?
  /// Weights of the penalties, from which the hold-out samples choose where there are several; nil for those that suit
  /// the holes.
  public var penalties: [PenaltyStrengths]?
  /// How INRR's graphs are learned.
  public var inrr = INRR.Options.local
  /// Length of a trial of penalties, where there are several to choose from; at most a third of `iterations`. 0 takes the
  /// first candidate without trials.
  public var trialIterations = 20
  /// Radians from sample to sample at the representation's highest frequency; nil chooses by the holes.
  public var frequencyPerSample: Float?
  /// Precision of the matrix products in a step. The signal of the fitted factors is always computed in single precision.
  public var precision = Precision.reduced
  public var seed: UInt64 = 0
  /// Iterations between two looks at the hold-out samples.
  public var evaluationPeriod = 10
  /// Looks at the hold-out samples without an improvement after which the fit ends; at least 1.
  public var patience = 8

  public init() {}
}

extension FusedFitSettings {
  /// Adopts penalties as they are given on the command line, with weights relative to the mean squared error.
  ///
  /// Of automatic weights only INRR's is chosen here, by short trials.
  /// - Returns: false, without any change, where a penalty needs the general objective.
  public mutating func adopt(_ regularizers: [RegularizerSettings]) -> Bool {
    var fixed = PenaltyStrengths(regularizers.isEmpty ? .norm : .meanSquare)
    var (options, isOpen) = (INRR.Options.local, false)
    for regularizer in regularizers {
      switch (regularizer.kind, regularizer.weight) {
      case (.tv, .fixed(let weight, _, _)): fixed.tv = weight
      case (.sstv, .fixed(let weight, _, _)): fixed.sstv = weight
      case (.inrr, .fixed(let row, let column, let time)):
        (fixed.inrrRow, fixed.inrrColumn, fixed.inrrTime) = (row, column, time)
        options = regularizer.graphOptions(of: .tucker)
      case (.inrr, .automatic):
        isOpen = true
        options = regularizer.graphOptions(of: .tucker)
      case (.tv, .automatic), (.sstv, .automatic), (.air, _), (.l2, _), (.de, _): return false
      }
    }
    inrr = options
    guard isOpen else {
      penalties = [fixed]
      return true
    }
    // Alone, INRR is weighted against the unsquared norm: the best weight then hardly depends on the error.
    if regularizers.count == 1 { fixed.unit = .norm }
    let weights: [Float] =
      fixed.unit == .norm ? [1e-4, 3e-5, 3e-4, 1e-3, 3e-3] : [5e-3, 1.5e-3, 1.5e-2, 5e-2, 0.15]
    penalties = weights.map { weight in
      var candidate = fixed
      (candidate.inrrRow, candidate.inrrColumn, candidate.inrrTime) = (weight / 5, weight / 5, weight)
      return candidate
    }
    return true
  }
}
