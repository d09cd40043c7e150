/// Second moments of estimators' errors on held-out samples, summed in the cells of a `WeightField`.
struct ErrorMoments {
  let estimators: Int
  /// Sums of products, (cells, estimators, estimators), and the number of samples in each cell.
  private(set) var moments: [Double]
  private(set) var counts: [Double]

  init(field: WeightField, estimators: Int) {
    self.estimators = estimators
    moments = Array(repeating: 0, count: field.cells * estimators * estimators)
    counts = Array(repeating: 0, count: field.cells)
  }

  var heldOutSamples: Int { Int(counts.reduce(0, +)) }

  mutating func add(_ errors: [Double], cell: Int) {
    counts[cell] += 1
    let start = cell * estimators * estimators
    for i in 0..<estimators {
      for j in 0..<estimators { moments[start + i * estimators + j] += errors[i] * errors[j] }
    }
  }

  func adding(_ other: ErrorMoments) -> ErrorMoments {
    var result = self
    for i in moments.indices { result.moments[i] += other.moments[i] }
    for i in counts.indices { result.counts[i] += other.counts[i] }
    return result
  }

  /// Sum of squared errors of the estimates stacked with the given weights, (cells, estimators).
  func error(under weights: [Double]) -> Double {
    var sum = 0.0
    for cell in counts.indices {
      for i in 0..<estimators {
        for j in 0..<estimators {
          sum +=
            weights[cell * estimators + i] * weights[cell * estimators + j]
            * moments[(cell * estimators + i) * estimators + j]
        }
      }
    }
    return max(0, sum)
  }

  /// The best weights of each cell, (cells, estimators), with the mean moments of all cells added as `prior` samples.
  func weights(grid: (t: Int, y: Int, x: Int), prior: Double) -> [Double] {
    let size = estimators * estimators
    var global = [Double](repeating: 0, count: size)
    for i in moments.indices { global[i % size] += moments[i] }
    let total = counts.reduce(0, +)
    guard total > 0 else { return Array(repeating: 1 / Double(estimators), count: counts.count * estimators) }
    let smooth = WeightField.smoothed(moments, grid: grid, size: size)
    return counts.indices.flatMap { cell in
      convexWeights(
        moments: (0..<size).map { smooth[cell * size + $0] + prior * global[$0] / total }, count: estimators)
    }
  }
}
