/// Sixteen frames of a pixel, so that a processor reckons with several at once.
typealias FrameLanes = SIMD16<Float>

extension PlaceSamples {
  /// How many times sixteen frames there are, the last of them in part.
  var chunks: Int { (frames + FrameLanes.scalarCount - 1) / FrameLanes.scalarCount }

  /// Ones where a chunk has frames, zeros beyond them.
  func isFrame(_ chunk: Int) -> FrameLanes {
    FrameLanes(repeating: 1).keeping(frames - chunk * FrameLanes.scalarCount)
  }
}

extension FrameLanes {
  private static let places = FrameLanes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

  /// The first ones, and zeros.
  @inline(__always)
  func keeping(_ count: Int) -> FrameLanes {
    replacing(with: FrameLanes(), where: Self.places .>= Float(count))
  }
}

/// Values of each pixel and frame as `PlaceSamples.values`, read by sixteen frames.
struct FrameValues {
  private let values: UnsafeBufferPointer<Float>
  private let frames: Int

  init(_ values: UnsafeBufferPointer<Float>, frames: Int) { (self.values, self.frames) = (values, frames) }

  /// Of a pixel and a chunk; zero beyond the last frame.
  @inline(__always)
  subscript(i: Int, chunk: Int) -> FrameLanes {
    let left = frames - chunk * FrameLanes.scalarCount
    let start = i * frames + chunk * FrameLanes.scalarCount
    // All but the last pixel have others behind them, so that sixteen can be read all the same.
    if start + FrameLanes.scalarCount > values.count { return last(start, count: left) }
    precondition(start >= 0, "there is no such pixel")
    let lanes = UnsafeRawBufferPointer(values).loadUnaligned(
      fromByteOffset: start * MemoryLayout<Float>.stride, as: FrameLanes.self)
    return left < FrameLanes.scalarCount ? lanes.keeping(left) : lanes
  }

  @inline(never)
  private func last(_ start: Int, count: Int) -> FrameLanes {
    var lanes = FrameLanes()
    for k in 0..<min(FrameLanes.scalarCount, max(0, count)) { lanes[k] = values[start + k] }
    return lanes
  }
}

extension [Float] {
  /// Lends values of each pixel and frame to `body`.
  func withFrames<Value>(_ frames: Int, _ body: (FrameValues) throws -> Value) rethrows -> Value {
    try withUnsafeBufferPointer { try body(FrameValues($0, frames: frames)) }
  }
}
