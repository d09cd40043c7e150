/// Bytes of a file or of its voxels, in one piece of memory that all copies of a volume share.
///
/// Unchecked because the compiler can't see the rule that makes it safe: while one thread writes, no other one reads.
public final class VoxelBuffer: @unchecked Sendable {
  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  public private(set) var count: Int

  /// An empty buffer with room for `capacity` bytes.
  init(capacity: Int = 0) {
    self.capacity = max(capacity, 64)
    memory = .allocate(byteCount: self.capacity, alignment: 16)
    count = 0
  }

  /// Zeros.
  convenience init(zeros count: Int) {
    self.init(capacity: count)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: count)
    self.count = count
  }

  /// Some bytes, zeros, and some bytes more.
  convenience init(_ head: [UInt8], zeros: Int, _ tail: [UInt8]) {
    self.init(zeros: head.count + zeros + tail.count)
    head.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { memory.copyMemory(from: start, byteCount: bytes.count) }
    }
    tail.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress {
        (memory + head.count + zeros).copyMemory(from: start, byteCount: bytes.count)
      }
    }
  }

  deinit { memory.deallocate() }

  /// Appends up to `room` bytes, which `fill` writes; it returns how many there are.
  func append(room: Int, _ fill: (UnsafeMutableRawBufferPointer) throws -> Int) rethrows {
    if count + room > capacity {
      capacity = max(count + room, capacity + capacity / 2)
      let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
      larger.copyMemory(from: memory, byteCount: count)
      memory.deallocate()
      memory = larger
    }
    let added = try fill(UnsafeMutableRawBufferPointer(start: memory + count, count: room))
    precondition((0...room).contains(added), "more bytes than there was room for")
    count += added
  }

  /// Adds the bytes of another buffer.
  func append(_ other: VoxelBuffer) {
    if other.count == 0 { return }
    append(room: other.count) { target in
      other.withUnsafeBytes { target.copyMemory(from: $0) }
      return other.count
    }
  }

  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(start: memory, count: count))
  }

  func withUnsafeMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows
    -> Result
  {
    try body(UnsafeMutableRawBufferPointer(start: memory, count: count))
  }

  /// A copy of some bytes.
  func bytes(_ range: Range<Int>) -> [UInt8] {
    withUnsafeBytes { Array($0[range]) }
  }
}
