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
