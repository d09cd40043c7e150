import Foundation

/// What an earlier run left of a task.
public enum TaskState: Sendable, Equatable {
  /// Nothing is recorded and no output is there.
  case new
  /// Begun and not finished; that many windows are solved.
  case incomplete(windows: Int)
  case changedSettings
  case changedInput
  case changedMask
  /// Another version of the tool made the output.
  case changedVersion
  /// What was recorded can't be read.
  case unreadableRecord
  /// The output is not what was recorded, or is gone.
  case changedOutput
  /// Output, input, masks and settings are as recorded.
  case done
  /// The same, of an input that is damaged: the output holds what could be restored of it.
  case damagedInput(String)
  /// An output is there that nothing is recorded of.
  case foreign

  public var text: String {
    switch self {
    case .new: "new"
    case .incomplete(let windows):
      windows == 1 ? "incomplete (1 window is solved)" : "incomplete (\(windows) windows are solved)"
    case .changedSettings: "changed settings"
    case .changedInput: "changed input"
    case .changedMask: "changed mask"
    case .changedVersion: "another version of the tool made the output"
    case .unreadableRecord: "what was recorded of the output can't be read"
    case .changedOutput: "the output is gone or was changed"
    case .done: "done"
    case .damagedInput(let damage): "\(damage); nothing changed since"
    case .foreign: "an output that no run recorded is there"
    }
  }
}

extension TaskState {
  /// Whether there is nothing left to do.
  var isComplete: Bool {
    switch self {
    case .done, .damagedInput: true
    default: false
    }
  }
}

/// A task beside what is recorded of it.
struct TaskInspection {
  var state: TaskState
  /// What to record when the task begins: no result yet.
  var record: Journal.Record

  /// Reads all that the task depends on.
  ///
  /// - Throws: `JobError` where an input or a mask can't be read.
  init(_ task: BatchTask, journal: Journal, isCancelled: () -> Bool = { false }) throws {
    let job = task.restore
    var status = stat()
    if stat(job.input, &status) == 0, [S_IFIFO, S_IFSOCK, S_IFCHR].contains(status.st_mode & S_IFMT) {
      throw JobError(.input, "\(job.input) can be read only once: jobs need files")
    }
    let input = try ContentDigest(of: job.input, isCancelled: isCancelled)
    let mask = try job.masks.file.map { try ContentDigest(of: $0, isCancelled: isCancelled) }
    record = Journal.Record(
      output: job.output, input: job.input, tool: ToolVersion.current, inputHash: input.hash,
      maskHash: mask?.hash, settingsHash: try ResolvedSettings(job: job).digest)
    state = Self.state(
      of: job.output, record, journal.record(of: job.output), journal: journal, isCancelled: isCancelled)
  }

  private static func state(
    of output: String, _ wanted: Journal.Record, _ found: Journal.Record?, journal: Journal,
    isCancelled: () -> Bool
  ) -> TaskState {
    guard let found else {
      // Only a run of ours writes a record, whatever became of it.
      if journal.owns(output) { return .unreadableRecord }
      return FileManager.default.fileExists(atPath: output) ? .foreign : .new
    }
    if found.tool != wanted.tool { return .changedVersion }
    if found.settingsHash != wanted.settingsHash { return .changedSettings }
    if found.inputHash != wanted.inputHash { return .changedInput }
    if found.maskHash != wanted.maskHash { return .changedMask }
    guard let result = found.result else {
      return .incomplete(windows: FileSolutionStore(folder: journal.windows(of: output)).count)
    }
    guard let now = try? ContentDigest(of: output, isCancelled: isCancelled),
      now.size == result.size, now.hash == result.hash
    else { return .changedOutput }
    return result.damage.map { .damagedInput($0) } ?? .done
  }
}
