internal import CFFmpeg

/// MurmurHash3 (x64, 128 bits) of bytes that come piece by piece, as libavutil computes it: many times as fast as
/// `ContentHash`, and as good against accidents, but not against somebody who looks for two contents of one hash.
///
/// Owns libavutil's state and frees it once.
final class SampleHash {
  private let state: OpaquePointer

  init() {
    // Some dozens of bytes. Without them Swift's own allocations would end the process too.
    guard let state = av_murmur3_alloc() else { fatalError("there is no memory for the state of a hash") }
    av_murmur3_init(state)
    self.state = state
  }

  deinit { av_free(UnsafeMutableRawPointer(state)) }

  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    av_murmur3_update(state, base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  /// The 16 bytes of the hash. Nothing can be added after it.
  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 16)
    av_murmur3_final(state, &digest)
    return digest
  }
}
