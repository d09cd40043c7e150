import Foundation

/// Locks a work folder for one run or merge, or for any number of shards, so that no work is done twice.
///
/// The system's lock (`flock`) ends with the process, so that no lock is left behind. Owns the open file and closes it once.
final class WorkLock {
  enum Kind: Sendable {
    /// By a run or a merge, alone.
    case alone
    /// By a shard, beside other shards.
    case shared
  }

  private let descriptor: Int32

  /// - Parameters:
  ///   - folder: the work folder; made if it does not exist.
  ///   - purpose: what the holder does, for the message of a process that finds the folder locked.
  ///   - remedy: what that message advises.
  /// - Throws: `JobError` of kind `.tryAgain` that names who holds it, `.configuration` for a folder of a user who is not
  ///   trusted, or `.output`.
  init(
    _ kind: Kind, folder: String, purpose: String,
    remedy: String = "wait for it to end, or set run.work to another folder"
  ) throws {
    try AtomicFile.makeFolder(folder)
    try FileOwner.check(folder, "a work folder", advice: "use one of your own (run.work, or another output)")
    let path = "\(folder)/lock"
    // A link could lead to any file, which would be written over.
    let descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
    if descriptor < 0 {
      throw JobError.output("\(path) can't be written: \(String(cString: strerror(errno)))")
    }
    self.descriptor = descriptor
    var code: Int32
    repeat {
      code = flock(descriptor, (kind == .alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 ? 0 : errno
    } while code == EINTR
    if code == EWOULDBLOCK {
      throw JobError.tryAgain("the work folder \(folder) is in use by \(Self.holder(descriptor)): \(remedy)")
    }
    // Some network file systems have no locks. Work that is done twice is slow, but harmless.
    if code == 0 { note(purpose) }
  }

  deinit { close(descriptor) }

  /// Writes down who holds the lock.
  private func note(_ purpose: String) {
    var name = [CChar](repeating: 0, count: 256)
    // ProcessInfo's host name may ask the network.
    let isNamed = gethostname(&name, name.count - 1) == 0
    let letters = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    let host = isNamed ? String(decoding: letters, as: UTF8.self) : "an unknown host"
    let line = "process \(ProcessInfo.processInfo.processIdentifier) on \(host) (\(purpose))\n"
    if ftruncate(descriptor, 0) != 0 { return }
    Data(line.utf8).withUnsafeBytes { bytes in
      // Only for the message: the lock holds without it.
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
