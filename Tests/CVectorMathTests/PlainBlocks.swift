import Foundation
import Kernels

/// A tiling of a volume a corner of which is known entirely, so that some blocks are left out.
struct TilingInput: Sendable {
  let frames = 9
  let height = 20
  let width = 35
  let shift = (t: 3, y: 5, x: 11)
  let threshold: Float = 0.15
  let depth: Int
  let channels: Int
  let opponent: Bool
  /// Whether the blocks' squares lie anywhere, also outside.
  let moves: Bool
  let values: [Float]
  let states: [UInt8]
  /// For 4 or 2 slabs of 2 x 3 blocks.
  let offsets: [Int32]

  var volume: Int { frames * height * width }

  init(depth: Int, channels: Int, opponent: Bool, moves: Bool) {
    (self.depth, self.channels, self.opponent, self.moves) = (depth, channels, opponent, moves)
    var random = RandomSource(seed: 3)
    let (height, width, count) = (height, width, channels * frames * height * width)
    values = (0..<count).map { i in
      0.5 + 0.4 * sin(Float(i % width) / 3 + Float(i / width % height) / 5) + random.uniform(bound: 0.1)
    }
    states = (0..<count).map { i -> UInt8 in
      i % width < 20 && i / width % height < 18 ? 1 : random.uniform() < 0.3 ? 1 : 0
    }
    offsets = moves ? (0..<2 * 2 * 3 * 16 * 2).map { _ in Int32(random.below(39)) - 19 } : []
  }
}

/// The block transform written out: orthonormal DCT-II by its definition, in double precision.
enum PlainBlocks {
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
  static func tiling(_ s: TilingInput) -> (sums: [Double], counts: [Double]) {
    let (frames, height, width, depth) = (s.frames, s.height, s.width, s.depth)
    let (values, states, offsets, volume) = (s.values, s.states, s.offsets, s.volume)
    var result = [Double](repeating: 0, count: values.count)
    var counts = [Double](repeating: 0, count: volume)
    var number = -1
    for t0 in stride(from: -s.shift.t, to: frames, by: depth) {
      for y0 in stride(from: -s.shift.y, to: height, by: 16) {
        for x0 in stride(from: -s.shift.x, to: width, by: 16) {
          number += 1
          let block = number
          func place(_ i: Int, frame: Int) -> (t: Int, y: Int, x: Int) {
            let k = (block * depth + frame) * 2
            let (dy, dx) = offsets.isEmpty ? (0, 0) : (Int(offsets[k]), Int(offsets[k + 1]))
            return (t0 + i / 256, y0 + i / 16 % 16 + dy, x0 + i % 16 + dx)
          }
          var unknown: Set<Int> = []
          var blocks = (0..<s.channels).map { c in
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
            let rotate = s.opponent && x.count == 3
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
