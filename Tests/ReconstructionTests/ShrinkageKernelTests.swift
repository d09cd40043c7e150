import CVectorMath
import Foundation
import Kernels
import Testing

/// The block transform written out: orthonormal DCT-II by its definition, in double precision.
private enum PlainShrinkage {
  static func basis(_ n: Int) -> [[Double]] {
    (0..<n).map { k -> [Double] in
      let scale = (Double(k == 0 ? 1 : 2) / Double(n)).squareRoot()
      return (0..<n).map { i -> Double in scale * cos(Double.pi * (Double(i) + 0.5) * Double(k) / Double(n)) }
    }
  }

  /// Transforms the axis of `count` entries that lie `stride` apart; the inverse is the transpose.
  static func transform(_ x: inout [Double], count n: Int, stride: Int, inverse: Bool) {
    let d = basis(n)
    for start in x.indices where start / stride % n == 0 {
      let line = (0..<n).map { x[start + $0 * stride] }
      for k in 0..<n {
        x[start + k * stride] = (0..<n).reduce(0) { $0 + line[$1] * (inverse ? d[$1][k] : d[k][$1]) }
      }
    }
  }

  static let axes: [[Double]] = [[1.0, 1, 1], [1, 0, -1], [1, -2, 1]].map { axis -> [Double] in
    let length = axis.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return axis.map { $0 / length }
  }

  /// The sum over one whole tiling, for all channels; blocks of known samples are zero.
  static func tiling(_ s: shrink_tiling, values: [Float], states: [UInt8]) -> [Double] {
    let (frames, height, width) = (Int(s.frames), Int(s.height), Int(s.width))
    let depth = Int(s.depth)
    let volume = frames * height * width
    var result = [Double](repeating: 0, count: values.count)
    for t0 in stride(from: -Int(s.shift_t), to: frames, by: depth) {
      for y0 in stride(from: -Int(s.shift_y), to: height, by: 16) {
        for x0 in stride(from: -Int(s.shift_x), to: width, by: 16) {
          var unknown = false
          var blocks = (0..<Int(s.channels)).map { c in
            (0..<depth * 256).map { i -> Double in
              let (t, y, x) = (t0 + i / 256, y0 + i / 16 % 16, x0 + i % 16)
              let (ct, cy, cx) = (
                min(max(t, 0), frames - 1), min(max(y, 0), height - 1), min(max(x, 0), width - 1)
              )
              let j = c * volume + (ct * height + cy) * width + cx
              if (ct, cy, cx) == (t, y, x) && states[j] != 1 { unknown = true }
              return Double(values[j])
            }
          }
          if !unknown { continue }
          for c in blocks.indices {
            for (n, stride) in [(depth, 256), (16, 16), (16, 1)] {
              transform(&blocks[c], count: n, stride: stride, inverse: false)
            }
          }
          for i in 0..<depth * 256 {
            let x = blocks.map { $0[i] }
            let rotate = s.opponent != 0 && x.count == 3
            var u = rotate ? axes.map { a in zip(a, x).reduce(0) { $0 + $1.0 * $1.1 } } : x
            for k in u.indices where i > 0 && abs(u[k]) <= Double(s.threshold) { u[k] = 0 }
            for c in blocks.indices {
              blocks[c][i] = rotate ? (0..<3).reduce(0) { $0 + axes[$1][c] * u[$1] } : u[c]
            }
          }
          for c in blocks.indices {
            for (n, stride) in [(depth, 256), (16, 16), (16, 1)] {
              transform(&blocks[c], count: n, stride: stride, inverse: true)
            }
            for i in 0..<depth * 256 {
              let (t, y, x) = (t0 + i / 256, y0 + i / 16 % 16, x0 + i % 16)
              if t < 0 || t >= frames || y < 0 || y >= height || x < 0 || x >= width { continue }
              result[c * volume + (t * height + y) * width + x] += blocks[c][i]
            }
          }
        }
      }
    }
    return result
  }
}

@Suite("Transform shrinkage kernel")
struct ShrinkageKernelTests {
  @Test(
    "agrees with the transform written out, at every instruction set",
    arguments: [(8, 1, false), (16, 1, false), (8, 3, true), (8, 3, false)])
  func agreesWithPlain(depth: Int, channels: Int, opponent: Bool) throws {
    let (frames, height, width) = (9, 20, 35)
    var random = RandomSource(seed: 3)
    let volume = frames * height * width
    let values = (0..<channels * volume).map { i in
      0.5 + 0.4 * sin(Float(i % width) / 3 + Float(i / width % height) / 5) + random.uniform(bound: 0.1)
    }
    // One corner is known entirely, so that some blocks are left out.
    let states = (0..<channels * volume).map { i -> UInt8 in
      i % width < 20 && i / width % height < 18 ? 1 : random.uniform() < 0.3 ? 1 : 0
    }
    for level in [VM_BASELINE, VM_AVX2, VM_AVX512] where vm_kernels_at(level) != nil {
      var sums = [Float](repeating: 0, count: values.count)
      let expected = try values.withUnsafeBufferPointer { v in
        try states.withUnsafeBufferPointer { m in
          try sums.withUnsafeMutableBufferPointer { s in
            var tiling = shrink_tiling(
              values: try #require(v.baseAddress), sums: try #require(s.baseAddress),
              states: try #require(m.baseAddress), channels: channels, channel_stride: volume, frames: frames,
              height: height, width: width, shift_t: 3, shift_y: 5, shift_x: 11, threshold: 0.15,
              depth: Int32(depth), opponent: opponent ? 1 : 0)
            for row in 0..<shrink_rows(&tiling) { shrink_row_at(level, &tiling, row) }
            return PlainShrinkage.tiling(tiling, values: values, states: states)
          }
        }
      }
      let unknown = sums.indices.filter { states[$0] != 1 }
      let worst = unknown.map { abs(Double(sums[$0]) - expected[$0]) }.max() ?? .infinity
      #expect(worst < 2e-5, "level \(level.rawValue) differs by \(worst)")
      #expect(sums.contains(0) && sums.contains { $0 != 0 })
    }
  }

  @Test("writes back only what is not known, and clears the sums")
  func writeBack() {
    var values: [Float] = [1, 2, 3]
    var sums: [Float] = [8, 8, 8]
    shrink_write_back(&values, &sums, [1, 0, 2], 0.25, 3)
    #expect(values == [1, 2, 2])
    #expect(sums == [0, 0, 0])
  }
}
