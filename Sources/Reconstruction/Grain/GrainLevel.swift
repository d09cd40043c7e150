import Foundation
import Frames
import Kernels
import Motion

/// How much noise the holes of a plane lack against their surroundings, and how it is correlated.
///
/// Noise of the variance S shows in changes along the motion (`TemporalChange`), twice over: whole samples', those between
/// samples, and their Laplacians, which keep a share of it that follows from its correlation. What is no noise adds to each
/// of them, but seldom to all: motion that is not followed is smooth, a texture that is finer moves. So S is a half of the
/// least of the three, around holes, and I is the least within them. With m the share of samples of holes that move onto
/// missing samples, noise of the variance
///
///     v = min(s^2 S, max(0, 2 s^2 S - I) / (1 + m))
///
/// raises I to 2 s^2 S: a change gets it at both ends where both are missing, else at one. A frame of which nothing is known
/// shows what the frames beside it do: with L the variance of its Laplacians and M that of theirs,
///
///     v = min(s^2 S, max(0, s^2 M - L) / share)
///
/// All are local: the scales of cells of a `WeightField` (`NoiseScale`), linear in between. Noise depends on little but the
/// place and the brightness: v is at most s^2 S of all that is as bright, so that what a dark thing gets is not what
/// shimmers around it.
struct GrainLevel {
  /// Standard deviation of the missing noise, full scale = 1, one value for each cell.
  private(set) var deviation: WeightField
  /// The same in frames of which nothing is known.
  private(set) var deviationOfFrames: WeightField
  /// The most of both at a sample of some brightness.
  private let most: BrightnessCurve
  private(set) var correlation = GrainNoise.Correlation()
  /// s: noise is raised to this share of that around.
  private static let share = 0.95
  /// Least number of changes around holes.
  private static let fewest = 64

  /// Changes around holes or within them.
  private struct Scales {
    var rounded: NoiseScale
    var between: NoiseScale
    var edges: NoiseScale

    init(_ field: WeightField) {
      rounded = NoiseScale(field)
      (between, edges) = (rounded, rounded)
    }

    /// The least of the variances that the three show.
    func variances(kept: Double) -> [Double]? {
      guard let rounded = rounded.filled else { return nil }
      let between = between.filled ?? rounded
      let edges = edges.filled
      return rounded.indices.map { cell in
        let least = min(rounded[cell], between[cell])
        guard let edges else { return least * least }
        return min(least * least, edges[cell] * edges[cell] / kept)
      }
    }

    /// The same of what has a brightness, wherever it is.
    func curve(kept: Double) -> BrightnessCurve? {
      guard let rounded = rounded.curve else { return nil }
      let (between, edges) = (between.curve, edges.curve)
      return rounded.map { i, scale in
        let least = min(scale, between?.values[i] ?? scale)
        guard let edges else { return least * least }
        return min(least * least, edges.values[i] * edges.values[i] / kept)
      }
    }
  }

  /// - Parameters:
  ///   - plane: which of the layer's planes.
  ///   - values: the plane's samples with their holes filled.
  ///   - isStill: of each frame but the last, whether the next one repeats it: such pairs show no noise.
  /// - Returns: nil if too little is known around holes, or they lack no noise.
  init?(of change: TemporalChange, plane: Int, values: [Float], brightness: Brightness, isStill: [Bool]) {
    let (lattice, shown) = (change.lattice, change.shown)
    deviation = WeightField(
      estimators: 1, frames: shown.frames, height: lattice.height, width: lattice.width)
    deviationOfFrames = deviation
    let grid = deviation.grid
    var (around, within) = (Scales(deviation), Scales(deviation))
    var covered = [Double](repeating: 0, count: 2 * deviation.cells)
    var correlations = NoiseCorrelation()
    for pair in change.pairs where !(pair.isConsecutive && isStill[pair.first]) {
      let traces = pair.planes[plane]
      correlations = correlations + traces.correlation
      for (k, place) in pair.places.enumerated() {
        let (t, y, x) = (pair.first, place / lattice.width, place % lattice.width)
        let bright = brightness[t, y, x]
        func add(to scales: inout Scales) {
          scales.rounded.add(traces.rounded.trendless[k], brightness: bright, t: t, y: y, x: x)
          scales.between.add(traces.between[k], brightness: bright, t: t, y: y, x: x)
          scales.edges.add(traces.rounded.edges[k], brightness: bright, t: t, y: y, x: x)
        }
        if pair.isHole[k] {
          let cell = deviation.cell(t: t, y: y, x: x)
          add(to: &within)
          covered[2 * cell] += pair.isCovered[k] ? 1 : 0
          covered[2 * cell + 1] += 1
        } else {
          add(to: &around)
        }
      }
    }
    guard around.rounded.count >= Self.fewest else { return nil }
    correlation = correlations.correlation
    let kept = NoiseCorrelation.kept(correlation)
    guard let changes = around.variances(kept: kept), let curve = around.curve(kept: kept) else { return nil }
    most = curve.map { _, variance in Self.share * (variance / 2).squareRoot() }
    let aims = changes.map { Self.share * Self.share * $0 / 2 }
    covered = WeightField.smoothed(covered, grid: grid, size: 2)
    let found = within.variances(kept: kept)
    deviation.weights = aims.indices.map { cell in
      guard let found else { return aims[cell].squareRoot() }
      let share = covered[2 * cell + 1] > 0 ? covered[2 * cell] / covered[2 * cell + 1] : 0
      return min(aims[cell], max(0, 2 * aims[cell] - found[cell]) / (1 + share)).squareRoot()
    }
    deviationOfFrames.weights = aims.map { $0.squareRoot() }
    limitFrames(shown, lattice, values, kept: kept)
    if deviation.weights.allSatisfy({ $0 == 0 }) && deviationOfFrames.weights.allSatisfy({ $0 == 0 }) {
      return nil
    }
  }

  /// Takes from the noise of whole frames what their Laplacians have already.
  private mutating func limitFrames(
    _ shown: ShownSamples, _ lattice: SampleLattice, _ values: [Float], kept: Double
  ) {
    if !shown.isEmpty.contains(true) { return }
    let area = lattice.count
    var (known, filled) = (NoiseScale(deviation), NoiseScale(deviation))
    let places = (0..<area).filter(shown.isSampled)
    var kinds = [UInt8](repeating: 0, count: area)
    for place in places { kinds[place] = 1 }
    for t in 0..<shown.frames where shown.isEmpty[t] || shown.isBesideEmpty(t) {
      let traces = NoiseTraces(
        of: Array(values[t * area..<(t + 1) * area]), kinds: kinds, height: lattice.height,
        width: lattice.width, at: places, needsTrendless: false)
      for (place, edge) in zip(places, traces.edges) {
        let (y, x) = (place / lattice.width, place % lattice.width)
        if shown.isEmpty[t] {
          filled.add(edge, brightness: 0, t: t, y: y, x: x)
        } else {
          known.add(edge, brightness: 0, t: t, y: y, x: x)
        }
      }
    }
    guard let known = known.filled, let filled = filled.filled else { return }
    deviationOfFrames.weights = deviationOfFrames.weights.indices.map { cell in
      let most = deviationOfFrames.weights[cell]
      let aim = Self.share * known[cell]
      return min(most * most, max(0, aim * aim - filled[cell] * filled[cell]) / kept).squareRoot()
    }
  }

  /// The deviations at the samples of a row.
  func deviations(t: Int, y: Int, width: Int, isEmpty: Bool, brightness: Brightness) -> [Float] {
    let row = (isEmpty ? deviationOfFrames : deviation).row(t: t, y: y, width: width)
    return row.enumerated().map { x, deviation in
      deviation > 0 ? min(deviation, Float(most[brightness[t, y, x]])) : 0
    }
  }
}
