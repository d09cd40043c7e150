import Frames

/// What an estimator may use besides the window: threads, seed, and when to stop.
public struct EstimatorContext {
  /// Worker threads; the estimate does not depend on it.
  public var threads: Int
  public var seed: UInt64
  /// Asked several times a second; true makes the estimator throw `RestorationError.cancelled`.
  public var isCancelled: () -> Bool
  /// Told what the fit learns, if anybody wants to know.
  public var recorder: (any FitRecorder)?

  public init(threads: Int = 1, seed: UInt64 = 0, isCancelled: @escaping () -> Bool = { false }) {
    self.threads = threads
    self.seed = seed
    self.isCancelled = isCancelled
  }

  func checkCancellation() throws {
    if isCancelled() { throw RestorationError.cancelled }
  }
}

/// Something that gives every missing sample of a window a value.
///
/// Only samples in state `SampleState.known` may be looked at. The estimate at known samples is the known value
/// or the estimator's own; nobody relies on it.
public protocol Estimator {
  /// A short name, as the report shows it.
  var name: String { get }
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ window: MaskedSamples, context: EstimatorContext) throws -> Estimate
  /// The estimate once more, from more known samples of the same window than `earlier` was made from.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func estimate(_ window: MaskedSamples, after earlier: Estimate, context: EstimatorContext) throws
    -> Estimate
}

extension Estimator {
  public func estimate(_ window: MaskedSamples, after earlier: Estimate, context: EstimatorContext)
    throws
    -> Estimate
  { try estimate(window, context: context) }
}
