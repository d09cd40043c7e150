/// An axis of a signal.
public enum Axis: Int, Sendable, CaseIterable {
  case row, column, time

  /// As reports and settings spell it.
  public var name: String {
    switch self {
    case .row: "row"
    case .column: "column"
    case .time: "time"
    }
  }
}
