import Foundation

/// `-` as a path: standard input where something is read, standard output where something is written.
public enum StandardStream {
  public static let path = "-"

  /// Whether a path exists and can't be opened a second time from its beginning: a pipe, or standard input that is one.
  public static func isReadOnce(_ path: String) -> Bool {
    if path.hasPrefix("pipe:") { return true }
    var status = stat()
    let exists = path == Self.path ? fstat(STDIN_FILENO, &status) == 0 : stat(path, &status) == 0
    return exists && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// The URL of standard input for FFmpeg: the file itself where the shell redirected one, which can be read twice.
  static var inputURL: String { isReadOnce(path) ? "pipe:0" : "file:/dev/stdin" }
  static let outputURL = "pipe:1"

  /// What messages call an input.
  static func inputName(_ path: String) -> String { path == Self.path ? "standard input" : path }

  /// What messages call an output.
  static func outputName(_ path: String) -> String { path == Self.path ? "standard output" : path }
}
