import Kernels

/// A Tucker product and its backward pass, frame by frame; where its factors come from is left to its owner.
///
/// X[t, p] = U (sum_k W[t, k] C[k, p]) V^T, with U (rows, r_y), V (columns, r_x), W (frames, r_t) and one core C[:, p]
/// (r_t, r_y, r_x) for each plane p. The factors are read and their gradients written in place.
///
/// - Complexity: a step takes about 6 r_y columns (r_x + rows) floating-point operations a frame and plane; memory is
///   about that of the signal at rank resolution, twice.
///
/// Unchecked because `precision` and `grams` change, but only between the loops over pieces and chunks.
final class TuckerProduct: @unchecked Sendable {
  let grid: SignalGrid
  /// Precision of the products that make the signal and carry its gradient back.
  var precision = Precision.single
  let chunks: [FrameChunk]
  let core, coreGradient: Matrix
  /// Those of rows, columns and time, in this order.
  let factors: [TuckerFactor]
  /// Made when first asked for: it takes four times the memory of the cores.
  private(set) lazy var grams = makeGrams()

  /// What a group of planes shares: its factors and their transposes.
  private struct Group {
    let u, v, uTransposed, vTransposed: Matrix
    let uGradient, vGradient: Matrix
  }
  private let groups: [Group]
  private let w, wGradient: Matrix
  private let ranks: (row: Int, column: Int, time: Int)
  private let sharesFactors: Bool
  /// (frames, planes x r_y x r_x): W C, and its gradient.
  private let mixed, mixedGradient: Matrix
  /// For each chunk (2, r_y x columns): (W C) V^T of the even and the odd frame, and in the backward pass its gradient.
  private let halfway: [Matrix]
  /// For each chunk, sums of the gradients of U (rows, r_y) and of V^T (r_x, columns).
  private let uPartials, vPartials: [Matrix]
  /// For each chunk, scratch memory for a transpose of `halfway`, (columns, r_y).
  private let transposed: [Matrix]
  /// Columns of `core` and `mixed` that are multiplied in one go, and their parts of the gradient of W.
  private let coreBlocks: [Range<Int>]
  private let timePartials: [Matrix]

  /// - Parameters:
  ///   - core: (r_t, planes x r_y x r_x).
  ///   - factors: of rows, columns and time, in this order.
  ///   - sharesFactors: true if the groups' factors are one function at different positions, so that energies along
  ///     rows and columns speak of all planes; false if each group's stand for themselves.
  init(
    grid: SignalGrid, core: Matrix, coreGradient: Matrix, factors: [TuckerFactor], sharesFactors: Bool
  ) {
    precondition(factors.count == Axis.allCases.count, "a Tucker product has a factor for each axis")
    self.grid = grid
    self.core = core
    self.coreGradient = coreGradient
    self.factors = factors
    self.sharesFactors = sharesFactors
    let (rows, columns, time) = (factors[0], factors[1], factors[2])
    let (ry, rx, rt) = (rows.rank, columns.rank, time.rank)
    ranks = (ry, rx, rt)
    (w, wGradient) = (time.values[0], time.gradients[0])
    groups = grid.groups.indices.map { i in
      Group(
        u: rows.values[i], v: columns.values[i],
        uTransposed: Matrix(rows: ry, columns: rows.values[i].rows),
        vTransposed: Matrix(rows: rx, columns: columns.values[i].rows), uGradient: rows.gradients[i],
        vGradient: columns.gradients[i])
    }

    // Long chunks evaluate few frames twice, many chunks keep many threads busy.
    let length = max(4, (grid.frames * grid.planes.count + 7) / 8)
    chunks = grid.planes.flatMap { plane in
      stride(from: 0, to: grid.frames, by: length).map {
        FrameChunk(plane: plane, frames: $0..<min($0 + length, grid.frames))
      }
    }
    mixed = Matrix(rows: grid.frames, columns: core.columns)
    mixedGradient = Matrix(rows: grid.frames, columns: core.columns)
    halfway = chunks.map { Matrix(rows: 2, columns: ry * grid.columnCount(ofPlane: $0.plane)) }
    uPartials = chunks.map { Matrix(rows: grid.rowCount(ofPlane: $0.plane), columns: ry) }
    transposed = chunks.map { Matrix(rows: grid.columnCount(ofPlane: $0.plane), columns: ry) }
    vPartials = chunks.map { Matrix(rows: rx, columns: grid.columnCount(ofPlane: $0.plane)) }
    let (coreColumns, frames) = (core.columns, grid.frames)
    coreBlocks = stride(from: 0, to: coreColumns, by: 2048).map { $0..<min($0 + 2048, coreColumns) }
    timePartials = coreBlocks.map { _ in Matrix(rows: frames, columns: rt) }
  }

  /// Number of independent pieces of `prepare`.
  var preparations: Int { coreBlocks.count + groups.count }

  /// One piece of what the frames need, once the factors are there.
  func prepare(piece i: Int) {
    if i < coreBlocks.count {
      multiply(w, core.columns(coreBlocks[i]), into: mixed.columns(coreBlocks[i]), precision: precision)
    } else {
      let group = groups[i - coreBlocks.count]
      transpose(group.u, into: group.uTransposed)
      transpose(group.v, into: group.vTransposed)
    }
  }

  /// One frame and plane, (r_y, r_x), of `mixed` or its gradient.
  private func slice(_ matrix: Matrix, _ plane: Int, _ frame: Int) -> Matrix {
    let (ry, rx) = (ranks.row, ranks.column)
    return matrix.rows(frame..<frame + 1).reshaped(from: plane * ry * rx, rows: ry, columns: rx)
  }

  /// (W C) V^T of one frame, (r_y, columns).
  private func halfway(_ chunk: Int, _ frame: Int) -> Matrix {
    let slot = frame & 1
    return halfway[chunk].rows(slot..<slot + 1).reshaped(
      rows: ranks.row, columns: grid.columnCount(ofPlane: chunks[chunk].plane))
  }

  /// Writes one frame of a chunk, or a frame next to it, (rows, columns), into `x`.
  func evaluate(frame: Int, chunk: Int, into x: Matrix) {
    let plane = chunks[chunk].plane
    let group = groups[grid.groupOfPlane[plane]]
    let half = halfway(chunk, frame)
    multiply(slice(mixed, plane, frame), group.vTransposed, into: half, precision: precision)
    multiply(group.u, half, into: x, precision: precision)
  }

  /// Takes the gradient of a frame; see `StreamedRepresentation`.
  func accumulate(_ gradient: Matrix, frame: Int, chunk: Int) {
    let plane = chunks[chunk].plane
    let beta: Float = frame == chunks[chunk].frames.lowerBound ? 0 : 1
    let group = groups[grid.groupOfPlane[plane]]
    let half = halfway(chunk, frame)
    let transposed = transposed[chunk]
    transpose(half, into: transposed)
    multiply(gradient, transposed, into: uPartials[chunk], beta: beta, precision: precision)
    multiply(group.uTransposed, gradient, into: half, precision: precision)
    multiply(
      slice(mixed, plane, frame), half, transposing: .first, into: vPartials[chunk], beta: beta,
      precision: precision)
    multiply(half, group.v, into: slice(mixedGradient, plane, frame), precision: precision)
  }

  /// Writes the gradients of the cores and the factors.
  func gatherSignalGradient(threads: Int) {
    let sums = groups.count * 2
    parallelFor(coreBlocks.count + sums, threads: threads) { i in
      if i < sums {
        gather(group: i / 2, rows: i % 2 == 0)
      } else {
        let block = coreBlocks[i - sums]
        multiply(
          w, mixedGradient.columns(block), transposing: .first, into: coreGradient.columns(block),
          precision: precision)
        multiply(
          mixedGradient.columns(block), core.columns(block), transposing: .second,
          into: timePartials[i - sums])
      }
    }
    wGradient.fill(0)
    for partial in timePartials { VectorMath.add(partial, to: wGradient) }
  }

  private func gather(group: Int, rows: Bool) {
    let partials = chunks.indices.filter { grid.groupOfPlane[chunks[$0].plane] == group }
    guard let first = partials.first else { return }
    let sum = rows ? groups[group].uGradient : vPartials[first]
    if rows { sum.fill(0) }
    for i in rows ? partials[...] : partials.dropFirst() {
      VectorMath.add(rows ? uPartials[i] : vPartials[i], to: sum)
    }
    if !rows { transpose(sum, into: groups[group].vGradient) }
  }

  private func makeGrams() -> TuckerGrams {
    TuckerGrams(
      core: core, coreGradient: coreGradient, factors: factors, groupOfPlane: grid.groupOfPlane,
      blocks: coreBlocks,
      sharesFactors: sharesFactors)
  }

  /// The factor of an axis at its finest positions.
  func factor(along axis: Axis) -> Matrix { factors[axis.rawValue].values[factors[axis.rawValue].finest] }

  func factorGradient(along axis: Axis) -> Matrix {
    factors[axis.rawValue].gradients[factors[axis.rawValue].finest]
  }
}
