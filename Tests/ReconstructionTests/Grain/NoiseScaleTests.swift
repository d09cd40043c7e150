import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("What noise is measured by")
struct NoiseScaleTests {
  /// The scale of values that lie in turn at the samples of one cell.
  private func scale(_ values: [Float]) -> Double? {
    var scale = NoiseScale(WeightField(estimators: 1, frames: 8, height: 16, width: 16))
    for (i, value) in values.enumerated() {
      scale.add(value, brightness: 0.5, t: i / 256 % 8, y: i / 16 % 16, x: i % 16)
    }
    return scale.filled?.first
  }

  @Test("the scale of normal values is their deviation, whatever it is", arguments: [0.004, 0.02, 0.3])
  func normal(deviation: Float) throws {
    var random = RandomSource(seed: 2)
    let found = try #require(scale((0..<20_000).map { _ in deviation * random.normal() }))
    #expect(abs(found / Double(deviation) - 1) < 0.02)
  }

  @Test("values that are far off count little, those that are no numbers nothing")
  func outliers() throws {
    var random = RandomSource(seed: 2)
    let values = (0..<20_000).map { $0 % 8 == 0 ? 30 * random.normal() : random.normal() }
    let found = try #require(scale(values + [.nan, .infinity]))
    #expect(found > 1 && found < 1.3)
    #expect(scale([.nan]) == nil)
  }

  @Test("blocks that shimmer count little as long as they are half of all")
  func blocks() throws {
    var random = RandomSource(seed: 2)
    let values = (0..<20_000).map { ($0 % 16 < 8 ? 1 : 9) * random.normal() }
    let found = try #require(scale(values))
    #expect(found > 0.95 && found < 1.25, "\(found)")
  }

  @Test("values that are nearly all 0 have nearly no scale, and no other one")
  func steps() throws {
    let found = try #require(scale((0..<1000).map { $0 % 50 == 0 ? 1.0 / 255 : 0 }))
    #expect(found > 0 && found < 0.05 / 255)
  }

  @Test(
    "the correlation of noise is found under ripples, which Laplacians hardly show",
    arguments: [0, 0.3, 0.6], [0, 4] as [Float])
  func correlation(asked: Double, ripples: Float) {
    let side = 160
    let noises = (0..<2).map {
      GrainNoise(
        seed: 1, plane: $0, group: 0, correlation: .init(rows: asked, columns: asked / 2, planes: 0.4))
    }
    let places = Array(0..<side * side)
    let edges = noises.map { noise in
      let values = (0..<side).flatMap { y in
        noise.row(frame: 0, row: y, columns: 0..<side).enumerated().map { x, value in
          value + ripples * sin(Float(x) / 2 + Float(y) / 5)
        }
      }
      return NoiseTraces(
        of: values, kinds: places.map { _ in 1 }, height: side, width: side, at: places
      ).edges
    }
    let found = NoiseCorrelation(of: edges, plane: 0, at: places, width: side).correlation
    #expect(abs(found.rows - asked) < 0.05 && abs(found.columns - asked / 2) < 0.05, "\(found)")
    #expect(abs(found.planes - 0.4) < 0.05, "\(found)")
    if ripples == 0 {
      let energy = edges[0].filter(\.isFinite).map { Double($0 * $0) }
      let kept = energy.reduce(0, +) / Double(energy.count)
      #expect(abs(kept / NoiseCorrelation.kept(found) - 1) < 0.1)
    }
  }
}
