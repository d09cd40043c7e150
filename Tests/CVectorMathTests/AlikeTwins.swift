import CVectorMath
import Foundation
import Kernels
import Testing

extension KernelTwin {
  static let alike: [KernelTwin] = [(1, 3), (3, 1)].flatMap { channels, depth -> [KernelTwin] in
    var random = RandomSource(seed: 8)
    let count = channels * 4 * 20 * 29
    let values = (0..<count).map { i in
      0.5 + 0.3 * sin(Float(i % 29) / 2) * cos(Float(i / 29 % 20) / 3) + random.uniform(bound: 0.1)
    }
    let states = (0..<count).map { _ in UInt8(random.below(3)) }
    // Of the last of the frames of a patch no place is told.
    let features = (0..<(5 - depth) * 14 * 23).map { _ in (0..<16).map { _ in random.uniform() } }
    let plain = PlainAlike(
      values: values, states: states, features: features, channels: channels, depth: depth)
    return [(5, 0..<23), (14 * 23 + 40, 0..<16), (14 * 23 * 2 - 1, 16..<23)].map { twin(plain, $0.0, $0.1) }
  }

  /// Which patches are alike, how much, and what the group knows of them.
  private static func twin(_ plain: PlainAlike, _ place: Int, _ columns: Range<Int>) -> KernelTwin {
    let samples = plain.channels * plain.depth * 49
    let frames = plain.frames - plain.depth + 1
    // Rows of 23 places take 32 numbers a feature.
    var features = [Float](repeating: .infinity, count: frames * 14 * 16 * 32)
    for (i, found) in plain.features.enumerated() {
      for j in 0..<16 { features[(i / 23 * 16 + j) * 32 + i % 23] = found[j] }
    }
    let input = "\(plain.channels) channels, patch \(place), columns \(columns)"
    return KernelTwin("alike.match", "alike.estimate", input: input, tolerance: 2e-4) {
      [features] kernels, times in
      var places = [UInt32](repeating: 0, count: 48)
      var distances = [Float](repeating: 0, count: 48)
      var patches = [Float](repeating: 0, count: 24 * samples)
      features.withUnsafeBufferPointer { features in
        plain.values.withUnsafeBufferPointer { values in
          plain.states.withUnsafeBufferPointer { states in
            guard let features = features.baseAddress, let values = values.baseAddress,
              let states = states.baseAddress
            else { return }
            var space = alike_space(
              features: features, frames: frames, rows: 14, stride: 32, width: plain.width, area: plain.area)
            var range = alike_range(
              first_frame: 0, last_frame: frames, first_row: 0, last_row: 14,
              first_column: columns.lowerBound, last_column: columns.upperBound)
            var signal = alike_signal(
              values: values, states: states, channels: plain.channels,
              channel_stride: plain.frames * plain.area, frames: plain.frames, height: plain.height,
              width: plain.width, depth: plain.depth, noise: Float(plain.noise))
            for _ in 0..<times {
              kernels.alike.match(
                &space, &range, place / (14 * 23), place / 23 % 14, place % 23, &places, &distances)
              kernels.alike.estimate(&signal, places, distances, &patches)
            }
          }
        }
      }
      return places.map(Double.init) + distances.doubles + patches.doubles
    } plain: {
      let found = plain.match(place, columns: columns)
      return found.places.map(Double.init) + found.distances + plain.estimate(found.places, found.distances)
    }
  }
}

@Suite("Alike patches")
struct AlikeKernelTests {
  @Test(
    "where there are too few patches, the place itself stands in for the rest, as far away as the last one")
  func few() throws {
    var features = [Float](repeating: .infinity, count: 16 * 16)
    for j in 0..<16 {
      for x in 0..<3 { features[j * 16 + x] = Float(x) }
    }
    var places = [UInt32](repeating: 99, count: 48)
    var distances = [Float](repeating: -1, count: 48)
    try features.withUnsafeBufferPointer { features in
      var space = alike_space(
        features: try #require(features.baseAddress), frames: 1, rows: 1, stride: 16, width: 9, area: 63)
      var range = alike_range(
        first_frame: 0, last_frame: 1, first_row: 0, last_row: 1, first_column: 0, last_column: 3)
      vm_kernels_best().pointee.alike.match(&space, &range, 0, 0, 1, &places, &distances)
    }
    #expect(places == [1, 0, 2] + Array(repeating: 1, count: 45))
    #expect(distances == [0, 16, 16] + Array(repeating: 16, count: 45))
  }

  @Test("patches are added to all channels, in the rows asked for only")
  func adding() {
    var places = [UInt32](repeating: 0, count: 48)
    for k in 12..<24 { places[k] = 9 + 1 }
    let patches = [Float](repeating: 1, count: 24 * 49) + [Float](repeating: 2, count: 24 * 49)
    // As each patch has two channels, those of even number are 1 and 1 as long as k < 12.
    var sums = [Float](repeating: 0, count: 2 * 72)
    var counts = [Float](repeating: 0, count: 72)
    var values = sums
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let states = [UInt8](repeating: 1, count: 144)
      states.withUnsafeBufferPointer { states in
        guard let states = states.baseAddress else { return }
        var signal = alike_signal(
          values: base, states: states, channels: 2, channel_stride: 72, frames: 1, height: 8, width: 9,
          depth: 1, noise: 0)
        alike_add(&signal, places, patches, 1, 1, 8, &sums, &counts)
      }
    }
    #expect(sums[..<9].allSatisfy { $0 == 0 } && counts[..<9].allSatisfy { $0 == 0 })
    // Twelve patches at the first column of the first row, and twelve, of twice the value, a row below and a column further.
    #expect(Array(sums[9..<18]) == [12] + Array(repeating: 36, count: 6) + [24, 0])
    #expect(Array(sums[72 + 63..<72 + 72]) == [0] + Array(repeating: 24, count: 7) + [0])
    #expect(Array(counts[9..<18]) == [12] + Array(repeating: 24, count: 6) + [12, 0])
  }
}
