import Frames
import Kernels

/// Stacking of estimates: convex combination by local weights that minimise the squared error on held-out samples (L. Breiman,
/// "Stacked regressions", Machine Learning 1996).
///
/// The second moments of the estimators' errors are summed in the cells of a coarse grid and smoothed over it; those of the
/// whole site are added, and decide where a cell has few held-out samples. Each cell's weights follow by `convexWeights` and
/// are interpolated linearly between cells, so that no seam shows.
struct Stacking {
  /// The whole site's moments count as much as this many held-out samples of a cell.
  private static let prior = 16.0

  let ids: [EstimatorID]
  /// The weights of each plane.
  private(set) var fields: [WeightField]
  /// Planes of the same size, those of the frame's own first, and their errors on the held-out samples, by cross-validation
  /// in two folds.
  private(set) var judged: [(planes: [Int], error: ErrorSum)] = []
  /// The errors of all planes.
  var heldOut: ErrorSum { judged.reduce(into: ErrorSum()) { $0 += $1.error } }

  /// - Parameter estimates: made without the held-out samples of `samples`; where there are none, all weigh the same.
  init(ids: [EstimatorID], estimates: [Estimate], samples: MaskedSamples) {
    precondition(!estimates.isEmpty && ids.count == estimates.count, "an identifier for each estimate")
    self.ids = ids
    fields = samples.planes.map {
      WeightField(estimators: estimates.count, frames: samples.frames, height: $0.height, width: $0.width)
    }
    // Planes of the same size share holes and motion, and so their weights.
    for planes in samples.planes(alike: { $0.height == $1.height && $0.width == $1.width }) {
      var folds = [
        ErrorMoments(field: fields[planes[0]], estimators: estimates.count),
        ErrorMoments(field: fields[planes[0]], estimators: estimates.count),
      ]
      Self.gather(
        into: &folds, planes: planes, estimates: estimates, samples: samples, field: fields[planes[0]])
      let together = folds[0].adding(folds[1])
      var error = ErrorSum(samples: together.heldOutSamples)
      defer { judged.append((planes, error)) }
      if error.samples == 0 { continue }
      for p in planes { fields[p].weights = together.weights(grid: fields[p].grid, prior: Self.prior) }
      for k in 0..<2 where folds[k].heldOutSamples > 0 {
        var crossed = fields[planes[0]]
        if folds[1 - k].heldOutSamples > 0 {
          crossed.weights = folds[1 - k].weights(grid: crossed.grid, prior: Self.prior)
        }
        error.squares += folds[k].error(under: crossed.weights)
      }
    }
  }

  /// The two folds are the black and the white cells of a chessboard: the error of each is measured with weights of the other.
  private static func fold(t: Int, y: Int, x: Int) -> Int {
    (t / WeightField.cell.t + y / WeightField.cell.y + x / WeightField.cell.x) & 1
  }

  private static func gather(
    into folds: inout [ErrorMoments], planes: [Int], estimates: [Estimate], samples: MaskedSamples,
    field: WeightField
  ) {
    var errors = [Double](repeating: 0, count: estimates.count)
    for p in planes {
      let plane = samples.planes[p]
      let area = plane.height * plane.width
      plane.forEachUnknown { i in
        if plane.states[i] != SampleState.heldOut { return }
        let (t, y, x) = (i / area, i % area / plane.width, i % plane.width)
        for e in estimates.indices {
          errors[e] = Double(clamped(estimates[e].planes[p][i]) - plane.values[i])
        }
        folds[fold(t: t, y: y, x: x)].add(errors, cell: field.cell(t: t, y: y, x: x))
      }
    }
  }

  private static func clamped(_ value: Float) -> Float { max(0, min(1, value)) }

  /// The stacked estimate. Known samples keep their values.
  ///
  /// - Parameter estimates: in the order of `ids`.
  func stack(_ estimates: [Estimate], in samples: MaskedSamples, threads: Int) -> Estimate {
    var result = Estimate(planes: samples.planes.map(\.values))
    for (p, plane) in samples.planes.enumerated() {
      let inputs = estimates.map { $0.planes[p] }
      let area = plane.height * plane.width
      let field = fields[p]
      parallelFor(samples.frames, threads: threads, writing: &result.planes[p]) { t, output in
        for y in 0..<plane.height {
          let row = t * area + y * plane.width
          var weights: WeightField.Row?
          plane.forEachUnknown(in: row..<row + plane.width) { i in
            let line = weights ?? field.row(t: t, y: y)
            weights = line
            var sum: Float = 0
            for e in 0..<inputs.count {
              sum += line.weight(of: e, x: i - row) * Self.clamped(inputs[e][i])
            }
            output[i] = sum
          }
        }
      }
    }
    return result
  }

  /// Mean weight of each estimator over the planes.
  var meanWeights: [EstimatorID: Double] {
    var result: [EstimatorID: Double] = [:]
    for field in fields {
      for (id, weight) in zip(ids, field.means) {
        result[id, default: 0] += weight / Double(fields.count)
      }
    }
    return result
  }
}
