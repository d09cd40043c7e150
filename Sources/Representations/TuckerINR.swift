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
  public var chunks: [FrameChunk] { product.chunks }
  public let weightRanges: [Range<Int>]
  /// Precision of the products that make the signal from the factors and carry its gradient back: nine tenths of a step.
  public var precision: Precision {
    get { product.precision }
    set { product.precision = newValue }
  }
  /// Elements of the cores in `parameters`.
  public let coreRange: Range<Int>

  /// (r_t, planes x r_y x r_x)
  public let core: Matrix
  public let coreGradient: Matrix
  let rowNet, columnNet, timeNet: FactorNet
  /// Built on the nets' outputs; each group of planes uses its own rows.
  let product: TuckerProduct

  public init(grid: SignalGrid, configuration: TuckerConfiguration, seed: UInt64) {
    self.grid = grid
    self.configuration = configuration
    let (ry, rx, rt) = (configuration.ranks.row, configuration.ranks.column, configuration.ranks.time)
    let layout = TuckerLayout(configuration, planes: grid.planes.count)
    let (rowSlots, columnSlots, timeSlots, coreSlot) = (layout.row, layout.column, layout.time, layout.core)
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

    var (rows, columns): ([Range<Int>], [Range<Int>]) = ([], [])
    for group in grid.groups {
      let (row, column) = (rows.last?.upperBound ?? 0, columns.last?.upperBound ?? 0)
      rows.append(row..<row + group.rows.count)
      columns.append(column..<column + group.columns.count)
    }
    func factor(_ net: FactorNet, _ ranges: [Range<Int>]) -> TuckerFactor {
      TuckerFactor(
        values: ranges.map { net.output.rows($0) }, gradients: ranges.map { net.outputGradient.rows($0) })
    }
    product = TuckerProduct(
      grid: grid, core: core, coreGradient: coreGradient,
      factors: [factor(rowNet, rows), factor(columnNet, columns), factor(timeNet, [0..<grid.frames])],
      sharesFactors: true)

    var random = RandomSource(seed: seed)
    for net in [rowNet, columnNet, timeNet] { net.initialise(from: &random) }
    core.fillNormal(deviation: 0.3 / Float(rt * ry * rx).squareRoot(), from: &random)
  }

  public func prepare(threads: Int) {
    let nets = [rowNet, columnNet, timeNet]
    let pieces = nets.flatMap { net in net.rowChunks.map { (net, $0) } }
    parallelFor(pieces.count, threads: threads) { i in pieces[i].0.forward(rows: pieces[i].1) }
    let mixing = product.preparations
    parallelFor(mixing + nets.count, threads: threads) { i in
      if i < mixing { product.prepare(piece: i) } else { nets[i - mixing].transposeWeights() }
    }
  }

  public func evaluate(frame: Int, chunk: Int, into x: Matrix) {
    product.evaluate(frame: frame, chunk: chunk, into: x)
  }

  public func accumulate(_ gradient: Matrix, frame: Int, chunk: Int) {
    product.accumulate(gradient, frame: frame, chunk: chunk)
  }

  public func gatherSignalGradient(threads: Int) { product.gatherSignalGradient(threads: threads) }

  public func finish(threads: Int) {
    let nets = [rowNet, columnNet, timeNet]
    let pieces = nets.flatMap { net in net.rowChunks.map { (net, $0) } }
    parallelFor(pieces.count, threads: threads) { i in pieces[i].0.backwardActivations(rows: pieces[i].1) }
    let count = FactorNet.weightPieces
    parallelFor(nets.count * count, threads: threads) { i in nets[i / count].backwardWeights(piece: i % count)
    }
  }
}
