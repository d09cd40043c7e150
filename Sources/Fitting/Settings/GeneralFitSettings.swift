import Kernels

/// Everything that decides what a fit of the general objective computes.
public struct GeneralFitSettings: Sendable, Equatable, Encodable {
  public enum Schedule: String, Sendable, Codable, CaseIterable {
    case constant
    /// Half a cosine, down to a fiftieth of the first rate.
    case cosine
  }

  public var model: ModelSettings
  public var regularizers: [RegularizerSettings] = []
  public var coordinates: CoordinateMode = .volume
  public var iterations = 10_000
  /// Iterations for the frames after the first, which start from its parameters; nil for as many.
  public var laterIterations: Int?
  /// Learning rate of the model's Adam.
  public var rate: Float = 1e-4
  public var schedule: Schedule = .constant
  /// Samples that a step of a SIREN or Fourier model looks at, known ones and the lattice of the penalties together;
  /// nil for all of them.
  public var samplesPerStep: Int?
  public var seed: UInt64 = 0
  /// True to end, where samples are held out, at the iterate that an observation found best on them.
  public var keepsBest = true
  /// Iterations between two observations. The last iteration is observed too.
  public var observationPeriod = 100

  public init(model: ModelSettings) { self.model = model }
}

extension GeneralFitSettings {
  func rules(iterations: Int) -> DescentRules {
    DescentRules(
      schedule: CosineSchedule(rate: rate, floor: schedule == .cosine ? 0.02 : 1, iterations: iterations),
      period: observationPeriod, keepsBest: keepsBest, penaltiesGoBack: false)
  }
}
