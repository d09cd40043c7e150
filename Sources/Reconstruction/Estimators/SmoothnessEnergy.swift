import Kernels

/// How bent a volume's signal is, as a quadratic function of its missing samples: its Hessian times a vector.
///
/// With w = 1 / distance^2 for each axis. Harmonic: sum of w (difference of neighbours)^2. Biharmonic: sum of
/// (sum over axes of w times the second difference)^2, second differences that reach beyond an end left out.
struct SmoothnessEnergy {
  let kind: VolumetricInterpolation.Kind
  let frames: Int
  let height: Int
  let width: Int
  let threads: Int
  /// Rows, numbered through all frames, with a missing sample, and those within reach of one.
  let unknownRows: [Int]
  private let reachedRows: [Int]
  /// 1 where missing, 0 where known.
  let unknown: [Float]
  /// Weights along frames, rows, columns.
  private let weights: (t: Float, y: Float, x: Float)

  init(
    kind: VolumetricInterpolation.Kind, shape: (Int, Int, Int), states: [UInt8], spacing: SampleSpacing,
    threads: Int
  ) {
    self.kind = kind
    (frames, height, width) = shape
    self.threads = threads
    func weight(_ distance: Double) -> Float { Float(1 / (distance * distance)) }
    weights = (weight(spacing.frame), weight(spacing.row), weight(spacing.column))
    unknown = states.map { $0 == SampleState.known ? 0 : 1 }
    let (frames, height, width) = shape
    var touched = [Bool](repeating: false, count: frames * height)
    for row in touched.indices {
      touched[row] = states[row * width..<(row + 1) * width].contains { $0 != SampleState.known }
    }
    unknownRows = touched.indices.filter { touched[$0] }
    var reached = touched
    for row in unknownRows {
      let (t, y) = (row / height, row % height)
      if t > 0 { reached[row - height] = true }
      if t + 1 < frames { reached[row + height] = true }
      if y > 0 { reached[row - 1] = true }
      if y + 1 < height { reached[row + 1] = true }
    }
    reachedRows = reached.indices.filter { reached[$0] }
  }

  /// Rows that one thread does at a time.
  private static let share = 64

  /// Runs `body` on stretches of rows and adds up what it returns, in order.
  func sum(_ rows: [Int], _ body: (ArraySlice<Int>) -> Double) -> Double {
    let pieces = (rows.count + Self.share - 1) / Self.share
    var sums = [Double](repeating: 0, count: pieces)
    sums.withUnsafeMutableBufferPointer { sums in
      parallelFor(pieces, threads: threads) { i in
        sums[i] = body(rows[i * Self.share..<min(rows.count, (i + 1) * Self.share)])
      }
    }
    return sums.reduce(0, +)
  }

  /// Writes half the gradient of the energy at `u` to `gradient` where samples are missing, 0 elsewhere in their rows.
  ///
  /// - Parameter scratch: as large as `u`; what is outside the reached rows is never looked at.
  func gradient(
    of u: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    switch kind {
    case .harmonic:
      _ = sum(unknownRows) { rows in
        for row in rows {
          differences(u, row, to: gradient, skipsEnds: false)
          mask(gradient, row, times: -1)
        }
        return 0
      }
    case .biharmonic:
      _ = sum(reachedRows) { rows in
        for row in rows { differences(u, row, to: scratch, skipsEnds: true) }
        return 0
      }
      _ = sum(unknownRows) { rows in
        for row in rows {
          adjoint(scratch, row, to: gradient)
          mask(gradient, row, times: 1)
        }
        return 0
      }
    }
  }

  private func mask(_ gradient: UnsafeMutablePointer<Float>, _ row: Int, times sign: Float) {
    unknown.withUnsafeBufferPointer { unknown in
      for i in row * width..<(row + 1) * width { gradient[i] *= sign * unknown[i] }
    }
  }

  /// The sum over axes of w times differences to both neighbours; at an end those to the one there is, or none.
  private func differences(
    _ u: UnsafePointer<Float>, _ row: Int, to result: UnsafeMutablePointer<Float>, skipsEnds: Bool
  ) {
    let (t, y, start, area) = (row / height, row % height, row * width, height * width)
    let (out, here) = (result + start, u + start)
    let (wx, width) = (weights.x, width)
    if width > 2 {
      for x in 1..<width - 1 { out[x] = wx * (here[x - 1] - 2 * here[x] + here[x + 1]) }
    }
    out[0] = !skipsEnds && width > 1 ? wx * (here[1] - here[0]) : 0
    if width > 1 { out[width - 1] = skipsEnds ? 0 : wx * (here[width - 2] - here[width - 1]) }
    func add(_ step: Int, _ hasBefore: Bool, _ hasAfter: Bool, _ w: Float) {
      if skipsEnds && !(hasBefore && hasAfter) { return }
      if hasBefore && hasAfter {
        let (before, after) = (here - step, here + step)
        for x in 0..<width { out[x] += w * (before[x] - 2 * here[x] + after[x]) }
      } else if hasBefore || hasAfter {
        let beside = hasBefore ? here - step : here + step
        for x in 0..<width { out[x] += w * (beside[x] - here[x]) }
      }
    }
    add(width, y > 0, y + 1 < height, weights.y)
    add(area, t > 0, t + 1 < frames, weights.t)
  }

  /// The transposed map of `differences` with `skipsEnds`.
  private func adjoint(_ q: UnsafePointer<Float>, _ row: Int, to result: UnsafeMutablePointer<Float>) {
    let (t, y, start, area) = (row / height, row % height, row * width, height * width)
    let (out, here) = (result + start, q + start)
    let (wx, width) = (weights.x, width)
    // The second difference of q with zeros at both ends and beyond.
    func at(_ x: Int) -> Float { x > 0 && x < width - 1 ? here[x] : 0 }
    if width > 4 {
      for x in 2..<width - 2 { out[x] = wx * (here[x - 1] - 2 * here[x] + here[x + 1]) }
      for x in [0, 1, width - 2, width - 1] { out[x] = wx * (at(x - 1) - 2 * at(x) + at(x + 1)) }
    } else {
      for x in 0..<width { out[x] = wx * (at(x - 1) - 2 * at(x) + at(x + 1)) }
    }
    func add(_ step: Int, _ position: Int, _ count: Int, _ w: Float) {
      func isInner(_ i: Int) -> Bool { i > 0 && i < count - 1 }
      if isInner(position) { for x in 0..<width { out[x] -= 2 * w * here[x] } }
      if isInner(position - 1) {
        let before = here - step
        for x in 0..<width { out[x] += w * before[x] }
      }
      if isInner(position + 1) {
        let after = here + step
        for x in 0..<width { out[x] += w * after[x] }
      }
    }
    add(width, y, height, weights.y)
    add(area, t, frames, weights.t)
  }
}

/// The least of a `SmoothnessEnergy` over the missing samples, by conjugate gradients (Hestenes and Stiefel, 1952).
///
/// - Complexity: O(steps x samples of rows with a missing one); steps grow with the width of the holes, and are bounded.
struct ConjugateGradient {
  let energy: SmoothnessEnergy

  /// The residual has fallen to this share of the first one.
  private static let tolerance = 1e-3
  private static let steps = 200

  /// Changes the missing samples of `u`, which hold the start.
  ///
  /// - Throws: `RestorationError.cancelled`.
  func minimise(_ u: UnsafeMutableBufferPointer<Float>, context: EstimatorContext) throws {
    guard let u = u.baseAddress, !energy.unknownRows.isEmpty else { return }
    let (rows, width) = (energy.unknownRows, energy.width)
    let count = energy.frames * energy.height * width
    func zeros() -> Matrix { Matrix(rows: 1, columns: count) }
    let (residual, direction, image, scratch) = (zeros(), zeros(), zeros(), zeros())
    func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>) -> Double {
      energy.sum(rows) { rows in
        var sum = 0.0
        for row in rows {
          var part: Float = 0
          for i in row * width..<(row + 1) * width { part += a[i] * b[i] }
          sum += Double(part)
        }
        return sum
      }
    }
    energy.gradient(of: u, to: residual.base, scratch: scratch.base)
    each(rows) { i in
      residual.base[i] = -residual.base[i]
      direction.base[i] = residual.base[i]
    }
    var square = dot(residual.base, residual.base)
    let end = square * Self.tolerance * Self.tolerance
    // Squares of a ten-thousandth of full scale are noise.
    let floor = 1e-8 * 1e-2 * Double(rows.count * width)
    for step in 0..<Self.steps where square > max(end, floor) {
      if step % 8 == 0 { try context.checkCancellation() }
      energy.gradient(of: direction.base, to: image.base, scratch: scratch.base)
      let curvature = dot(direction.base, image.base)
      if !(curvature > 0) { return }
      let length = Float(square / curvature)
      each(rows) { i in
        u[i] += length * direction.base[i]
        residual.base[i] -= length * image.base[i]
      }
      let next = dot(residual.base, residual.base)
      let turn = Float(next / square)
      each(rows) { i in direction.base[i] = residual.base[i] + turn * direction.base[i] }
      square = next
    }
  }

  private func each(_ rows: [Int], _ body: (Int) -> Void) {
    let width = energy.width
    _ = energy.sum(rows) { rows in
      for row in rows { for i in row * width..<(row + 1) * width { body(i) } }
      return 0
    }
  }
}
