internal import CFFmpeg

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `-` as a path: standard input where something is read, standard output where something is written.
public enum StandardStream {
  public static let path = "-"

  /// Whether a path is there and can't be opened a second time from its beginning: a pipe, or standard input that is one.
  public static func isReadOnce(_ path: String) -> Bool {
    if path.hasPrefix("pipe:") { return true }
    var status = stat()
    let isThere = path == Self.path ? fstat(STDIN_FILENO, &status) == 0 : stat(path, &status) == 0
    return isThere && status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  /// What FFmpeg opens to read standard input: the file itself where a shell put one there, which can be sought.
  static var inputURL: String { isReadOnce(path) ? "pipe:0" : "file:/dev/stdin" }

  static let outputURL = "pipe:1"

  /// What messages call an input.
  static func inputName(_ path: String) -> String { path == Self.path ? "standard input" : path }

  /// What messages call an output.
  static func outputName(_ path: String) -> String { path == Self.path ? "standard output" : path }
}
