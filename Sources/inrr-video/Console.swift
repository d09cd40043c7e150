import Foundation
import Pipelines

/// What people read: standard error, one line at a time.
enum Console {
  static let name = "inrr-video"

  static func error(_ sentence: String) { line("\(name): error: \(sentence)") }

  static func warning(_ sentence: String) { line("\(name): warning: \(sentence)") }

  static func note(_ sentence: String) { line("\(name): \(sentence)") }

  /// Text that may quote files.
  static func line(_ text: String) { write(MessageText.tidied(text) + "\n") }

  /// As it is, with characters that control the terminal.
  ///
  /// A closed standard error is no reason to stop: whoever closed it does not want to read.
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Opens what the parent left closed: a video file must not take the place of standard output or error, or
  /// messages would be written into it.
  static func occupyStandardDescriptors() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free descriptor is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Characters in a line of the terminal.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
