import Frames

/// Which estimator an estimate comes from. Each estimator's folder declares its own identifiers.
public struct EstimatorID: Hashable, Sendable, Codable, CodingKeyRepresentable {
  /// The name in reports, which scripts rely on.
  public let name: String

  public init(_ name: String) { self.name = name }

  // As a key of JSON its name alone.
  public var codingKey: any CodingKey { name.codingKey }
  public init(codingKey: some CodingKey) { self.init(codingKey.stringValue) }
}

/// Something that gives every missing sample of a site a value, and competes with others on held-out samples.
///
/// To add one: a folder under Estimators, in which it says its identifier, its stage and the holes that it is for, and a
/// line in the recipes that run it (`PresetTable.swift`). CONTRIBUTING says what else.
protocol Estimator: Sendable {
  var id: EstimatorID { get }
  /// When its turn comes, and so what it may start from.
  var stage: EstimatorStage { get }
  /// The holes that it is for; all by default.
  var holes: HoleKind { get }
  /// Whether it is for these samples, whatever the holes: not where it would take too long.
  func suits(_ samples: MaskedSamples) -> Bool
  /// Whether it is worth comparing with the others, by the site's held-out samples: true by default.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func competes(at site: SiteInputs) throws -> Bool
  /// Values for all samples of the site. Only samples in state `SampleState.known` may be read; an estimate's own values there
  /// are ignored.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ site: SiteInputs) throws -> Estimate
}

extension Estimator {
  var holes: HoleKind { .any }

  func suits(_ samples: MaskedSamples) -> Bool { true }

  func competes(at site: SiteInputs) throws -> Bool { true }
}

/// When an estimator's turn comes. Each stage starts from what the earlier ones made.
enum EstimatorStage: Comparable, Sendable {
  /// From known samples alone.
  case interpolation
  /// From known samples alone, fitted once for each site.
  case representation
  /// Along the motion of what the earlier stages made.
  case motion
  /// From one estimate of the earlier stages, or from several of them, stacked.
  case refinement
  /// From the stacked estimates of all other stages.
  case secondPass
}

/// The estimate that a refinement starts from.
enum EstimatorStart: Sendable {
  /// The interpolations, stacked; in the second pass all estimates of the first, stacked.
  case stacked
  /// That of one estimator of an earlier stage.
  case estimate(EstimatorID)
}

/// An estimator that reads known samples and nothing else.
protocol Interpolation: Estimator {
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ samples: MaskedSamples, context: EstimatorContext) throws -> Estimate
  /// The estimate once more, with more samples known than when `earlier` was made.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ samples: MaskedSamples, after earlier: Estimate, context: EstimatorContext) throws
    -> Estimate
}

extension Interpolation {
  var stage: EstimatorStage { .interpolation }

  func estimate(_ samples: MaskedSamples, after earlier: Estimate, context: EstimatorContext) throws
    -> Estimate
  { try estimate(samples, context: context) }

  func estimate(_ site: SiteInputs) throws -> Estimate {
    guard let earlier = try site.earlier?.estimate(by: self) else {
      return try estimate(site.samples, context: site.context)
    }
    return try estimate(site.samples, after: earlier, context: site.context)
  }
}

/// What an estimator may use besides samples: threads, a seed, and when to stop.
struct EstimatorContext {
  /// Worker threads; the estimate does not depend on it.
  var threads: Int
  var seed: UInt64
  /// Asked several times a second; true makes the estimator throw `RestorationError.cancelled`.
  var isCancelled: () -> Bool
  /// Told what the fit learns; nil where nothing is recorded.
  var recorder: (any FitRecorder)?

  init(threads: Int = 1, seed: UInt64 = 0, isCancelled: @escaping () -> Bool = { false }) {
    self.threads = threads
    self.seed = seed
    self.isCancelled = isCancelled
  }

  func checkCancellation() throws {
    if isCancelled() { throw RestorationError.cancelled }
  }
}
