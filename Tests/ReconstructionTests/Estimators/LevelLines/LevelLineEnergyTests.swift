import Frames
import Foundation
import Kernels
import TestSupport
import Testing

@testable import Reconstruction

@Suite struct LevelLineEnergyTests {
  private func components(_ energy: LevelLineEnergy) -> [Matrix] {
    [energy.normals.frames, energy.normals.rows, energy.normals.columns]
  }

  @Test func gradientIsThatOfTheEnergy() throws {
    for weights in [LevelLineEnergy.Weights.changes, .bends] {
      let plain = PlainVolume(frames: 4, height: 5, width: 7)
      let spacing = SampleSpacing(frame: 2, row: 1, column: 1.5)
      var random = RandomSource(seed: 5)
      var states = [UInt8](repeating: SampleState.known, count: plain.count)
      for i in states.indices where random.uniform() < 0.4 { states[i] = SampleState.missing }
      let energy = LevelLineEnergy(
        shape: (plain.frames, plain.height, plain.width), states: states, spacing: spacing,
        weights: weights, threads: 1)
      var u = plain.random(8)
      func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
      energy.follow(u, scratch: (scratch(), scratch(), scratch()))
      let normals = components(energy).map { $0.values.map(Double.init) }
      let gradient = scratch()
      u.withSharedElements { energy.gradient(of: $0, to: gradient, scratch: (scratch(), scratch())) }
      func value() -> Double {
        plain.energy(
          u.map(Double.init), normals: normals, second: Double(weights.second), third: Double(weights.third))
      }
      for i in 0..<plain.count where states[i] == SampleState.missing {
        let before = u[i]
        u[i] = before + 0.125
        let above = value()
        u[i] = before - 0.125
        let below = value()
        u[i] = before
        // The energy is quadratic: differences of any length are exact, and half the gradient is asked for.
        #expect(abs(Double(gradient.base[i]) - (above - below) / 0.5) < 1e-5, "\(i)")
      }
    }
  }

  /// A wave along a direction has level planes across it.
  @Test func normalsPointAcrossLevelSurfaces() {
    let plain = PlainVolume(
      frames: 12, height: 13, width: 40, perSample: [0.5, 1, 1])
    let spacing = SampleSpacing(frame: 2, row: 1, column: 1)
    let direction = [0.48, 0.64, 0.6]
    let u = (0..<plain.count).map { i -> Float in
      let p = plain.place(i)
      let phase = 2 * Double(p[0]) * direction[0] + Double(p[1]) * direction[1] + Double(p[2]) * direction[2]
      return Float(0.5 + 0.4 * sin(0.5 * phase))
    }
    let energy = LevelLineEnergy(
      shape: (plain.frames, plain.height, plain.width),
      states: Array(repeating: SampleState.missing, count: plain.count), spacing: spacing,
      weights: .bends, threads: 2)
    func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
    energy.follow(u, scratch: (scratch(), scratch(), scratch()))
    let normals = components(energy)
    for i in 0..<plain.count {
      let p = plain.place(i)
      guard (3..<9).contains(p[0]), (3..<10).contains(p[1]), (3..<37).contains(p[2]) else { continue }
      // Times the distance: the components of the unit normal, shortened by little.
      let n = [0, 1, 2].map { Double(normals[$0].base[i]) / plain.perSample[$0] }
      let length = n.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(length > 0.93 && length < 0.95)
      let along = abs(zip(n, direction).reduce(0) { $0 + $1.0 * $1.1 }) / length
      #expect(along > 0.9999, "\(p)")
    }
  }

  @Test func levelsWithoutContrastHaveNoNormals() {
    let (plain, spacing) = (PlainVolume(), SampleSpacing(frame: 2, row: 1, column: 1.5))
    let energy = LevelLineEnergy(
      shape: (plain.frames, plain.height, plain.width),
      states: Array(repeating: SampleState.missing, count: plain.count), spacing: spacing,
      weights: .bends, threads: 1)
    func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
    energy.follow([Float](repeating: 0.4, count: plain.count), scratch: (scratch(), scratch(), scratch()))
    for normal in components(energy) { #expect(normal.values.allSatisfy { abs($0) < 1e-3 }) }
  }
}
