import CVectorMath
import Foundation

/// The plain twin of the block transform: orthonormal cosine transforms as they are defined, one line of samples after
/// the other, in ordinary Swift.
struct PlainThresholding {
  /// Row k holds basis function k, for 8 and for 16 points.
  private let eight = Self.basis(8)
  private let sixteen = Self.basis(16)
  private static let depth = 8
  private static let size = depth * 256

  private static func basis(_ n: Int) -> [Float] {
    (0..<n * n).map { i in
      let (k, x) = (Double(i / n), Double(i % n))
      return Float(
        (Double(i < n ? 1 : 2) / Double(n)).squareRoot() * cos(Double.pi * (x + 0.5) * k / Double(n)))
    }
  }

  /// Adds one whole tiling of blocks of 8 frames to `sums`, as `blocks_row` does for every row, channel by channel.
  ///
  /// Returns the number of blocks.
  @discardableResult
  func addTiling(_ s: block_tiling) -> Int {
    precondition(
      s.depth == 8 && s.opponent == 0, "the plain twin knows blocks of 8 frames in plain colours only")
    let (frames, height, width) = (Int(s.frames), Int(s.height), Int(s.width))
    var block = [Float](repeating: 0, count: Self.size)
    var blocks = 0
    for t0 in stride(from: -Int(s.shift_t), to: frames, by: Self.depth) {
      for y0 in stride(from: -Int(s.shift_y), to: height, by: 16) {
        for x0 in stride(from: -Int(s.shift_x), to: width, by: 16) {
          if !hasUnknown(s, t0, y0, x0) { continue }
          blocks += Int(s.channels)
          for c in 0..<Int(s.channels) { threshold(s, channel: c, t0, y0, x0, &block) }
        }
      }
    }
    return blocks
  }

  private func hasUnknown(_ s: block_tiling, _ t0: Int, _ y0: Int, _ x0: Int) -> Bool {
    let (frames, height, width) = (Int(s.frames), Int(s.height), Int(s.width))
    for c in 0..<Int(s.channels) {
      for t in max(t0, 0)..<min(t0 + Self.depth, frames) {
        for y in max(y0, 0)..<min(y0 + 16, height) {
          let row = c * Int(s.channel_stride) + (t * height + y) * width
          for x in max(x0, 0)..<min(x0 + 16, width) where s.states[row + x] != 1 { return true }
        }
      }
    }
    return false
  }

  private func threshold(
    _ s: block_tiling, channel: Int, _ t0: Int, _ y0: Int, _ x0: Int, _ block: inout [Float]
  ) {
    let (frames, height, width) = (Int(s.frames), Int(s.height), Int(s.width))
    let start = channel * Int(s.channel_stride)
    for i in 0..<Self.size {
      let t = min(max(t0 + i / 256, 0), frames - 1)
      let y = min(max(y0 + i / 16 % 16, 0), height - 1)
      let x = min(max(x0 + i % 16, 0), width - 1)
      block[i] = s.values[start + (t * height + y) * width + x]
    }
    transform(&block, inverse: false)
    for i in 1..<Self.size where abs(block[i]) <= s.threshold { block[i] = 0 }
    transform(&block, inverse: true)
    for i in 0..<Self.size {
      let (t, y, x) = (t0 + i / 256, y0 + i / 16 % 16, x0 + i % 16)
      if t < 0 || t >= frames || y < 0 || y >= height || x < 0 || x >= width { continue }
      s.sums[start + (t * height + y) * width + x] += block[i]
    }
  }

  private func transform(_ block: inout [Float], inverse: Bool) {
    for (count, stride) in [(16, 1), (16, 16), (8, 256)] {
      let basis = count == 8 ? eight : sixteen
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { line in
        for start in 0..<Self.size where start / stride % count == 0 {
          for i in 0..<count { line[i] = block[start + i * stride] }
          for k in 0..<count {
            var sum: Float = 0
            for i in 0..<count { sum += line[i] * basis[inverse ? i * count + k : k * count + i] }
            block[start + k * stride] = sum
          }
        }
      }
    }
  }
}
