import Foundation

/// Files that are being written: their hidden names beside the finished ones, and whether a process still writes them.
///
/// A name says which process of which machine writes the file, and that process holds the file's lock (`flock`) while it
/// writes. The lock ends with the process, however it ends. Locks may not be shared between machines: then the machine's
/// name says that the file is another's.
public enum UnfinishedFile {
  /// The process that writes, or has written, a file.
  public struct Writer: Sendable, Equatable {
    public var process: Int32
    public var machine: String

    /// What messages call it.
    public var text: String { "process \(process) on \(machine)" }
  }

  /// The unfinished files of an output that were there before.
  public struct Others: Sendable {
    /// The processes that write the same output now.
    public var writers: [Writer] = []
    /// Paths that no process wrote any more; they have been removed.
    public var removed: [String] = []
    /// Paths from another machine, whose processes can't be seen from here.
    public var doubtful: [(path: String, writer: Writer)] = []
  }

  /// This machine's name, with characters only that are safe in names of files.
  static let machine: String = {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
    let letters = name.prefix { $0 != 0 }.prefix(40).map { byte -> Character in
      let scalar = Unicode.Scalar(UInt8(bitPattern: byte))
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain ? Character(scalar) : "-"
    }
    return letters.isEmpty ? "unknown" : String(letters)
  }()

  /// The end of a hidden name: `MACHINE.PROCESS-NUMBER.partial`.
  public static func mark(number: Int) -> String { "\(machine).\(getpid())-\(number).partial" }

  /// Held while a file is made, and for good once the process ends at once.
  private static let gate = NSLock()

  /// Makes or opens an unfinished file by `make`. Where the process ends meanwhile, `make` isn't called and the call does
  /// not return: files made after the others are removed would be left.
  public static func making<Made>(_ make: () throws -> Made) rethrows -> Made {
    try gate.withLock(make)
  }

  /// Ends the process at once, with its unfinished files beside `outputs` removed as far as possible.
  public static func endProcess(status: Int32, outputs: [String]) -> Never {
    // A file system that hangs may hold up another thread's file: the end waits for it a second.
    _ = gate.lock(before: Date(timeIntervalSinceNow: 1))
    for output in outputs { removeOurs(beside: output) }
    _exit(status)
  }

  static func removeOurs(beside output: String) {
    let folder = OutputFile.split(OutputFile.target(of: output)).folder
    for name in OutputFile.names(in: folder) {
      guard let writer = writer(of: name), writer.process == getpid(), writer.machine == machine else {
        continue
      }
      _ = remove(folder + name)
    }
  }

  /// The beginning of the hidden name of a file, which is the same for the same file. Long names are cut, and told apart
  /// by a hash, so that the whole is no longer than file systems allow.
  static func prefix(for name: some StringProtocol) -> String {
    if name.utf8.count <= 100 { return ".\(name)." }
    var start = String(name.prefix(80))
    while start.utf8.count > 80 { start.removeLast() }
    // FNV-1a: the same in every process.
    let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return ".\(start)~\(String(hash, radix: 16))."
  }

  /// The beginning of the hidden names of small files, which are written within moments.
  public static let commonPrefix = ".inrr-video."

  /// Takes a file's lock for as long as the descriptor is open, on file systems that have locks.
  public static func lock(_ descriptor: Int32) {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EINTR {}
  }

  /// Finds the unfinished files beside an output, and removes those that no process writes any more.
  public static func inspect(beside output: String) -> Others {
    let (folder, name) = OutputFile.split(OutputFile.target(of: output))
    let stem = OutputFile.stemAndSuffix(name).stem
    var others = Others()
    for found in OutputFile.names(in: folder) {
      let isSame = found.hasPrefix(prefix(for: stem))
      guard isSame || found.hasPrefix(commonPrefix), let writer = writer(of: found) else { continue }
      let path = folder + found
      switch state(of: path, writer, isSame: isSame) {
      case .written: if isSame && isSameSuffix(found, name) { others.writers.append(writer) }
      case .left: if remove(path) { others.removed.append(path) }
      case .unknown: if isSame { others.doubtful.append((path, writer)) }
      }
    }
    return others
  }

  /// Whether an unfinished file's name ends as its output's does: `film.mkv` is not `film.mp4`.
  private static func isSameSuffix(_ found: String, _ name: String) -> Bool {
    guard let end = found.range(of: ".partial", options: .backwards) else { return false }
    let suffix = found[end.upperBound...]
    return suffix.isEmpty || suffix == OutputFile.stemAndSuffix(name).suffix
  }

  /// The process that a hidden name says; nil for other names.
  static func writer(of name: String) -> Writer? {
    guard name.hasPrefix("."),
      let match = name.firstMatch(of: /\.([A-Za-z0-9-]{1,40})\.([0-9]{1,9})-[0-9A-F-]+\.partial(\.[^\/]*)?$/),
      let process = Int32(match.2), process > 0
    else { return nil }
    return Writer(process: process, machine: String(match.1))
  }

  private enum State { case written, left, unknown }

  /// Seconds after which a file without a lock is not a new one whose lock is still to be taken.
  private static let settled = 60

  /// - Parameter isSame: whether the file belongs to the output that is asked about.
  private static func state(of path: String, _ writer: Writer, isSame: Bool) -> State {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { return .unknown }
    defer { close(descriptor) }
    let isFree = flock(descriptor, LOCK_EX | LOCK_NB) == 0
    if !isFree && errno == EWOULDBLOCK { return .written }
    if writer.machine != machine { return .unknown }
    // The first process of a restarted container has the same number as before, and this one writes nothing there yet.
    if isFree && isSame && writer.process == getpid() { return .left }
    // The process has ended, or is one of another container of this machine, which would hold the lock.
    if kill(writer.process, 0) != 0 && errno == ESRCH { return .left }
    // Another process has the number now, or the writer is about to take the lock.
    var status = stat()
    guard isFree, fstat(descriptor, &status) == 0 else { return .unknown }
    #if canImport(Glibc)
      let changed = status.st_mtim.tv_sec
    #else
      let changed = status.st_mtimespec.tv_sec
    #endif
    return time(nil) &- changed > settled ? .left : .written
  }

  /// Removes a file, or the folder of a sequence of images.
  static func remove(_ path: String) -> Bool {
    if unlink(path) == 0 { return true }
    guard errno == EISDIR || errno == EPERM else { return false }
    // Another thread may add an image meanwhile.
    for _ in 0..<5 {
      for name in OutputFile.names(in: path) { unlink("\(path)/\(name)") }
      if rmdir(path) == 0 { return true }
    }
    return false
  }
}
