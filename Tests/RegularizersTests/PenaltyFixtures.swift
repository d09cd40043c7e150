import Kernels
import Representations
import Testing

@testable import Regularizers

enum Grids {
  static let single = SignalGrid(frames: 4, height: 6, width: 7, planes: 1)
  static let plain = SignalGrid(frames: 4, height: 6, width: 7, planes: 3)
  /// Full planes between planes of half the resolution.
  static let subsampled = SignalGrid(
    frames: 5, height: 6, width: 8,
    groups: [
      .init(rows: (0..<3).map { 2 * Float($0) + 0.5 }, columns: (0..<4).map { 2 * Float($0) + 0.5 }),
      .init(rows: (0..<6).map(Float.init), columns: (0..<8).map(Float.init)),
    ], groupOfPlane: [0, 1, 0])
  static let all = [single, plain, subsampled]
  /// More blocks than threads, and a part of a block.
  static let large = SignalGrid(frames: 3, height: 20, width: 150, planes: 2)
}

/// A penalty with settings that suit a tiny grid.
struct Penalty: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The axis whose pairs of positions it needs; nil where it looks at neighbours along more than one.
  let axis: Axis?
  let make: @Sendable (SignalGrid) -> any SignalRegularizer

  /// Those whose own gradient is that of their value: through the mean row sum of a normalised one none flows, and its
  /// own gradient is compared with that of the energy of factors.
  static let unnormalised = all.filter { !$0.testDescription.contains("normalised") }

  private static func inrr(
    grid: SignalGrid, axis: Axis, centres: Int? = nil, prior: Bool, normalised: Bool
  ) -> INRR.SignalForm {
    INRR.SignalForm(
      grid: grid, axis: axis,
      options: INRR.Options(
        centres: centres, width: 8, rate: 1e-4, beta2: 0.999, prior: prior, normalised: normalised), seed: 1)
  }

  static let all: [Penalty] =
    Axis.allCases.flatMap { axis in
      [
        Penalty(testDescription: "INRR, \(axis.name)", axis: axis) {
          inrr(grid: $0, axis: axis, centres: 4, prior: false, normalised: false)
        },
        Penalty(testDescription: "INRR with a prior, \(axis.name)", axis: axis) {
          inrr(grid: $0, axis: axis, prior: true, normalised: false)
        },
        Penalty(testDescription: "INRR normalised, \(axis.name)", axis: axis) {
          inrr(grid: $0, axis: axis, prior: true, normalised: true)
        },
        Penalty(testDescription: "AIR, \(axis.name)", axis: axis) {
          AIR(grid: $0, axis: axis, seed: 1)
        },
        Penalty(testDescription: "DE, \(axis.name)", axis: axis) {
          let (observed, known) = observation(on: $0)
          return FixedDirichletEnergy(observed: observed, known: known, axis: axis)
        },
      ]
    } + [
      Penalty(testDescription: "TV", axis: nil) { _ in TotalVariation() },
      Penalty(testDescription: "SSTV", axis: nil) { _ in SpatioTemporalVariation() },
    ]
}

/// Samples that are multiples of 1/8, so that small multiples of 1/64 change no sign of a difference.
func randomSignal(_ grid: SignalGrid, lattice: Lattice? = nil, seed: UInt64) -> Signal {
  var random = RandomSource(seed: seed)
  let signal = Signal(grid: grid, lattice: lattice)
  for plane in signal.planes {
    for i in 0..<plane.count { plane.base[i] = Float(random.below(17)) / 8 - 1 }
  }
  return signal
}

/// Samples above and below zero, some not known, one frame, row and column of them not at all.
func observation(on grid: SignalGrid) -> (observed: Signal, known: Signal) {
  let observed = randomSignal(grid, seed: 21)
  let known = Signal(grid: grid)
  var random = RandomSource(seed: 22)
  for plane in grid.planes {
    let columns = grid.columnCount(ofPlane: plane)
    for t in 0..<grid.frames {
      for k in 0..<observed.planes[plane].columns {
        let (y, x) = (k / columns, k % columns)
        if t != 1 && y != 2 && x != 1 && random.below(4) > 0 {
          known.planes[plane][t, k] = 1
          observed.planes[plane][t, k] += 0.5
        } else {
          observed.planes[plane][t, k] = .nan
        }
      }
    }
  }
  return (observed, known)
}

extension Signal {
  func dot(_ other: Signal) -> Double {
    zip(planes, other.planes).reduce(0) { $0 + VectorMath.dot($1.0, $1.1) }
  }

  func add(_ other: Signal, times factor: Float) {
    for (to, from) in zip(planes, other.planes) { VectorMath.add(from, times: factor, to: to) }
  }

  /// Samples of a signal on the whole grid that are on a lattice.
  func restricted(to lattice: Lattice) -> Signal {
    let result = Signal(grid: grid, lattice: lattice)
    for plane in grid.planes {
      let group = lattice.groups[grid.groupOfPlane[plane]]
      let columns = grid.columnCount(ofPlane: plane)
      for (t, frame) in lattice.frames.enumerated() {
        for (y, row) in group.rows.enumerated() {
          for (x, column) in group.columns.enumerated() {
            result.planes[plane][t, y * group.columns.count + x] =
              planes[plane][frame, row * columns + column]
          }
        }
      }
    }
    return result
  }

  /// Sum over the samples of a plane of `body` of its indices on the lattice, and of its indices in the grid.
  func sum(ofPlane plane: Int, _ body: (_ here: [Int], _ inGrid: [Int]) -> Double) -> Double {
    let group = lattice.groups[grid.groupOfPlane[plane]]
    var sum = 0.0
    for (t, frame) in lattice.frames.enumerated() {
      for (y, row) in group.rows.enumerated() {
        for (x, column) in group.columns.enumerated() { sum += body([t, y, x], [frame, row, column]) }
      }
    }
    return sum
  }

  func value(ofPlane plane: Int, at index: [Int]) -> Double {
    Double(planes[plane][index[0], index[1] * columnCount(ofPlane: plane) + index[2]])
  }

  /// Sizes of frames, rows and columns of a plane: on the lattice and in the grid.
  func sizes(ofPlane plane: Int) -> (here: [Int], inGrid: [Int]) {
    (
      [lattice.frames.count, rowCount(ofPlane: plane), columnCount(ofPlane: plane)],
      [grid.frames, grid.rowCount(ofPlane: plane), grid.columnCount(ofPlane: plane)]
    )
  }

  /// 1 / probability that a pair of positions on each of `pairs` (0 frames, 1 rows, 2 columns) is on the lattice.
  func inverseProbability(ofPlane plane: Int, pairs: [Int]) -> Double {
    let (here, inGrid) = sizes(ofPlane: plane)
    return (0..<3).reduce(1) { product, d in
      let share = Double(inGrid[d]) / Double(here[d])
      return product * (pairs.contains(d) ? share * Double(inGrid[d] - 1) / Double(here[d] - 1) : share)
    }
  }
}

extension Axis {
  /// Its number among frames, rows, columns.
  var dimension: Int {
    switch self {
    case .time: 0
    case .row: 1
    case .column: 2
    }
  }
}

/// 1/2 sum_ij A_ij ||x_i - x_j||^2 over all slices that are on the lattice, from the definition and without bias; `a`
/// is asked for a group and two of its positions.
func pairEnergy(of signal: Signal, along axis: Axis, _ a: (Int, Int, Int) -> Double) -> Double {
  let d = axis.dimension
  return signal.grid.groupOfPlane.enumerated().reduce(0) { total, item in
    let (plane, group) = item
    let count = signal.sizes(ofPlane: plane).here[d]
    let positions =
      [signal.lattice.frames, signal.lattice.groups[group].rows, signal.lattice.groups[group].columns][d]
    let sum = signal.sum(ofPlane: plane) { here, inGrid in
      (0..<count).reduce(0) { sum, j in
        if j == here[d] { return sum }
        var other = here
        other[d] = j
        let difference = signal.value(ofPlane: plane, at: here) - signal.value(ofPlane: plane, at: other)
        return sum + a(group, inGrid[d], positions[j]) * difference * difference / 2
      }
    }
    return total + sum * signal.inverseProbability(ofPlane: plane, pairs: [d])
  }
}

/// A lattice of about half of everything.
func halfLattice(_ grid: SignalGrid, seed: UInt64) -> Lattice {
  var random = RandomSource(seed: seed)
  return Lattice(randomIn: grid, frames: 3, rows: 4, columns: 5, from: &random)
}

/// The penalty itself, not divided by the number of samples, and its gradient.
func evaluate(_ penalty: any SignalRegularizer, _ signal: Signal, threads: Int = 1) -> (Double, Signal) {
  let gradient = Signal(grid: signal.grid, lattice: signal.lattice)
  let value = penalty.addGradient(
    of: signal, weight: Float(signal.grid.sampleCount), to: gradient, threads: threads)
  return (value, gradient)
}
