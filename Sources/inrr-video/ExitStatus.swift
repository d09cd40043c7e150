import Pipelines

/// An exit code that scripts rely on. Thrown where the message has been printed already.
struct ExitStatus: Error, Equatable {
  var code: Int32

  static let someFailed = ExitStatus(code: 1)
  static let configuration = ExitStatus(code: 2)
  static let input = ExitStatus(code: 3)
  static let output = ExitStatus(code: 4)
  /// EX_TEMPFAIL of sysexits.h.
  static let tryAgain = ExitStatus(code: 75)

  /// Stopped by a signal: 128 and its number, as in shells.
  static func stopped(by signal: Int32) -> ExitStatus { ExitStatus(code: 128 + signal) }
}

extension ExitStatus {
  init(_ kind: JobError.Kind) {
    // Jobs are cancelled by signals; without one it counts as an interrupt.
    self = kind == .cancelled ? .stopped(by: StopSignals.received ?? 2) : ExitStatus(code: kind.exitCode)
  }
}
