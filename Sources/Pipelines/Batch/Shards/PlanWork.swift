/// Work on a plan, or on the draft of one, that any number of processes share.
public protocol PlanWork: Sendable {
  /// What its parts are called, and what is done with them.
  var words: (parts: String, done: String) { get }

  /// Does a shard's part, unless it is done already. Two processes at the same are harmless.
  ///
  /// - Parameter observe: told each input as it is begun.
  /// - Throws: `JobError`, of kind `.tryAgain` while a run or a merge is at work in the same folder.
  func solve(
    shard: Int, of count: Int, observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome

  /// Does parts by their numbers, from 0.
  ///
  /// - Throws: `JobError`, as above.
  func solve(
    units: [ClosedRange<Int>], observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome

  /// Does parts that nobody else has, one after the other, and those whose owner is gone. Ends when all are done.
  ///
  /// - Parameters:
  ///   - patience: seconds without a sign of a part's owner after which it is taken over.
  ///   - observe: told each input as a part of it is begun.
  /// - Throws: `JobError`: of the first part that could not be done, by this process or another, once all others are.
  func claim(
    patience: Double, observe: (String) -> Void, isStopping: @escaping @Sendable () -> Bool,
    isCancelled: @escaping @Sendable () -> Bool
  ) throws -> WorkOutcome
}

/// Parts that a process had, and how many of them it did now.
public struct WorkOutcome: Sendable, Equatable {
  public var units = 0
  public var solved = 0
}
