import Frames
import Foundation
import Kernels
import Motion

/// How much noise the holes of a plane lack against their surroundings, and how it is correlated.
///
/// Let d be the change from frame to frame along the motion (`TemporalChange`), K the mean of |d| around holes, I that within
/// them, and m the share of samples of holes that move onto missing samples. Noise of the variance
///
///     v = pi / 2 max(0, (s K)^2 - I^2) / (1 + m)
///
/// raises I to s K: a change gets it at both ends where both are missing, else at one, and E|d| = sigma sqrt(2 / pi) for normal
/// d. All quantities are local: summed in the cells of a `WeightField`, smoothed, and linear in between.
struct GrainLevel {
  /// Standard deviation of the missing noise, full scale = 1, one value for each cell.
  private(set) var deviation: WeightField
  private(set) var correlation = GrainNoise.Correlation()
  /// |d| is bounded by this many of its medians: edges with wrong motion are no noise.
  private static let cap: Float = 6
  /// Least value of the median: half a step of 8 bits.
  private static let leastMedian: Float = 0.5 / 255
  /// s: the change within holes is raised to this share of that around them.
  private static let share = 0.95
  /// Least number of samples around holes.
  private static let fewest = 64

  /// Sums in a cell: |d| around holes, its count, |d| within, its count, and m times that count.
  private static let sums = 5

  /// - Parameters:
  ///   - plane: which of the layer's planes.
  ///   - frames: number of frames.
  ///   - isStill: of each frame but the last, whether the next one repeats it: such pairs show no noise.
  /// - Returns: nil if too little is known around holes, or they lack no noise.
  init?(of change: TemporalChange, plane: Int, frames: Int, isStill: [Bool]) {
    let lattice = change.lattice
    var change = change
    for t in isStill.indices where isStill[t] { change.frames[t].places = [] }
    guard let most = Self.most(change, plane: plane) else { return nil }
    deviation = WeightField(estimators: 1, frames: frames, height: lattice.height, width: lattice.width)
    let grid = deviation.grid
    var cells = [Double](repeating: 0, count: deviation.cells * Self.sums)
    for (t, frame) in change.frames.enumerated() {
      for (k, place) in frame.places.enumerated() {
        let cell = deviation.cell(t: t, y: place / lattice.width, x: place % lattice.width) * Self.sums
        let size = Double(min(most, abs(frame.differences[plane][k])))
        let kind = frame.isHole[k] ? 2 : 0
        cells[cell + kind] += size
        cells[cell + kind + 1] += 1
        if frame.isHole[k] { cells[cell + 4] += Double(frame.covered[k]) }
      }
    }
    cells = WeightField.smoothed(cells, grid: grid, size: Self.sums)
    let around = Self.around(cells, grid: grid)
    deviation.weights = around.indices.map { cell in
      let sum = cells[cell * Self.sums..<(cell + 1) * Self.sums]
      let (size, count, covered) = (sum[sum.startIndex + 2], sum[sum.startIndex + 3], sum[sum.startIndex + 4])
      guard count > 0 else { return 0 }
      let (aim, found) = (Self.share * Double(around[cell]), size / count)
      return (Double.pi / 2 * max(0, aim * aim - found * found) / (1 + covered / count)).squareRoot()
    }
    if deviation.weights.allSatisfy({ $0 == 0 }) { return nil }
    correlation = Self.correlation(change, plane: plane, most: most)
  }

  /// The bound on |d|; nil if too little is known around holes.
  private static func most(_ change: TemporalChange, plane: Int) -> Float? {
    var sizes = change.frames.flatMap { frame in
      frame.places.indices.lazy.filter { !frame.isHole[$0] }.map { abs(frame.differences[plane][$0]) }
    }
    guard sizes.count >= fewest else { return nil }
    sizes.sort()
    return cap * max(leastMedian, sizes[sizes.count / 2])
  }

  /// K in every cell: the cell's own, or interpolated from other cells of the frame if it has no samples around holes.
  private static func around(_ cells: [Double], grid: (t: Int, y: Int, x: Int)) -> [Float] {
    let area = grid.y * grid.x
    let all = 0..<grid.t * area
    let sizes: [Double] = all.map { cells[$0 * sums] }
    let counts: [Double] = all.map { cells[$0 * sums + 1] }
    let mean = sizes.reduce(0, +) / max(1e-9, counts.reduce(0, +))
    var result: [Float] = all.map { Float(counts[$0] > 0.5 ? sizes[$0] / counts[$0] : mean) }
    let known: [UInt8] = counts.map { $0 > 0.5 ? SampleState.known : SampleState.missing }
    let pyramid = PullPush(height: grid.y, width: grid.x)
    for t in 0..<grid.t where known[t * area..<(t + 1) * area].contains(SampleState.known) {
      result.withUnsafeMutableBufferPointer { result in
        known.withUnsafeBufferPointer { known in
          pyramid.fill(
            .init(rebasing: result[t * area..<(t + 1) * area]),
            known: .init(rebasing: known[t * area..<(t + 1) * area]))
        }
      }
    }
    return result
  }

  /// Correlation of the changes around holes with those of the sample below, to the right, and in the other planes.
  private static func correlation(_ change: TemporalChange, plane: Int, most: Float) -> GrainNoise.Correlation
  {
    let (width, area) = (change.lattice.width, change.lattice.count)
    var below = (sum: 0.0, energy: 0.0)
    var right = below
    var others = below
    func add(_ a: Float, _ b: Float, to pair: inout (sum: Double, energy: Double)) {
      pair.sum += Double(a * b)
      pair.energy += Double(a * a + b * b) / 2
    }
    var row = [Float](repeating: 0, count: area)
    for frame in change.frames where !frame.places.isEmpty {
      func capped(_ p: Int, _ k: Int) -> Float { max(-most, min(most, frame.differences[p][k])) }
      for (k, place) in frame.places.enumerated() { row[place] = frame.isHole[k] ? .nan : capped(plane, k) }
      for (k, place) in frame.places.enumerated() where !frame.isHole[k] {
        let own = row[place]
        if (place + 1) % width > 0, k + 1 < frame.places.count, frame.places[k + 1] == place + 1,
          !frame.isHole[k + 1]
        {
          add(own, row[place + 1], to: &right)
        }
        for other in frame.differences.indices where other != plane {
          add(own, capped(other, k), to: &others)
        }
      }
      for place in frame.places where place + width < area && row[place].isFinite {
        let next = row[place + width]
        if next.isFinite && next != 0 { add(row[place], next, to: &below) }
      }
      for place in frame.places { row[place] = 0 }
    }
    func ratio(_ pair: (sum: Double, energy: Double)) -> Double {
      pair.energy > 0 ? max(0, min(1, pair.sum / pair.energy)) : 0
    }
    return .init(rows: ratio(below), columns: ratio(right), planes: ratio(others))
  }
}
