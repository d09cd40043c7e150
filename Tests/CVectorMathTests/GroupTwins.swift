import CVectorMath
import Foundation
import Kernels
import Testing

extension KernelTwin {
  static let group: [KernelTwin] = [1, 3].flatMap { channels -> [KernelTwin] in
    var random = RandomSource(seed: 8)
    let groups = PlainGroups(
      values: (0..<channels * 7 * 22 * 27).map { i in
        0.5 + 0.3 * sin(Float(i % 27) / 2) * cos(Float(i / 27 % 22) / 3) + random.uniform(bound: 0.05)
      }, channels: channels)
    return [0, 3 * groups.area + 7 * 27 + 9, 6 * groups.area + 14 * 27 + 19].map { twin(groups, $0) }
  }

  /// Which patches are alike, what is left of them, and how many coefficients.
  private static func twin(_ groups: PlainGroups, _ reference: Int) -> KernelTwin {
    let size = groups.channels * 1024
    let input = "\(groups.channels) channels, patch \(reference)"
    return KernelTwin("group.match", "group.threshold", input: input, tolerance: 1e-5) { kernels, times in
      var matches = [UInt32](repeating: 0, count: 16)
      let patches = UnsafeMutableRawPointer.allocate(byteCount: size * 4, alignment: 64)
        .bindMemory(to: Float.self, capacity: size)
      defer { patches.deallocate() }
      var weight: Float = 0
      groups.values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        var volume = group_volume(
          values: base, channels: groups.channels, channel_stride: groups.frames * groups.area,
          frames: groups.frames, height: groups.height, width: groups.width, near: groups.near,
          reach: groups.reach,
          far: groups.far, threshold: Float(groups.threshold))
        for _ in 0..<times {
          kernels.group.match(&volume, UInt32(reference), &matches)
          weight = kernels.group.threshold(&volume, matches, patches)
        }
      }
      return matches.map(Double.init) + (0..<size).map { Double(patches[$0]) } + [
        (1 / Double(weight)).rounded()
      ]
    } plain: {
      let matches = groups.match(reference)
      let expected = groups.thresholded(matches.map(UInt32.init))
      return matches.map(Double.init) + expected.patches + [Double(expected.kept)]
    }
  }
}

@Suite("Groups of patches")
struct GroupTests {
  @Test("where there are too few patches, the first stands in for the rest")
  func few() throws {
    let values = (0..<9 * 8).map { Float($0 % 9) }
    var matches = [UInt32](repeating: 99, count: 16)
    try values.withUnsafeBufferPointer { values in
      var volume = group_volume(
        values: try #require(values.baseAddress), channels: 1, channel_stride: 72, frames: 1, height: 8,
        width: 9,
        near: 4, reach: 3, far: 2, threshold: 0)
      vm_kernels_best().pointee.group.match(&volume, 1, &matches)
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
