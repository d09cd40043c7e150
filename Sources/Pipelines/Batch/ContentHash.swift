internal import CFFmpeg
import Media

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece, as libavutil computes it.
///
/// Owns libavutil's state and frees it once.
final class ContentHash {
  private let state: OpaquePointer

  init() {
    // Some hundred bytes: where they can't be had, Swift's own allocations end the process too.
    guard let state = av_sha_alloc(), av_sha_init(state, 256) == 0 else {
      fatalError("there is no memory for the state of a hash")
    }
    self.state = state
  }

  deinit { av_free(UnsafeMutableRawPointer(state)) }

  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    av_sha_update(state, base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  /// Adds a text and its end, so that two texts are not their concatenation.
  func add(_ text: String) { add(Array(text.utf8) + [0]) }

  /// Adds what is in a file, and gives its size in bytes.
  ///
  /// - Throws: `MediaError` of kind `.cannotRead`.
  @discardableResult
  func addFile(_ path: String) throws -> Int {
    guard let file = fopen(path, "rb") else {
      throw MediaError(.cannotRead, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var size = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
      if count == 0 { break }
      buffer.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      size += count
    }
    if ferror(file) != 0 {
      throw MediaError(.cannotRead, "\(path) can't be read to its end: check the disk it is on")
    }
    return size
  }

  /// The 32 bytes of the hash. Nothing can be added after it.
  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(state, &digest)
    return digest
  }

  /// The hash in 64 hexadecimal digits. Nothing can be added after it.
  func finishText() -> String { finish().hexadecimal }
}
