import Frames
import Kernels
import Representations

/// The samples of a site for a fit of any model, and where known samples sit among the points of each group.
struct SignalData {
  let fit: FitData
  /// 2 / N, the factor in the gradient of a mean of N squares.
  let residualScale: Float
  /// For each group, points at which some plane is known, frame by frame and row by row.
  let knownPoints: [[Int32]]

  var grid: SignalGrid { fit.grid }

  /// - Parameter centring: true to subtract the mean of the known samples from each plane.
  init(_ samples: MaskedSamples, centring: Bool) {
    let fit = FitData(samples, centring: centring)
    self.fit = fit
    residualScale = 2 / Float(max(fit.grid.sampleCount, 1))
    knownPoints = fit.grid.groups.indices.map { group in
      let planes = fit.grid.planes.filter { fit.grid.groupOfPlane[$0] == group }
      guard let first = planes.first else { return [] }
      return (0..<fit.targets[first].count).compactMap { i in
        planes.contains { !fit.targets[$0][i].isNaN } ? Int32(i) : nil
      }
    }
  }

  /// Writes the gradient of the data term, mean over all samples of (known (X - Y))^2, and returns its value.
  ///
  /// Where the signal covers a random sub-grid (a `Lattice`), both are unbiased estimates.
  func residual(of signal: Signal, into gradient: Signal, threads: Int) -> Double {
    let (lattice, frames) = (signal.lattice, signal.lattice.frames)
    let isWhole = lattice == Lattice(of: grid)
    var total = 0.0
    for (p, group) in grid.groupOfPlane.enumerated() {
      let scale = isWhole ? 1 : Float(lattice.sampleScale(group: group, in: grid))
      let (target, x, dx) = (fit.targets[p], signal.planes[p], gradient.planes[p])
      let (rows, columns) = (lattice.groups[group].rows, lattice.groups[group].columns)
      let width = grid.columnCount(ofPlane: p)
      let sums = parallelMap(frames.count, threads: threads) { t in
        let source = target.base + frames[t] * target.columns
        let (values, out) = (x.base + t * x.columns, dx.base + t * dx.columns)
        var (i, sum) = (0, 0.0)
        for row in rows {
          for column in columns {
            let y = source[row * width + column]
            let difference = y.isNaN ? 0 : values[i] - y
            out[i] = residualScale * scale * difference
            sum += Double(difference * difference)
            i += 1
          }
        }
        return sum
      }
      total += sums.reduce(0, +) * Double(scale)
    }
    return total / Double(max(grid.sampleCount, 1))
  }

  /// Writes the gradient of the data term at points of a group.
  /// - Parameters:
  ///   - indices: of the points among the group's, for each row of `values`.
  ///   - scale: factor on everything.
  /// - Returns: the sum of squares.
  func residual(
    group: Int, indices: ArraySlice<Int32>, values: Matrix, scale: Float, into gradient: Matrix
  ) -> Double {
    var sum = 0.0
    gradient.fill(0)
    for (p, planeGroup) in grid.groupOfPlane.enumerated() where planeGroup == group {
      let target = fit.targets[p].base
      for (i, index) in indices.enumerated() {
        let y = target[Int(index)]
        if y.isNaN { continue }
        let difference = values[i, p] - y
        gradient[i, p] = residualScale * scale * difference
        sum += Double(difference * difference)
      }
    }
    return sum
  }

  /// Mean squared error over the hold-out samples; nil where there are none.
  func heldOutError(of signal: Signal) -> Double? {
    if fit.heldOutCount == 0 { return nil }
    var sum = 0.0
    for plane in grid.planes {
      for frame in 0..<grid.frames {
        sum += fit.heldOutError(plane: plane, frame: frame, of: signal.frame(frame, ofPlane: plane))
      }
    }
    return sum / Double(fit.heldOutCount)
  }

  /// Known samples, zero elsewhere; and 1 where known, 0 elsewhere.
  var observation: (observed: Signal, known: Signal) {
    let (observed, known) = (Signal(grid: grid), Signal(grid: grid))
    for (p, target) in fit.targets.enumerated() {
      for i in 0..<target.count where !target[i].isNaN {
        observed.planes[p][i] = target[i]
        known.planes[p][i] = 1
      }
    }
    return (observed, known)
  }
}
