import Frames
import Kernels

/// Blends estimates by convex weights that minimise the squared error on hold-out samples, locally.
///
/// The second moments of the estimators' errors are gathered in cells of a coarse grid, smoothed over it, and
/// joined with the window's moments, which decide where a cell has few hold-out samples; each cell's weights
/// follow by
/// `convexWeights`, and are linear between cells, so that no seam shows.
struct Stacking {
  /// How many hold-out samples of a cell count as much as all of the window's.
  private static let prior = 16.0

  let ids: [EstimatorID]
  /// A field for each plane of the window.
  private(set) var fields: [WeightField]
  /// Squared error on the hold-out samples, each judged by weights that it had no part in, and their number.
  private(set) var squaredError = 0.0
  private(set) var samples = 0

  /// Weights from `estimates`, which must not have seen the held-out samples of `window`.
  init(ids: [EstimatorID], estimates: [Estimate], window: MaskedSamples) {
    precondition(!estimates.isEmpty && ids.count == estimates.count, "an identifier for each estimate")
    self.ids = ids
    fields = window.planes.map {
      WeightField(estimators: estimates.count, frames: window.frames, height: $0.height, width: $0.width)
    }
    // Planes of the same size have their holes and their motion in common, and so their weights.
    var sizes: [[Int]] = []
    for p in window.planes.indices {
      let same = sizes.firstIndex {
        window.planes[$0[0]].height == window.planes[p].height
          && window.planes[$0[0]].width == window.planes[p].width
      }
      if let same { sizes[same].append(p) } else { sizes.append([p]) }
    }
    for planes in sizes {
      var folds = [
        ErrorMoments(field: fields[planes[0]], estimators: estimates.count),
        ErrorMoments(field: fields[planes[0]], estimators: estimates.count),
      ]
      Self.gather(
        into: &folds, planes: planes, estimates: estimates, window: window, field: fields[planes[0]])
      let together = folds[0].adding(folds[1])
      if together.samples == 0 { continue }
      for p in planes { fields[p].weights = together.weights(grid: fields[p].grid, prior: Self.prior) }
      for k in 0..<2 where folds[k].samples > 0 {
        var crossed = fields[planes[0]]
        if folds[1 - k].samples > 0 {
          crossed.weights = folds[1 - k].weights(grid: crossed.grid, prior: Self.prior)
        }
        squaredError += folds[k].error(under: crossed.weights)
        samples += folds[k].samples
      }
    }
  }

  /// Half of the cells, like the squares of one colour of a chessboard, judge the weights of the other half.
  private static func fold(t: Int, y: Int, x: Int) -> Int {
    (t / WeightField.cell.t + y / WeightField.cell.y + x / WeightField.cell.x) & 1
  }

  private static func gather(
    into folds: inout [ErrorMoments], planes: [Int], estimates: [Estimate], window: MaskedSamples,
    field: WeightField
  ) {
    var errors = [Double](repeating: 0, count: estimates.count)
    for p in planes {
      let plane = window.planes[p]
      let area = plane.height * plane.width
      for t in 0..<window.frames {
        for y in 0..<plane.height {
          for x in 0..<plane.width {
            let i = t * area + y * plane.width + x
            if plane.states[i] != SampleState.heldOut { continue }
            for e in estimates.indices {
              errors[e] = Double(clamped(estimates[e].planes[p][i]) - plane.values[i])
            }
            folds[fold(t: t, y: y, x: x)].add(errors, cell: field.cell(t: t, y: y, x: x))
          }
        }
      }
    }
  }

  private static func clamped(_ value: Float) -> Float { max(0, min(1, value)) }

  /// The blend of `estimates`, which are in the order of `ids`; known samples are what they are.
  func blend(_ estimates: [Estimate], in window: MaskedSamples, threads: Int) -> Estimate {
    var result = Estimate(planes: window.planes.map(\.values))
    for (p, plane) in window.planes.enumerated() {
      let inputs = estimates.map { $0.planes[p] }
      let area = plane.height * plane.width
      let field = fields[p]
      result.planes[p].withUnsafeMutableBufferPointer { output in
        parallelFor(window.frames, threads: threads) { t in
          for y in 0..<plane.height {
            let row = t * area + y * plane.width
            let states = plane.states[row..<row + plane.width]
            guard let first = states.firstIndex(where: { $0 != SampleState.known }),
              let last = states.lastIndex(where: { $0 != SampleState.known })
            else { continue }
            let weights = field.row(t: t, y: y, width: plane.width)
            for i in first...last where states[i] != SampleState.known {
              let x = i - row
              var sum: Float = 0
              for e in 0..<inputs.count {
                sum += weights[x * inputs.count + e] * Self.clamped(inputs[e][i])
              }
              output[i] = sum
            }
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

  /// The same by the names that reports have.
  var reportedWeights: [String: Double] {
    Dictionary(uniqueKeysWithValues: meanWeights.map { ($0.name, $1) })
  }
}
