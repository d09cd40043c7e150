import Foundation
import Pipelines

/// Messages on standard error, a line each.
enum Console {
  static let name = "inrr-video"

  static func error(_ sentence: String) { line("\(name): error: \(sentence)") }

  static func warning(_ sentence: String) { line("\(name): warning: \(sentence)") }

  static func note(_ sentence: String) { line("\(name): \(sentence)") }

  /// Writes a line, which may hold text from files.
  static func line(_ text: String) { write(MessageText.tidied(text) + "\n") }

  /// Writes text as it is, with characters that control the terminal. A closed standard error is no reason to stop.
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  /// Opens standard descriptors that the parent closed. Otherwise a video file could get the descriptor of standard output or
  /// error, and messages would be written into it.
  static func occupyStandardDescriptors() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) == -1 {
      // `open` takes the lowest free descriptor, which is this one.
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

/// Takes the standard library's place in this module, so that text from files does not control the terminal.
func print(_ text: String) { Swift.print(MessageText.escaped(text)) }
