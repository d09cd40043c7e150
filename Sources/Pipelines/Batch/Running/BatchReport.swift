import Foundation
import Reconstruction

/// What became of every input of a batch.
public struct BatchReport: Sendable, Encodable {
  public enum Status: String, Sendable, Encodable {
    case done, skipped, failed
    /// Not finished because the run was stopped.
    case stopped
  }

  public struct Entry: Sendable, Encodable {
    public var job: String
    public var input: String
    public var output: String
    public var status: Status
    /// Why the input was skipped or failed. Of a restored one: its state before.
    public var reason: String
    /// The exit code that `restore` would have ended with; nil before the input's turn.
    @OrNull public var exitCode: Int32? = nil
    public var seconds = 0.0
    @OrNull public var holdoutPsnrDb: Double? = nil
    @OrNull public var expectedPsnrDb: Double? = nil
    @OrNull public var expectedPsnrLowDb: Double? = nil
    @OrNull public var expectedPsnrHighDb: Double? = nil
    /// Windows of a restored input; nil where it was not restored to its end.
    @OrNull public var windows: Int? = nil
    /// Windows that an earlier run had solved. Of an unfinished input: windows that are solved by now.
    public var windowsKept = 0
    /// Warnings about the input and its output, also of an input that an earlier run finished.
    public var warnings: [String] = []

    /// How good the output is on hold-out samples, and how good it probably is where samples were missing.
    mutating func setQuality(holdout: Double?, expected: PSNRRange?) {
      holdoutPsnrDb = holdout
      expectedPsnrDb = expected?.middle
      (expectedPsnrLowDb, expectedPsnrHighDb) = (expected?.low, expected?.high)
    }
  }

  public var tool = ToolVersion.current
  public var pipeline: String
  public var seconds = 0.0
  /// In the order of the file. Inputs whose turn has not come are `stopped`.
  public var inputs: [Entry]

  init(plan: BatchPlan) {
    pipeline = plan.file
    let journal = Journal(folder: plan.run.work)
    inputs = plan.tasks.map { task in
      Entry(
        job: task.job, input: task.restore.input, output: task.restore.output, status: .stopped,
        reason: "not begun", windowsKept: journal.keptWindows(of: task.restore))
    }
  }

  public func count(of status: Status) -> Int { inputs.count { $0.status == status } }

  func json() throws -> Data { try ReportJSON.file(self, .snakeCase) }
}

extension JobError.Kind {
  /// The exit code that scripts rely on. A job that was stopped has that of an interrupt.
  public var exitCode: Int32 {
    switch self {
    case .configuration: 2
    case .input: 3
    case .output: 4
    case .tryAgain: 75
    case .cancelled: 130
    }
  }
}
