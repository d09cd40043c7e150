import CVectorMath
import Foundation
import Kernels
import Testing

/// Groups of patches written out in double precision: the search place by place, and the DCT by its definition.
private struct PlainGroups {
  let values: [Float]
  let channels: Int
  let frames = 7
  let height = 22
  let width = 27
  let near = 6
  let reach = 2
  let far = 2
  let threshold = 0.2

  var area: Int { height * width }

  func distance(_ a: Int, _ b: Int) -> Double {
    (0..<64).reduce(0) { sum, i in
      let offset = i / 8 * width + i % 8
      let d = Double(values[a + offset]) - Double(values[b + offset])
      return sum + d * d
    }
  }

  /// The sum of the distances of the sixteen nearest patches: which of two equal ones is taken does not matter.
  func match(_ reference: Int) -> [Int] {
    let (t, y, x) = (reference / area, reference % area / width, reference % width)
    var found: [(distance: Double, place: Int)] = []
    func search(_ frame: Int, _ y: Int, _ x: Int, _ radius: Int) -> (Int, Int) {
      var best = (distance: Double.infinity, y: y, x: x)
      for v in max(0, y - radius)...min(height - 8, y + radius) {
        for u in max(0, x - radius)...min(width - 8, x + radius) {
          let place = (frame * height + v) * width + u
          if place == reference { continue }
          let d = distance(reference, place)
          found.append((d, place))
          if d < best.distance { best = (d, v, u) }
        }
      }
      return (best.y, best.x)
    }
    _ = search(t, y, x, near)
    for direction in [-1, 1] {
      var place = (y, x)
      for k in 1...reach where (0..<frames).contains(t + direction * k) {
        place = search(t + direction * k, place.0, place.1, far)
      }
    }
    return [reference] + found.sorted { $0.distance < $1.distance }.prefix(15).map(\.place)
  }

  /// (channels, 8, 8, 16), and the number of coefficients that are left.
  func shrink(_ matches: [UInt32]) -> (patches: [Double], kept: Int) {
    func basis(_ n: Int) -> [[Double]] {
      (0..<n).map { k -> [Double] in
        let scale = (Double(k == 0 ? 1 : 2) / Double(n)).squareRoot()
        return (0..<n).map { i -> Double in scale * cos(Double.pi * (Double(i) + 0.5) * Double(k) / Double(n))
        }
      }
    }
    let bases = [(basis(8), 128, 8), (basis(8), 16, 8), (basis(16), 1, 16)]
    var result: [Double] = []
    var kept = 0
    for c in 0..<channels {
      var x = (0..<1024).map { i -> Double in
        let (row, column, patch) = (i / 128, i / 16 % 8, i % 16)
        return Double(values[c * frames * area + Int(matches[patch]) + row * width + column])
      }
      func transform(inverse: Bool) {
        for (d, stride, n) in bases {
          for start in x.indices where start / stride % n == 0 {
            let line = (0..<n).map { x[start + $0 * stride] }
            for k in 0..<n {
              x[start + k * stride] = (0..<n).reduce(0) { $0 + line[$1] * (inverse ? d[$1][k] : d[k][$1]) }
            }
          }
        }
      }
      transform(inverse: false)
      for i in x.indices {
        let isLarge = abs(x[i]) > threshold
        kept += isLarge ? 1 : 0
        if i > 0 && !isLarge { x[i] = 0 }
      }
      transform(inverse: true)
      result += x
    }
    return (result, kept)
  }
}

@Suite("Kernels of grouped patches")
struct GroupKernelTests {
  @Test("agree with search and transform written out, at every instruction set", arguments: [1, 3])
  func agreesWithPlain(channels: Int) throws {
    var random = RandomSource(seed: 8)
    let plain = PlainGroups(
      values: (0..<channels * 7 * 22 * 27).map { i in
        0.5 + 0.3 * sin(Float(i % 27) / 2) * cos(Float(i / 27 % 22) / 3) + random.uniform(bound: 0.05)
      }, channels: channels)
    let references = [0, 3 * plain.area + 7 * 27 + 9, 6 * plain.area + 14 * 27 + 19]
    let patches = UnsafeMutableRawPointer.allocate(byteCount: channels * 1024 * 4, alignment: 64)
      .bindMemory(to: Float.self, capacity: channels * 1024)
    defer { patches.deallocate() }
    for level in [VM_BASELINE, VM_AVX2, VM_AVX512] where vm_kernels_at(level) != nil {
      for reference in references {
        var matches = [UInt32](repeating: 0, count: 16)
        let weight = try plain.values.withUnsafeBufferPointer { values in
          var volume = group_volume(
            values: try #require(values.baseAddress), channels: channels, channel_stride: 7 * plain.area,
            frames: 7, height: 22, width: 27, near: 6, reach: 2, far: 2, threshold: Float(plain.threshold))
          group_match_at(level, &volume, UInt32(reference), &matches)
          return group_shrink_at(level, &volume, matches, patches)
        }
        #expect(matches.map(Int.init) == plain.match(reference))
        let expected = plain.shrink(matches)
        let worst = expected.patches.indices.map { abs(Double(patches[$0]) - expected.patches[$0]) }.max()
        #expect(try #require(worst) < 1e-5)
        #expect(abs(1 / Double(weight) - Double(expected.kept)) < 0.01)
        #expect(expected.kept > channels && expected.kept < channels * 1024)
      }
    }
  }

  @Test("where there are too few patches, the first stands in for the rest")
  func few() throws {
    let values = (0..<9 * 8).map { Float($0 % 9) }
    var matches = [UInt32](repeating: 99, count: 16)
    try values.withUnsafeBufferPointer { values in
      var volume = group_volume(
        values: try #require(values.baseAddress), channels: 1, channel_stride: 72, frames: 1, height: 8,
        width: 9,
        near: 4, reach: 3, far: 2, threshold: 0)
      group_match(&volume, 1, &matches)
    }
    #expect(matches == [1, 0] + Array(repeating: 1, count: 14))
  }

  @Test("patches are added with their groups' weights, in the frames asked for only")
  func adding() {
    let patches = (0..<2 * 1024).map { Float($0 / 1024 + 1) }
    var matches = [UInt32](repeating: 0, count: 32)
    for k in 0..<16 { (matches[k], matches[16 + k]) = (UInt32(k % 2 * 80), 81) }
    var values = [Float](repeating: 0, count: 160)
    var sums = values
    var counts = values
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      var volume = group_volume(
        values: base, channels: 1, channel_stride: 160, frames: 2, height: 8, width: 10, near: 1, reach: 1,
        far: 1, threshold: 0)
      group_add(&volume, matches, patches, [0.5, 0.25], 2, 1, 2, &sums, &counts)
    }
    #expect(sums[..<80].allSatisfy { $0 == 0 } && counts[..<80].allSatisfy { $0 == 0 })
    // Eight patches of the first group, and sixteen of the second, which begin a column later and have twice the value.
    #expect(Array(sums[80..<90]) == [4] + Array(repeating: 12, count: 7) + [8, 0])
    #expect(Array(counts[80..<90]) == [4] + Array(repeating: 8, count: 7) + [4, 0])
  }
}
