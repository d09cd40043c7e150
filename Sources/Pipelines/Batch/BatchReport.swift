import Foundation

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
    /// Why the input was skipped, failed or done; of a finished one what its state was before.
    public var reason: String
    /// The exit code that `restore` would have ended with; nil where no one came to the input yet.
    public var exitCode: Int32?
    public var seconds: Double
    public var holdoutPSNR: Double?
    /// Windows of a restored input; nil where they were not gone through to the end.
    public var windows: Int?
    /// Windows that an earlier run had solved; of an unfinished input those that are solved by now.
    public var windowsKept = 0
    /// What was told about the input and its output, also of one that an earlier run finished.
    public var warnings: [String] = []

    enum CodingKeys: String, CodingKey {
      case job, input, output, status, reason, seconds, windows, warnings
      case exitCode = "exit_code"
      case holdoutPSNR = "holdout_psnr_db"
      case windowsKept = "windows_kept"
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(job, forKey: .job)
      try container.encode(input, forKey: .input)
      try container.encode(output, forKey: .output)
      try container.encode(status, forKey: .status)
      try container.encode(reason, forKey: .reason)
      try container.encode(exitCode, forKey: .exitCode)
      try container.encode(seconds, forKey: .seconds)
      // Null where there is none, so that every key is always there.
      try container.encode(holdoutPSNR.finite, forKey: .holdoutPSNR)
      try container.encode(windows, forKey: .windows)
      try container.encode(windowsKept, forKey: .windowsKept)
      try container.encode(warnings, forKey: .warnings)
    }
  }

  public var tool = ToolVersion.current
  public var pipeline: String
  public var seconds = 0.0
  /// In the order of the file; those that no one came to yet are `stopped`.
  public var inputs: [Entry]

  init(plan: BatchPlan) {
    pipeline = plan.file
    let journal = Journal(folder: plan.run.work)
    inputs = plan.tasks.map { task in
      Entry(
        job: task.job, input: task.restore.input, output: task.restore.output, status: .stopped,
        reason: "not begun", exitCode: nil, seconds: 0, windowsKept: journal.keptWindows(of: task.restore))
    }
  }

  public func count(of status: Status) -> Int { inputs.count { $0.status == status } }

  func json() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(self)
    data.append(UInt8(ascii: "\n"))
    return data
  }
}

extension JobError.Kind {
  /// The exit code that scripts rely on; of a job that was stopped that of an interrupt.
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
