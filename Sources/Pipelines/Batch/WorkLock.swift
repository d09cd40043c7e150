import Foundation

/// Holds a work folder, so that two runs do not do the same work twice: one run or merge at a time, or any number of
/// shards of plans.
///
/// The system's lock (`flock`) goes with the process, however that ends: there are no stale ones. Owns the open file
/// and closes it once.
final class WorkLock {
  enum Kind: Sendable {
    /// By a run or a merge, alone.
    case alone
    /// By a shard, beside other shards.
    case shared
  }

  private let descriptor: Int32

  /// - Parameters:
  ///   - folder: the work folder, which is made where it is not there.
  ///   - purpose: what the holder does, for the one that comes second.
  ///   - remedy: what that one is told to do.
  /// - Throws: `JobError` of kind `.tryAgain` that names who holds it, or `.output`.
  init(
    _ kind: Kind, folder: String, purpose: String,
    remedy: String = "wait for it to end, or set run.work to another folder"
  ) throws {
    try Folders.make(folder)
    let path = "\(folder)/lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      throw JobError(.output, "\(path) can't be written: \(String(cString: strerror(errno)))")
    }
    self.descriptor = descriptor
    var code: Int32
    repeat {
      code = flock(descriptor, (kind == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 ? 0 : errno
    } while code == EINTR
    if code == EWOULDBLOCK {
      throw JobError(
        .tryAgain,
        "the work folder \(folder) is in use by \(Self.holder(descriptor)): \(remedy)")
    }
    // Some file systems of networks have no locks; doing work twice is harmless, only slow.
    if code == 0 { note(purpose) }
  }

  deinit { close(descriptor) }

  /// Writes down who holds the lock.
  private func note(_ purpose: String) {
    var name = [CChar](repeating: 0, count: 256)
    // Not ProcessInfo's, which may ask the network.
    let isNamed = gethostname(&name, name.count - 1) == 0
    let letters = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let host = isNamed ? String(decoding: letters, as: UTF8.self) : "an unknown host"
    let line = "process \(ProcessInfo.processInfo.processIdentifier) on \(host) (\(purpose))\n"
    if ftruncate(descriptor, 0) != 0 { return }
    Data(line.utf8).withUnsafeBytes { bytes in
      // Only words for people: the lock holds without them.
      _ = pwrite(descriptor, bytes.baseAddress, bytes.count, 0)
    }
  }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    let line = text.split(separator: "\n").first.map(String.init) ?? ""
    return line.isEmpty ? "another process" : line
  }
}
