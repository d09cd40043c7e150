import Testing

@testable import Reconstruction

@Suite("Noise of grain")
struct GrainNoiseTests {
  private func field(_ noise: GrainNoise) -> [[Float]] {
    (0..<200).map { noise.row(frame: 3, row: $0, columns: 0..<200) }
  }

  private func mean(_ pairs: [(Float, Float)]) -> Float {
    pairs.reduce(0) { $0 + $1.0 * $1.1 } / Float(pairs.count)
  }

  @Test("has mean 0, variance 1 and the correlations that are asked for", arguments: [0, 0.3, 0.6, 0.7])
  func moments(asked: Double) {
    let noise = field(
      GrainNoise(
        seed: 1, plane: 0, group: 0, correlation: .init(rows: asked, columns: asked / 2, planes: 0.5)))
    let all = noise.flatMap { $0 }
    #expect(abs(all.reduce(0, +) / Float(all.count)) < 0.01)
    #expect(abs(mean(all.map { ($0, $0) }) - 1) < 0.012)
    #expect(abs(mean(noise.flatMap { Array(zip($0, $0.dropFirst())) }) - Float(asked / 2)) < 0.015)
    let below = zip(noise, noise.dropFirst()).flatMap { Array(zip($0, $1)) }
    #expect(abs(mean(below) - Float(asked)) < 0.015)
  }

  @Test("is common to planes as far as that is asked for", arguments: [0, 0.4, 1])
  func planes(asked: Double) {
    let all = (0..<2).map {
      field(GrainNoise(seed: 2, plane: $0, group: 0, correlation: .init(rows: 0.3, planes: asked))).flatMap {
        $0
      }
    }
    #expect(abs(mean(Array(zip(all[0], all[1]))) - Float(asked)) < 0.012)
  }

  @Test("is the same for a sample in whatever run it is drawn, and another in other frames and groups")
  func place() {
    let noise = GrainNoise(
      seed: 3, plane: 1, group: 0, correlation: .init(rows: 0.4, columns: 0.5, planes: 0.2))
    let row = noise.row(frame: 7, row: -2, columns: -5..<20)
    #expect(noise.row(frame: 7, row: -2, columns: 4..<11) == Array(row[9..<16]))
    #expect(noise.row(frame: 8, row: -2, columns: 4..<11) != Array(row[9..<16]))
    let other = GrainNoise(
      seed: 3, plane: 1, group: 1, correlation: .init(rows: 0.4, columns: 0.5, planes: 1))
    #expect(other.row(frame: 7, row: -2, columns: 4..<11) != Array(row[9..<16]))
  }

  @Test("is nowhere further from 0 than its bound", arguments: [0, 0.7])
  func bound(asked: Double) {
    let all = field(
      GrainNoise(seed: 4, plane: 0, group: 0, correlation: .init(rows: asked, columns: asked))
    ).flatMap { $0.map(abs) }
    #expect(all.contains { $0 > 2.9 } && all.allSatisfy { $0 <= GrainNoise.bound })
  }
}
