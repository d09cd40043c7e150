/// The samples of one plane of a frame, row by row without padding: a byte each where the bit depth is 8 or less, else 16
/// bits.
public enum SamplePlane: Sendable, Equatable {
  case bytes([UInt8])
  case words([UInt16])

  /// - Parameter samples: 0 ... 2^bitDepth - 1; where they are kept in bytes, what is above 255 becomes that.
  public init(_ samples: [UInt16], bitDepth: Int) {
    if bitDepth > 8 { self = .words(samples) } else { self = .bytes(samples.map { UInt8(clamping: $0) }) }
  }

  public init(repeating value: UInt16, count: Int, bitDepth: Int) {
    if bitDepth > 8 {
      self = .words(Array(repeating: value, count: count))
    } else {
      self = .bytes(Array(repeating: UInt8(clamping: value), count: count))
    }
  }

  /// All samples with 16 bits.
  public var words: [UInt16] {
    switch self {
    case .bytes(let samples): samples.map { UInt16($0) }
    case .words(let samples): samples
    }
  }

  public func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let samples): try samples.withUnsafeBytes(body)
    case .words(let samples): try samples.withUnsafeBytes(body)
    }
  }

  /// Calls `body` with what reads samples faster than the subscript, in loops.
  @inlinable @inline(__always)
  public func withView<Result>(_ body: (SampleView) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let samples):
      try samples.withUnsafeBytes { try body(SampleView($0, areWords: false)) }
    case .words(let samples):
      try samples.withUnsafeBytes { try body(SampleView($0, areWords: true)) }
    }
  }
}

extension SamplePlane {
  /// The plane whose row `y` is this one's row `row(y)`.
  func rearranged(width: Int, row: (Int) -> Int) -> SamplePlane {
    func moved<Sample>(_ samples: [Sample]) -> [Sample] {
      var result = samples
      for y in 0..<(width > 0 ? samples.count / width : 0) {
        let from = row(y) * width
        result.replaceSubrange(y * width..<(y + 1) * width, with: samples[from..<from + width])
      }
      return result
    }
    switch self {
    case .bytes(let samples): return .bytes(moved(samples))
    case .words(let samples): return .words(moved(samples))
    }
  }
}

extension SamplePlane: RandomAccessCollection, MutableCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int {
    switch self {
    case .bytes(let samples): samples.count
    case .words(let samples): samples.count
    }
  }

  public subscript(i: Int) -> UInt16 {
    get {
      switch self {
      case .bytes(let samples): UInt16(samples[i])
      case .words(let samples): samples[i]
      }
    }
    set {
      // Emptied before it is changed, or the array would have two owners and be copied.
      switch self {
      case .bytes(var samples):
        self = .bytes([])
        samples[i] = UInt8(clamping: newValue)
        self = .bytes(samples)
      case .words(var samples):
        self = .words([])
        samples[i] = newValue
        self = .words(samples)
      }
    }
  }
}

/// Samples of a plane, valid within the call that was given it.
public struct SampleView {
  /// A byte for each sample, or two.
  @usableFromInline let memory: UnsafeRawBufferPointer
  @usableFromInline let areWords: Bool

  @inlinable
  init(_ memory: UnsafeRawBufferPointer, areWords: Bool) {
    (self.memory, self.areWords) = (memory, areWords)
  }

  /// The samples where each takes a byte, else nil.
  @inlinable public var bytes: UnsafeRawBufferPointer? { areWords ? nil : memory }

  @inlinable public var count: Int { areWords ? memory.count / 2 : memory.count }

  @inlinable @inline(__always)
  public subscript(i: Int) -> UInt16 {
    areWords ? memory.load(fromByteOffset: 2 * i, as: UInt16.self) : UInt16(memory[i])
  }
}
