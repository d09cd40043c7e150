import Foundation

/// Notices files that change while a job reads them: the output would be of two versions.
struct ReadFiles {
  /// Device, number, size and time of change.
  private typealias State = [Int64]

  private let states: [(path: String, state: State)]

  init(_ paths: [String?]) {
    states = paths.compactMap { path in path.flatMap { path in Self.state(of: path).map { (path, $0) } } }
  }

  /// Nil for patterns, and for everything but regular files.
  private static func state(of path: String) -> State? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    #if canImport(Glibc)
      let time = status.st_mtim
    #else
      let time = status.st_mtimespec
    #endif
    return [
      Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
      Int64(truncatingIfNeeded: status.st_size), Int64(time.tv_sec), Int64(time.tv_nsec),
    ]
  }

  /// A sentence about the first file that has changed; nil where none has.
  var change: String? {
    states.first { Self.state(of: $0.path) != $0.state }.map {
      "\($0.path) changed while it was read: the output may be of two versions of it"
    }
  }
}
