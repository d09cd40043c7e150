/// How a restoration is run: what its result does not depend on.
///
/// A bound on memory is no part of it: windows and sites are chosen by it, so that it decides the result and is one of
/// `RestorationSettings`.
public struct Execution {
  /// Worker threads, at least 1.
  public var threads: Int
  /// Where solved units are kept, if anywhere.
  public var store: (any SolutionStore)?
  /// Told what the fits learn.
  public var recorder: (any FitRecorder)?
  /// Called a few times a second, from the thread that restores.
  public var observe: (RestorationProgress) -> Void = { _ in }
  /// Asked between units; true ends the restoration with `.cancelled` once the unit at work is solved and kept.
  public var isStopping: () -> Bool = { false }
  /// Asked often (several times a second); true ends the restoration with `.cancelled`.
  public var isCancelled: () -> Bool = { false }

  public init(
    threads: Int = 1, store: (any SolutionStore)? = nil, recorder: (any FitRecorder)? = nil
  ) {
    (self.threads, self.store, self.recorder) = (threads, store, recorder)
  }
}
