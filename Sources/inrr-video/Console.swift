import Foundation

/// What people read: standard error, one line at a time.
enum Console {
  static let name = "inrr-video"

  static func error(_ sentence: String) { write("\(name): error: \(sentence)\n") }

  static func warning(_ sentence: String) { write("\(name): warning: \(sentence)\n") }

  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Characters in a line of the terminal.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
