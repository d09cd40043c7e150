import Frames
import CVectorMath
import Foundation
import Kernels
import Testing

@testable import Reconstruction

private let levels = [VM_BASELINE, VM_AVX2, VM_AVX512].filter { vm_kernels_at($0) != nil }

/// A volume whose samples are written out in double precision, one by one.
private struct PlainVolume {
  var frames = 5
  var height = 6
  var width = 37
  var spacing: SampleSpacing? = SampleSpacing(frame: 2, row: 1, column: 1.5)

  var count: Int { frames * height * width }
  /// 1 / distance along frames, rows, columns.
  var perSample: [Double] { spacing.map { [1 / $0.frame, 1 / $0.row, 1 / $0.column] } ?? [0, 1, 1] }
  private var size: [Int] { [frames, height, width] }

  func place(_ i: Int) -> [Int] { [i / (height * width), i / width % height, i % width] }

  func index(_ p: [Int]) -> Int { (p[0] * height + p[1]) * width + p[2] }

  /// The sample some steps away, or the last one in that direction.
  func at(_ u: [Double], _ i: Int, _ steps: [Int]) -> Double {
    let p = place(i)
    return u[index((0..<3).map { min(max(p[$0] + steps[$0], 0), size[$0] - 1) })]
  }

  func isInside(_ i: Int, _ axis: Int) -> Bool { (1..<max(1, size[axis] - 1)).contains(place(i)[axis]) }

  private func step(_ axis: Int, _ length: Int) -> [Int] { (0..<3).map { $0 == axis ? length : 0 } }

  func second(_ u: [Double], _ i: Int, _ a: Int, _ b: Int) -> Double {
    if a == b { return at(u, i, step(a, 1)) - 2 * u[i] + at(u, i, step(a, -1)) }
    guard isInside(i, a) && isInside(i, b) else { return 0 }
    func corner(_ s: Int, _ r: Int) -> Double { at(u, i, zip(step(a, s), step(b, r)).map(+)) }
    return (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / 4
  }

  /// L u; normals as the kernels take them, three for each sample.
  func bend(_ u: [Double], normals: [[Double]]) -> [Double] {
    (0..<count).map { i in
      var sum = 0.0
      for a in 0..<3 {
        for b in 0..<3 {
          let weight = (a == b ? perSample[a] * perSample[a] : 0) - normals[a][i] * normals[b][i]
          sum += weight * second(u, i, a, b)
        }
      }
      return sum
    }
  }

  /// second (L u)^2 + third |grad L u|^2, summed.
  func energy(_ u: [Double], normals: [[Double]], _ weights: LevelLineEnergy.Weights) -> Double {
    let bends = bend(u, normals: normals)
    var sum = 0.0
    for i in 0..<count {
      sum += Double(weights.second) * bends[i] * bends[i]
      for a in 0..<3 {
        let difference = (at(bends, i, step(a, 1)) - bends[i]) * perSample[a]
        sum += Double(weights.third) * difference * difference
      }
    }
    return sum
  }

  /// The sum of `value(steps)` over the nearest samples, weighted `side`, 1 - 2 side, `side` along each axis; along one of
  /// them the central difference instead. Frames that have nothing to do with each other are left out.
  func filtered(_ i: Int, _ difference: Int?, side: Double, _ value: ([Int]) -> Double) -> Double {
    let weights = (0..<3).map { a -> [Double] in
      if a == difference { return [-0.5, 0, 0.5] }
      return perSample[a] > 0 ? [side, 1 - 2 * side, side] : [0, 1, 0]
    }
    var sum = 0.0
    for t in 0..<3 {
      for y in 0..<3 {
        for x in 0..<3 {
          let weight = weights[0][t] * weights[1][y] * weights[2][x]
          if weight != 0 { sum += weight * value([t - 1, y - 1, x - 1]) }
        }
      }
    }
    return sum
  }

  func random(_ seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.uniform() }
  }

  /// Three of them, as long as the distances allow.
  func normals(_ seed: UInt64) -> [Matrix] {
    (0..<3).map { a in
      Matrix(
        rows: 1, columns: count,
        values: random(seed + UInt64(a)).map { 0.5 * Float(perSample[a]) * ($0 - 0.3) })
    }
  }

  /// Points into the normals, which must live as long as it is used.
  func volume(_ normals: [Matrix]) -> surface_volume {
    surface_volume(
      frames: frames, height: height, width: width, per_frame: Float(perSample[0]),
      per_row: Float(perSample[1]), per_column: Float(perSample[2]), along_frames: normals[0].base,
      along_rows: normals[1].base, along_columns: normals[2].base)
  }
}

private let volumes = [
  PlainVolume(), PlainVolume(spacing: nil), PlainVolume(frames: 1, height: 9, width: 3),
  PlainVolume(frames: 2, height: 2, width: 2), PlainVolume(frames: 3, height: 1, width: 70),
]

@Suite struct LevelLineEnergyTests {
  private func components(_ energy: LevelLineEnergy) -> [Matrix] {
    [energy.normals.frames, energy.normals.rows, energy.normals.columns]
  }

  @Test func bendsAreThoseOfThePlainTwin() {
    for (level, plain) in levels.flatMap({ level in volumes.map { (level, $0) } }) {
      let kernels = surface_kernels_at(level).pointee
      let (u, normals) = (plain.random(3), plain.normals(4))
      var volume = plain.volume(normals)
      let result = Matrix(rows: 1, columns: plain.count)
      for row in 0..<plain.frames * plain.height {
        // In two pieces, as spans begin and end anywhere.
        let middle = plain.width / 3
        kernels.bend(&volume, u, row, 0, middle, result.base)
        kernels.bend(&volume, u, row, middle, plain.width, result.base)
      }
      let expected = plain.bend(u.map(Double.init), normals: normals.map { $0.values.map(Double.init) })
      let worst = zip(result.values, expected).map { abs(Double($0) - $1) }.max() ?? 1
      #expect(worst < 1e-5, "\(level) \(plain.frames) x \(plain.height) x \(plain.width)")
    }
  }

  @Test func bendingBackIsTheTranspose() {
    for (level, plain) in levels.flatMap({ level in volumes.map { (level, $0) } }) {
      let kernels = surface_kernels_at(level).pointee
      let (u, w, normals) = (plain.random(3), plain.random(9), plain.normals(4))
      var volume = plain.volume(normals)
      // The volume points into them.
      defer { withExtendedLifetime(normals) {} }
      let (bends, back) = (Matrix(rows: 1, columns: plain.count), Matrix(rows: 1, columns: plain.count))
      let mask = [Float](repeating: 1, count: plain.count)
      for row in 0..<plain.frames * plain.height {
        kernels.bend(&volume, u, row, 0, plain.width, bends.base)
        let middle = plain.width / 2
        kernels.bend_back(&volume, w, mask, row, 0, middle, back.base)
        kernels.bend_back(&volume, w, mask, row, middle, plain.width, back.base)
      }
      let forward = zip(bends.values, w).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      let backward = zip(back.values, u).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(forward - backward) < 1e-3, "\(level) \(plain.frames) x \(plain.height) x \(plain.width)")
    }
  }

  @Test func gradientIsThatOfTheEnergy() throws {
    for weights in [LevelLineEnergy.Weights.changes, .bends] {
      let plain = PlainVolume(frames: 4, height: 5, width: 7)
      var random = RandomSource(seed: 5)
      var states = [UInt8](repeating: SampleState.known, count: plain.count)
      for i in states.indices where random.uniform() < 0.4 { states[i] = SampleState.missing }
      let energy = LevelLineEnergy(
        shape: (plain.frames, plain.height, plain.width), states: states, spacing: plain.spacing,
        weights: weights, threads: 1)
      var u = plain.random(8)
      func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
      energy.follow(u, scratch: (scratch(), scratch(), scratch()))
      let normals = components(energy).map { $0.values.map(Double.init) }
      let gradient = scratch()
      energy.gradient(of: u, to: gradient.base, scratch: (scratch(), scratch()))
      func value() -> Double { plain.energy(u.map(Double.init), normals: normals, weights) }
      for i in 0..<plain.count where states[i] == SampleState.missing {
        let before = u[i]
        u[i] = before + 0.125
        let above = value()
        u[i] = before - 0.125
        let below = value()
        u[i] = before
        // The energy is quadratic: differences of any length are exact, and half the gradient is asked for.
        #expect(abs(Double(gradient.base[i]) - (above - below) / 0.5) < 2e-3, "\(i)")
      }
    }
  }

  @Test func stiffeningIsThatOfThePlainTwin() {
    for (level, plain) in levels.flatMap({ level in volumes.map { (level, $0) } }) {
      let (v, normals) = (plain.random(6), plain.normals(4))
      var volume = plain.volume(normals)
      defer { withExtendedLifetime(normals) {} }
      let result = Matrix(rows: 1, columns: plain.count)
      for row in 0..<plain.frames * plain.height {
        let middle = plain.width / 3
        for (from, to) in [(0, middle), (middle, plain.width)] {
          surface_kernels_at(level).pointee.stiffen(&volume, v, row, from, to, 0.3, 0.7, result.base)
        }
      }
      let values = v.map(Double.init)
      for i in 0..<plain.count {
        let laplacian = (0..<3).reduce(0.0) {
          $0 + plain.perSample[$1] * plain.perSample[$1] * plain.second(values, i, $1, $1)
        }
        #expect(abs(Double(result.base[i]) - (0.3 * values[i] - 0.7 * laplacian)) < 1e-5)
      }
    }
  }

  @Test func slopesAndNormalsAreThoseOfThePlainTwin() {
    for (level, plain) in levels.flatMap({ level in volumes.map { (level, $0) } }) {
      let kernels = surface_kernels_at(level).pointee
      let u = plain.random(7)
      let (slopes, normals) = (plain.normals(1), plain.normals(2))
      var volume = plain.volume(slopes)
      for row in 0..<plain.frames * plain.height {
        let middle = plain.width / 2
        for (from, to) in [(0, middle), (middle, plain.width)] {
          kernels.slopes(&volume, u, row, from, to, slopes[0].base, slopes[1].base, slopes[2].base)
        }
      }
      for row in 0..<plain.frames * plain.height {
        kernels.normals(
          &volume, row, 0, plain.width, 0.2, 0.9, normals[0].base, normals[1].base, normals[2].base)
      }
      let values = u.map(Double.init)
      let found = slopes.map { $0.values.map(Double.init) }
      for i in 0..<plain.count {
        for a in 0..<3 where plain.perSample[a] > 0 {
          let expected = plain.perSample[a] * plain.filtered(i, a, side: 0.125) { plain.at(values, i, $0) }
          #expect(abs(Double(slopes[a].base[i]) - expected) < 1e-5, "\(level) \(plain.place(i)) \(a)")
        }
        let tensor = (0..<3).map { a in
          (0..<3).map { b in
            plain.filtered(i, nil, side: 0.25) {
              plain.at(found[a], i, $0) * plain.at(found[b], i, $0)
            }
          }
        }
        let known = symmetricEigenvalues(
          Matrix(rows: 3, columns: 3, values: tensor.flatMap { $0.map { Float($0) } })
        ).map(Double.init)
        let contrast = known[2] - known[1]
        let n = (0..<3).map {
          plain.perSample[$0] > 0 ? Double(normals[$0].base[i]) / plain.perSample[$0] : 0
        }
        let square = n.reduce(0) { $0 + $1 * $1 }
        // Where two directions are all but alike, neither kernel nor twin knows which is first.
        if contrast < 0.3 * known[2] || known[2] < 1e-4 { continue }
        #expect(abs(square - 0.9 * contrast / (contrast + 0.04)) < 2e-3)
        for a in 0..<3 {
          let image = (0..<3).reduce(0.0) { $0 + tensor[a][$1] * n[$1] }
          #expect(abs(image - known[2] * n[a]) < 2e-3 * known[2])
        }
      }
    }
  }

  @Test func stepsOfConjugateGradientsAreWhatTheySay() {
    for level in levels {
      let kernels = surface_kernels_at(level).pointee
      for count in [1, 15, 16, 37] {
        func random(_ seed: UInt64) -> Matrix {
          var random = RandomSource(seed: seed)
          return Matrix(rows: 1, columns: count, values: (0..<count).map { _ in random.uniform() - 0.5 })
        }
        let (direction, image, u, residual) = (random(1), random(2), random(3), random(4))
        let (before, old, along) = (u.values, residual.values, direction.values)
        let square = kernels.step(0.3, direction.base, image.base, u.base, residual.base, count)
        kernels.turn(0.6, residual.base, direction.base, count)
        var sum = 0.0
        for i in 0..<count {
          #expect(abs(u.base[i] - (before[i] - 0.3 * along[i])) < 1e-6)
          #expect(abs(residual.base[i] - (old[i] - 0.3 * image.base[i])) < 1e-6)
          #expect(abs(direction.base[i] - (residual.base[i] + 0.6 * along[i])) < 1e-6)
          sum += Double(residual.base[i] * residual.base[i])
        }
        #expect(abs(square - sum) < 1e-5)
        #expect(abs(kernels.dot(residual.base, residual.base, count) - sum) < 1e-5)
      }
    }
  }

  /// A wave along a direction has level planes across it.
  @Test func normalsPointAcrossLevelSurfaces() {
    let plain = PlainVolume(
      frames: 12, height: 13, width: 40, spacing: SampleSpacing(frame: 2, row: 1, column: 1))
    let direction = [0.48, 0.64, 0.6]
    let u = (0..<plain.count).map { i -> Float in
      let p = plain.place(i)
      let phase = 2 * Double(p[0]) * direction[0] + Double(p[1]) * direction[1] + Double(p[2]) * direction[2]
      return Float(0.5 + 0.4 * sin(0.5 * phase))
    }
    for level in levels {
      let energy = LevelLineEnergy(
        shape: (plain.frames, plain.height, plain.width),
        states: Array(repeating: SampleState.missing, count: plain.count), spacing: plain.spacing,
        weights: .bends, threads: 2, level: level)
      func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
      energy.follow(u, scratch: (scratch(), scratch(), scratch()))
      let normals = components(energy)
      for i in 0..<plain.count {
        let p = plain.place(i)
        guard (3..<9).contains(p[0]), (3..<10).contains(p[1]), (3..<37).contains(p[2]) else { continue }
        // Times the distance: the components of the unit normal, shortened by little.
        let n = [0, 1, 2].map { Double(normals[$0].base[i]) / plain.perSample[$0] }
        let length = n.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(length > 0.8 && length < 0.95)
        let along = abs(zip(n, direction).reduce(0) { $0 + $1.0 * $1.1 }) / length
        #expect(along > 0.995, "\(level) \(p)")
      }
    }
  }

  @Test func levelsWithoutContrastHaveNoNormals() {
    let plain = PlainVolume()
    let energy = LevelLineEnergy(
      shape: (plain.frames, plain.height, plain.width),
      states: Array(repeating: SampleState.missing, count: plain.count), spacing: plain.spacing,
      weights: .bends, threads: 1)
    func scratch() -> Matrix { Matrix(rows: 1, columns: plain.count) }
    energy.follow([Float](repeating: 0.4, count: plain.count), scratch: (scratch(), scratch(), scratch()))
    for normal in components(energy) { #expect(normal.values.allSatisfy { abs($0) < 1e-3 }) }
  }
}
