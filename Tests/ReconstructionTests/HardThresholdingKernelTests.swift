import CVectorMath
import Foundation
import Kernels
import Testing

/// The block transform written out: orthonormal DCT-II by its definition, in double precision.
private enum PlainShrinkage {
  private static let bases = [8: basis(8), 16: basis(16)]

  private static func basis(_ n: Int) -> [[Double]] {
    (0..<n).map { k -> [Double] in
      let scale = (Double(k == 0 ? 1 : 2) / Double(n)).squareRoot()
      return (0..<n).map { i -> Double in scale * cos(Double.pi * (Double(i) + 0.5) * Double(k) / Double(n)) }
    }
  }

  /// Transforms the axis of `count` entries that lie `stride` apart; the inverse is the transpose.
  static func transform(_ x: inout [Double], count n: Int, stride: Int, inverse: Bool) {
    guard let d = bases[n] else { return }
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

  /// The sum over one whole tiling, for all channels, and how many blocks lie on each sample; blocks of known samples
  /// are left out.
  static func tiling(
    _ s: shrink_tiling, values: [Float], states: [UInt8], offsets: [Int32]
  ) -> (sums: [Double], counts: [Double]) {
    let (frames, height, width) = (Int(s.frames), Int(s.height), Int(s.width))
    let depth = Int(s.depth)
    let volume = frames * height * width
    var result = [Double](repeating: 0, count: values.count)
    var counts = [Double](repeating: 0, count: volume)
    var number = -1
    for t0 in stride(from: -Int(s.shift_t), to: frames, by: depth) {
      for y0 in stride(from: -Int(s.shift_y), to: height, by: 16) {
        for x0 in stride(from: -Int(s.shift_x), to: width, by: 16) {
          number += 1
          let block = number
          func place(_ i: Int, frame: Int) -> (t: Int, y: Int, x: Int) {
            let k = (block * depth + frame) * 2
            let (dy, dx) = offsets.isEmpty ? (0, 0) : (Int(offsets[k]), Int(offsets[k + 1]))
            return (t0 + i / 256, y0 + i / 16 % 16 + dy, x0 + i % 16 + dx)
          }
          var unknown: Set<Int> = []
          var blocks = (0..<Int(s.channels)).map { c in
            (0..<depth * 256).map { i -> Double in
              // Frames outside the volume repeat the nearest one, wherever its square lies.
              let ct = min(max(t0 + i / 256, 0), frames - 1)
              let (t, y, x) = place(i, frame: ct - t0)
              let (cy, cx) = (min(max(y, 0), height - 1), min(max(x, 0), width - 1))
              let j = c * volume + (ct * height + cy) * width + cx
              if (ct, cy, cx) == (t, y, x) && states[j] != 1 { unknown.insert(t) }
              return Double(values[j])
            }
          }
          if unknown.isEmpty { continue }
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
              let (t, y, x) = place(i, frame: i / 256)
              if !unknown.contains(t) || y < 0 || y >= height || x < 0 || x >= width { continue }
              result[c * volume + (t * height + y) * width + x] += blocks[c][i]
              if c == 0 { counts[(t * height + y) * width + x] += 1 }
            }
          }
        }
      }
    }
    return (result, counts)
  }
}

@Suite("Transform shrinkage kernel")
struct ShrinkageKernelTests {
  @Test(
    "agrees with the transform written out, at every instruction set",
    arguments: [
      (8, 1, false, false), (16, 1, false, false), (8, 3, true, false), (8, 3, false, false),
      (8, 3, true, true),
      (16, 1, false, true),
    ])
  func agreesWithPlain(depth: Int, channels: Int, opponent: Bool, moving: Bool) throws {
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
    // 4 or 2 slabs of 2 x 3 blocks; squares may lie anywhere, also outside.
    let offsets = moving ? (0..<2 * 2 * 3 * 16 * 2).map { _ in Int32(random.below(39)) - 19 } : []
    for level in [VM_BASELINE, VM_AVX2, VM_AVX512] where vm_kernels_at(level) != nil {
      var sums = [Float](repeating: 0, count: values.count)
      var counts = [Float](repeating: 0, count: volume)
      let expected = try values.withUnsafeBufferPointer { v in
        try states.withUnsafeBufferPointer { m in
          try sums.withUnsafeMutableBufferPointer { s in
            try counts.withUnsafeMutableBufferPointer { n in
              try offsets.withUnsafeBufferPointer { o in
                var tiling = shrink_tiling(
                  values: try #require(v.baseAddress), sums: try #require(s.baseAddress),
                  states: try #require(m.baseAddress), channels: channels, channel_stride: volume,
                  frames: frames, height: height, width: width, shift_t: 3, shift_y: 5, shift_x: 11,
                  threshold: 0.15, depth: Int32(depth), opponent: opponent ? 1 : 0,
                  offsets: moving ? o.baseAddress : nil, blocks: nil, touched: nil,
                  counts: moving ? n.baseAddress : nil)
                let blocks = shrink_rows(&tiling) * shrink_columns(&tiling)
                let kept = UnsafeMutableRawPointer.allocate(
                  byteCount: blocks * channels * depth * 256 * 4, alignment: 64)
                defer { kept.deallocate() }
                var touched = [UInt32](repeating: 0, count: blocks)
                try touched.withUnsafeMutableBufferPointer { touched in
                  tiling.blocks = kept.assumingMemoryBound(to: Float.self)
                  tiling.touched = touched.baseAddress
                  if moving { try #require(blocks * depth * 2 <= o.count) }
                  for row in 0..<shrink_rows(&tiling) { shrink_row_at(level, &tiling, row) }
                  if moving { for t in 0..<frames { shrink_frame_at(level, &tiling, t) } }
                }
                return PlainShrinkage.tiling(tiling, values: values, states: states, offsets: offsets)
              }
            }
          }
        }
      }
      let unknown = sums.indices.filter { states[$0] != 1 }
      let worst = unknown.map { abs(Double(sums[$0]) - expected.sums[$0]) }.max() ?? .infinity
      #expect(worst < 2e-5, "level \(level.rawValue) differs by \(worst)")
      #expect(sums.contains(0) && sums.contains { $0 != 0 })
      if moving { #expect(counts.map(Double.init) == expected.counts && counts.contains(0)) }
    }
  }

  @Test("writes back means of the blocks that lie on a sample, and leaves others alone")
  func writeBackCounted() {
    var values: [Float] = [1, 2, 3]
    var sums: [Float] = [8, 8, 0]
    shrink_write_back_counted(&values, &sums, [2, 2, 0], [1, 0, 0], 3)
    #expect(values == [1, 4, 3])
    #expect(sums == [0, 0, 0])
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
