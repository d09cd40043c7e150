import CVectorMath
import Kernels

/// A volume whose samples are written out in double precision, one by one.
public struct PlainVolume: Sendable {
  public let frames: Int
  public let height: Int
  public let width: Int
  /// 1 / distance along frames, rows, columns; 0 where frames have nothing to do with each other.
  public let perSample: [Double]

  public init(
    frames: Int = 5, height: Int = 6, width: Int = 37, perSample: [Double] = [0.5, 1, 1 / 1.5]
  ) {
    (self.frames, self.height, self.width, self.perSample) = (frames, height, width, perSample)
  }

  public var count: Int { frames * height * width }
  private var size: [Int] { [frames, height, width] }

  public func place(_ i: Int) -> [Int] { [i / (height * width), i / width % height, i % width] }

  func index(_ p: [Int]) -> Int { (p[0] * height + p[1]) * width + p[2] }

  /// The sample some steps away, or the last one in that direction.
  public func at(_ u: [Double], _ i: Int, _ steps: [Int]) -> Double {
    let p = place(i)
    return u[index((0..<3).map { min(max(p[$0] + steps[$0], 0), size[$0] - 1) })]
  }

  func isInside(_ i: Int, _ axis: Int) -> Bool { (1..<max(1, size[axis] - 1)).contains(place(i)[axis]) }

  private func step(_ axis: Int, _ length: Int) -> [Int] { (0..<3).map { $0 == axis ? length : 0 } }

  public func second(_ u: [Double], _ i: Int, _ a: Int, _ b: Int) -> Double {
    if a == b { return at(u, i, step(a, 1)) - 2 * u[i] + at(u, i, step(a, -1)) }
    guard isInside(i, a) && isInside(i, b) else { return 0 }
    func corner(_ s: Int, _ r: Int) -> Double { at(u, i, zip(step(a, s), step(b, r)).map(+)) }
    return (corner(1, 1) - corner(1, -1) - corner(-1, 1) + corner(-1, -1)) / 4
  }

  /// L u; normals as the kernels take them, three for each sample.
  public func bend(_ u: [Double], normals: [[Double]]) -> [Double] {
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
  public func energy(_ u: [Double], normals: [[Double]], second: Double, third: Double) -> Double {
    let bends = bend(u, normals: normals)
    var sum = 0.0
    for i in 0..<count {
      sum += second * bends[i] * bends[i]
      for a in 0..<3 {
        let difference = (at(bends, i, step(a, 1)) - bends[i]) * perSample[a]
        sum += third * difference * difference
      }
    }
    return sum
  }

  /// The sum of `value(steps)` over the nearest samples, weighted `side`, 1 - 2 side, `side` along each axis; along one of
  /// them the central difference instead. Frames that have nothing to do with each other are left out.
  public func filtered(_ i: Int, _ difference: Int?, side: Double, _ value: ([Int]) -> Double) -> Double {
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

  public func random(_ seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    return (0..<count).map { _ in random.uniform() }
  }

  /// Three of them, as long as the distances allow.
  public func normals(_ seed: UInt64) -> [Matrix] {
    (0..<3).map { a in
      Matrix(
        rows: 1, columns: count,
        values: random(seed + UInt64(a)).map { 0.5 * Float(perSample[a]) * ($0 - 0.3) })
    }
  }

  public func volume(_ normals: [Matrix]) -> level_line_volume {
    level_line_volume(
      frames: frames, height: height, width: width, per_frame: Float(perSample[0]),
      per_row: Float(perSample[1]), per_column: Float(perSample[2]), along_frames: normals[0].base,
      along_rows: normals[1].base, along_columns: normals[2].base)
  }
}
