/// The state in which an earlier run left a task.
public enum TaskState: Sendable, Equatable {
  /// There is no record and no output.
  case new
  /// Begun and not finished, with so many windows solved.
  case incomplete(windows: Int)
  case changedSettings
  case changedInput
  case changedMask
  /// Another version of the tool made the output.
  case changedVersion
  /// The record can't be read.
  case unreadableRecord
  /// The output was changed or removed.
  case changedOutput
  /// Output, input, masks and settings are as recorded.
  case done
  /// As `done`, but the input is damaged, and only a part of it could be restored; with a sentence about the damage.
  case damagedInput(String)
  /// There is an output without a record.
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

  var isComplete: Bool {
    switch self {
    case .done, .damagedInput: true
    default: false
    }
  }
}
