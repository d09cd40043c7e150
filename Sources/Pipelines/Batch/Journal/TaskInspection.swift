import Foundation

/// A task compared with its record.
struct TaskInspection {
  var state: TaskState
  /// The record of the task when it begins, without a result.
  var record: Journal.Record

  /// Reads everything that the task depends on, but for what a plan knows of it.
  ///
  /// - Throws: `JobError` where an input or a mask can't be read.
  init(_ task: BatchTask, journal: Journal, isCancelled: () -> Bool = { false }) throws {
    record = try task.planned?.record ?? Self.record(of: task, isCancelled: isCancelled)
    let output = task.restore.output
    state = Self.state(
      of: output, record, journal.record(of: output), journal: journal, isCancelled: isCancelled)
  }

  /// Reads everything that the task depends on.
  ///
  /// - Throws: `JobError` where an input or a mask can't be read.
  static func record(of task: BatchTask, isCancelled: () -> Bool = { false }) throws -> Journal.Record {
    try checkInput(of: task)
    let input = try ContentDigest(of: task.restore.input, isCancelled: isCancelled)
    return try record(of: task, inputHash: input.hash, isCancelled: isCancelled)
  }

  /// - Throws: `JobError` for an input that can be read only once.
  static func checkInput(of task: BatchTask) throws {
    let input = task.restore.input
    var status = stat()
    if stat(input, &status) == 0, [S_IFIFO, S_IFSOCK, S_IFCHR].contains(status.st_mode & S_IFMT) {
      throw JobError.input("\(input) can be read only once: jobs need files")
    }
  }

  /// Reads everything that the task depends on but its input.
  ///
  /// - Throws: `JobError` where a mask can't be read.
  static func record(
    of task: BatchTask, inputHash: String, isCancelled: () -> Bool = { false }
  ) throws -> Journal.Record {
    let job = task.restore
    let mask = try job.masks.file.map { try ContentDigest(of: $0, isCancelled: isCancelled).hash }
    let kept = try job.masks.keptFile.map { try ContentDigest(of: $0, isCancelled: isCancelled).hash }
    var hash = kept.map { "\(mask ?? "none"), kept \($0)" } ?? mask
    for key in job.masks.tracks {
      let followed = try ContentDigest(of: key.file, isCancelled: isCancelled).hash
      hash = "\(hash ?? "none"), followed \(followed)"
    }
    if let file = job.masks.overlay.file {
      let overlay = try ContentDigest(of: file, isCancelled: isCancelled).hash
      hash = "\(hash ?? "none"), overlay \(overlay)"
    }
    return Journal.Record(
      output: job.output, input: job.input, tool: ToolVersion.current, inputHash: inputHash,
      maskHash: hash,
      settingsHash: try ResolvedSettings(job: job).digest)
  }

  private static func state(
    of output: String, _ wanted: Journal.Record, _ found: Journal.Record?, journal: Journal,
    isCancelled: () -> Bool
  ) -> TaskState {
    guard let found else {
      // A record that exists and can't be read.
      if journal.owns(output) { return .unreadableRecord }
      return FileManager.default.fileExists(atPath: output) ? .foreign : .new
    }
    if found.tool != wanted.tool { return .changedVersion }
    if found.settingsHash != wanted.settingsHash { return .changedSettings }
    if found.inputHash != wanted.inputHash { return .changedInput }
    if found.maskHash != wanted.maskHash { return .changedMask }
    guard let result = found.result else {
      return .incomplete(windows: journal.windows(of: output).count)
    }
    guard let now = try? ContentDigest(of: output, isCancelled: isCancelled),
      now.size == result.size, now.hash == result.hash
    else { return .changedOutput }
    return result.damage.map { .damagedInput($0) } ?? .done
  }
}
