import Pipelines

/// An exit code that scripts rely on; thrown where everything has been said already.
struct ExitStatus: Error, Equatable {
  var code: Int32

  static let someFailed = ExitStatus(code: 1)
  static let configuration = ExitStatus(code: 2)
  static let input = ExitStatus(code: 3)
  static let output = ExitStatus(code: 4)
  /// EX_TEMPFAIL of sysexits.h.
  static let tryAgain = ExitStatus(code: 75)

  /// Stopped by a signal, as shells count it.
  static func stopped(by signal: Int32) -> ExitStatus { ExitStatus(code: 128 + signal) }
}

extension ExitStatus {
  init(_ kind: JobError.Kind) {
    // Only a signal cancels a job; without one to name it was an interrupt.
    self = kind == .cancelled ? .stopped(by: StopSignals.received ?? 2) : ExitStatus(code: kind.exitCode)
  }
}
