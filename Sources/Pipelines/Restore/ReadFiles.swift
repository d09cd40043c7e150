import Foundation

/// Files that a job reads, as they were when it began: one that is still being written, or is replaced meanwhile, would
/// make an output of two halves.
struct ReadFiles {
  private struct State: Equatable {
    var device: UInt64
    var number: UInt64
    var size: Int64
    var seconds: Int
    var nanoseconds: Int

    /// Nil for what is no regular file, and for patterns.
    init?(_ path: String) {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      #if canImport(Glibc)
        let time = status.st_mtim
      #else
        let time = status.st_mtimespec
      #endif
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
      size = Int64(truncatingIfNeeded: status.st_size)
      (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
    }
  }

  private let states: [(path: String, state: State)]

  init(_ paths: [String?]) {
    states = paths.compactMap { path in path.flatMap { path in State(path).map { (path, $0) } } }
  }

  /// What is to be said of the first file that is not what it was; nil where all are.
  var change: String? {
    states.first { State($0.path) != $0.state }.map {
      "\($0.path) changed while it was read: the output may be of two versions of it"
    }
  }
}
