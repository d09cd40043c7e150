import Dispatch
import Synchronization

/// Hashes of the inputs of a plan: each is made once, however many jobs an input has.
final class InputHashes: Sendable {
  private final class Entry: Sendable {
    let digest = Mutex<ContentDigest?>(nil)
    /// Entered until its owner is done.
    let work = DispatchGroup()
  }

  private let entries = Mutex<[String: Entry]>([:])

  /// Has an input's hash be made while the input is read: by this call, or by another that reads the same input.
  ///
  /// - Parameters:
  ///   - read: reads the input, and tells again and again how many of its bytes it has read.
  /// - Returns: the hash of all of the input.
  /// - Throws: what `read` throws; else `JobError` of kind `.input`, or `.tryAgain` where the disk failed.
  func digest(
    of input: String, isCancelled: () -> Bool, while read: (@escaping (Int) -> Void) throws -> Void
  ) throws -> ContentDigest {
    let (entry, isOwned) = entries.withLock { entries in
      if let entry = entries[input] { return (entry, false) }
      let entry = Entry()
      entry.work.enter()
      entries[input] = entry
      return (entry, true)
    }
    defer { if isOwned { entry.work.leave() } }
    if !isOwned {
      try read { _ in }
      // The owner is at work on another thread, and waits for nobody.
      entry.work.wait()
      if let digest = entry.digest.withLock({ $0 }) { return digest }
      return try ContentDigest(of: input, isCancelled: isCancelled)
    }
    let hash = try TrailingHash(of: input)
    try read { hash.follow(to: $0) }
    let digest = try hash.finish(isCancelled: isCancelled)
    entry.digest.withLock { $0 = digest }
    return digest
  }
}
