import Kernels

/// A factorised implicit neural representation: a Tucker decomposition whose factors are networks of one coordinate.
///
/// X[t, p] = U (sum_k W[t, k] C[k, p]) V^T, with U (rows, r_y), V (columns, r_x), W (frames, r_t) from factor nets of
/// y, x and t, and one core C[:, p] (r_t, r_y, r_x) for each plane p. Planes at other positions (subsampled chroma)
/// use the same nets there. After LRTFR (Luo et al., TPAMI 2023, doi:10.1109/TPAMI.2023.3341688).
///
/// - Complexity: a step takes about 6 r_y columns (r_x + rows) floating-point operations a frame and plane; memory is
///   about that of the signal at rank resolution, twice.
public final class TuckerINR: StreamedRepresentation {
  public let grid: SignalGrid
  public let configuration: TuckerConfiguration
  public let parameters: Parameters
  public let chunks: [FrameChunk]
  public let weightRanges: [Range<Int>]
  /// Elements of the cores in `parameters`.
  public let coreRange: Range<Int>

  /// (r_t, planes x r_y x r_x)
  public let core: Matrix
  public let coreGradient: Matrix
  let rowNet, columnNet, timeNet: FactorNet

  /// What a group of planes shares: its rows of the nets' outputs, and their transposes.
  struct Group {
    let u, v, uTransposed, vTransposed: Matrix
    let uGradient, vGradient: Matrix
  }
  let groups: [Group]
  /// Made when first asked for: it takes four times the memory of the cores.
  lazy var grams = makeGrams()
  /// (frames, planes x r_y x r_x): W C, and its gradient.
  private let mixed, mixedGradient: Matrix
  /// For each chunk (2, r_y x columns): (W C) V^T of the even and the odd frame, and on the way back its gradient.
  private let halfway: [Matrix]
  /// For each chunk, sums of the gradients of U (rows, r_y) and of V^T (r_x, columns).
  private let uPartials, vPartials: [Matrix]
  /// For each chunk, scratch memory for a transpose of `halfway`, (columns, r_y).
  private let turned: [Matrix]
  /// Columns of `core` and `mixed` that are multiplied in one go, and their parts of the gradient of W.
  let coreBlocks: [Range<Int>]
  private let timePartials: [Matrix]

  public init(grid: SignalGrid, configuration: TuckerConfiguration, seed: UInt64) {
    self.grid = grid
    self.configuration = configuration
    let (ry, rx, rt) = (configuration.ranks.row, configuration.ranks.column, configuration.ranks.time)
    var layout = ParameterLayout()
    let rowSlots = FactorNet.Layout(rank: ry, width: configuration.width, in: &layout)
    let columnSlots = FactorNet.Layout(rank: rx, width: configuration.width, in: &layout)
    let timeSlots = FactorNet.Layout(rank: rt, width: configuration.width, in: &layout)
    let coreSlot = layout.reserve(rows: rt, columns: grid.planes.count * ry * rx)
    let parameters = Parameters(count: layout.count)
    self.parameters = parameters
    coreRange = coreSlot.start..<layout.count
    weightRanges = [rowSlots, columnSlots, timeSlots].flatMap(\.weightRanges) + [coreRange]
    core = coreSlot.value(in: parameters)
    coreGradient = coreSlot.gradient(in: parameters)

    func net(_ positions: [Float], _ extent: Int, _ frequency: Float, _ slots: FactorNet.Layout) -> FactorNet
    {
      FactorNet(
        coordinates: positions.map { SignalGrid.coordinate($0, extent: extent) }, frequency: frequency,
        layout: slots, parameters: parameters)
    }
    rowNet = net(grid.groups.flatMap(\.rows), grid.height, configuration.frequencies.row, rowSlots)
    columnNet = net(grid.groups.flatMap(\.columns), grid.width, configuration.frequencies.column, columnSlots)
    timeNet = net((0..<grid.frames).map(Float.init), grid.frames, configuration.frequencies.time, timeSlots)

    var (row, column) = (0, 0)
    var groups: [Group] = []
    for group in grid.groups {
      let rows = row..<row + group.rows.count
      let columns = column..<column + group.columns.count
      (row, column) = (rows.upperBound, columns.upperBound)
      groups.append(
        Group(
          u: rowNet.output.rows(rows), v: columnNet.output.rows(columns),
          uTransposed: Matrix(rows: ry, columns: rows.count),
          vTransposed: Matrix(rows: rx, columns: columns.count),
          uGradient: rowNet.outputGradient.rows(rows), vGradient: columnNet.outputGradient.rows(columns)))
    }
    self.groups = groups

    // Long chunks evaluate few frames twice, many chunks keep many threads busy.
    let length = max(4, (grid.frames * grid.planes.count + 7) / 8)
    chunks = grid.planes.indices.flatMap { plane in
      stride(from: 0, to: grid.frames, by: length).map {
        FrameChunk(plane: plane, frames: $0..<min($0 + length, grid.frames))
      }
    }
    mixed = Matrix(rows: grid.frames, columns: core.columns)
    mixedGradient = Matrix(rows: grid.frames, columns: core.columns)
    halfway = chunks.map { Matrix(rows: 2, columns: ry * grid.columnCount(ofPlane: $0.plane)) }
    uPartials = chunks.map { Matrix(rows: grid.rowCount(ofPlane: $0.plane), columns: ry) }
    turned = chunks.map { Matrix(rows: grid.columnCount(ofPlane: $0.plane), columns: ry) }
    vPartials = chunks.map { Matrix(rows: rx, columns: grid.columnCount(ofPlane: $0.plane)) }
    let (coreColumns, frames) = (core.columns, grid.frames)
    coreBlocks = stride(from: 0, to: coreColumns, by: 2048).map { $0..<min($0 + 2048, coreColumns) }
    timePartials = coreBlocks.map { _ in Matrix(rows: frames, columns: rt) }

    var random = RandomSource(seed: seed)
    for net in [rowNet, columnNet, timeNet] { net.initialise(from: &random) }
    core.fillNormal(deviation: 0.3 / Float(rt * ry * rx).squareRoot(), from: &random)
  }

  public func prepare(threads: Int) {
    let nets = [rowNet, columnNet, timeNet]
    let pieces = nets.flatMap { net in net.rowChunks.map { (net, $0) } }
    parallelFor(pieces.count, threads: threads) { i in pieces[i].0.forward(rows: pieces[i].1) }
    let (mixing, turning) = (coreBlocks.count, groups.count)
    parallelFor(mixing + turning + nets.count, threads: threads) { i in
      if i < mixing {
        multiply(timeNet.output, core.columns(coreBlocks[i]), into: mixed.columns(coreBlocks[i]))
      } else if i < mixing + turning {
        let group = groups[i - mixing]
        transpose(group.u, into: group.uTransposed)
        transpose(group.v, into: group.vTransposed)
      } else {
        nets[i - mixing - turning].turnWeights()
      }
    }
  }

  /// One frame and plane, (r_y, r_x), of `mixed` or its gradient.
  private func slice(_ matrix: Matrix, _ plane: Int, _ frame: Int) -> Matrix {
    let (ry, rx) = (configuration.ranks.row, configuration.ranks.column)
    return matrix.rows(frame..<frame + 1).reshaped(from: plane * ry * rx, rows: ry, columns: rx)
  }

  /// (W C) V^T of one frame, (r_y, columns).
  private func halfway(_ chunk: Int, _ frame: Int) -> Matrix {
    let slot = frame & 1
    return halfway[chunk].rows(slot..<slot + 1).reshaped(
      rows: configuration.ranks.row, columns: grid.columnCount(ofPlane: chunks[chunk].plane))
  }

  public func evaluate(frame: Int, chunk: Int, into x: Matrix) {
    let plane = chunks[chunk].plane
    let group = groups[grid.planes[plane]]
    let half = halfway(chunk, frame)
    multiply(slice(mixed, plane, frame), group.vTransposed, into: half)
    multiply(group.u, half, into: x)
  }

  public func accumulate(_ gradient: Matrix, frame: Int, chunk: Int) {
    let plane = chunks[chunk].plane
    let beta: Float = frame == chunks[chunk].frames.lowerBound ? 0 : 1
    let group = groups[grid.planes[plane]]
    let half = halfway(chunk, frame)
    let turned = turned[chunk]
    transpose(half, into: turned)
    multiply(gradient, turned, into: uPartials[chunk], beta: beta)
    multiply(group.uTransposed, gradient, into: half)
    multiply(slice(mixed, plane, frame), half, transposing: .first, into: vPartials[chunk], beta: beta)
    multiply(half, group.v, into: slice(mixedGradient, plane, frame))
  }

  public func gatherSignalGradient(threads: Int) {
    let sums = groups.count * 2
    parallelFor(coreBlocks.count + sums, threads: threads) { i in
      if i < sums {
        gather(group: i / 2, rows: i % 2 == 0)
      } else {
        let block = coreBlocks[i - sums]
        multiply(
          timeNet.output, mixedGradient.columns(block), transposing: .first, into: coreGradient.columns(block)
        )
        multiply(
          mixedGradient.columns(block), core.columns(block), transposing: .second,
          into: timePartials[i - sums])
      }
    }
    timeNet.outputGradient.fill(0)
    for partial in timePartials { VectorMath.add(partial, to: timeNet.outputGradient) }
  }

  private func gather(group: Int, rows: Bool) {
    let partials = chunks.indices.filter { grid.planes[chunks[$0].plane] == group }
    guard let first = partials.first else { return }
    let sum = rows ? groups[group].uGradient : vPartials[first]
    if rows { sum.fill(0) }
    for i in rows ? partials[...] : partials.dropFirst() {
      VectorMath.add(rows ? uPartials[i] : vPartials[i], to: sum)
    }
    if !rows { transpose(sum, into: groups[group].vGradient) }
  }

  public func finish(threads: Int) {
    let nets = [rowNet, columnNet, timeNet]
    let pieces = nets.flatMap { net in net.rowChunks.map { (net, $0) } }
    parallelFor(pieces.count, threads: threads) { i in pieces[i].0.backwardActivations(rows: pieces[i].1) }
    let count = FactorNet.weightPieces
    parallelFor(nets.count * count, threads: threads) { i in nets[i / count].backwardWeights(piece: i % count)
    }
  }
}
