import Foundation
import Kernels

/// Deep tensor factorisation: a Tucker product whose factor matrices are products of linear maps.
///
/// X[t, p] = U (sum_k W[t, k] C[k, p]) V^T, where U = U_1 ... U_{L-1} with U_1 (rows, r_y) and the others (r_y, r_y), V
/// (columns, r_x) and W (frames, r_t) are likewise products, and every plane p has a core C[:, p] (r_t, r_y, r_x) of its
/// own. Each path from the signal to its parameters passes L factors of an axis, the core among them: the form for
/// volumes of `DeepFactorisation`. There are no networks, no biases and no coordinates. Each group of planes
/// has its own U and V: positions do not relate subsampled planes to the others, as they do in `TuckerINR`.
///
/// At the start every map, (n, r), has elements from N(0, g^2 / r), so that it multiplies lengths by about g, and
/// the cores have elements from N(0, g^2). The deviation of the samples is then the product of all those gains,
/// g^(3 (L - 1) + 1), and g is chosen such that this is `deviation`. The smaller it is, the more strongly low ranks are
/// preferred, and the later the fit leaves zero; 1e-2 does both well for samples in [-0.5, 0.5] and Adam at a rate of
/// 1e-3. Elements from N(0, 1e-6), as the matrix form has them, would not do: gradients would be products of so many of
/// them that they vanish beside Adam's epsilon.
///
/// - Complexity: that of `TuckerINR` for the product and 6 (L - 2) n r^2 floating-point operations for each factor.
public final class DeepTensorFactorisation: StreamedRepresentation {
  public let grid: SignalGrid
  /// Columns of the factor matrices.
  public let ranks: TuckerConfiguration.Axes<Int>
  public let parameters: Parameters
  /// All parameters.
  public let weightRanges: [Range<Int>]
  public var chunks: [FrameChunk] { product.chunks }

  /// The maps of one factor matrix of an axis, and the matrix.
  private struct Factor {
    let maps: LinearMaps
    let value, gradient: Matrix
  }
  let product: TuckerProduct
  private let factors: [Factor]
  /// Pieces of all factors, by their number and the factor's: rows of the products, parts of the maps' gradients.
  private let rowPieces, weightPieces: [(factor: Int, piece: Int)]

  /// - Parameters:
  ///   - layers: L, at least 2: the core and L - 1 maps for each factor.
  ///   - rank: of every axis, at most the largest number of rows, of columns or of frames; nil for those.
  ///   - deviation: standard deviation of the samples at the start.
  public init(
    grid: SignalGrid, layers: Int = 3, rank: Int? = nil, deviation: Float = 1e-2, seed: UInt64
  ) {
    precondition(layers >= 2, "there is a core, and at least one map for each factor")
    precondition((rank ?? 1) >= 1, "a rank is positive")
    self.grid = grid
    func bounded(_ extent: Int?) -> Int { max(1, min(rank ?? extent ?? 1, extent ?? 1)) }
    let ranks = TuckerConfiguration.Axes(
      row: bounded(grid.groups.map(\.rows.count).max()),
      column: bounded(grid.groups.map(\.columns.count).max()), time: bounded(grid.frames))
    self.ranks = ranks

    var layout = ParameterLayout()
    func reserve(_ count: Int, _ rank: Int) -> LinearMaps.Layout {
      LinearMaps.Layout(rows: count, columns: rank, count: layers - 1, rank: rank, in: &layout)
    }
    // Rows of all groups, columns of all groups, time.
    let layouts =
      grid.groups.map { reserve($0.rows.count, ranks.row) }
      + grid.groups.map { reserve($0.columns.count, ranks.column) } + [reserve(grid.frames, ranks.time)]
    let coreSlot = layout.reserve(rows: ranks.time, columns: grid.planes.count * ranks.row * ranks.column)
    let parameters = Parameters(count: layout.count)
    self.parameters = parameters
    weightRanges = layouts.flatMap { $0.slots.map(\.range) } + [coreSlot.range]
    let factors = layouts.map { layout in
      let maps = LinearMaps(layout: layout, parameters: parameters)
      let (rows, columns) = (maps.maps[0].rows, maps.maps[0].columns)
      return Factor(
        maps: maps, value: Matrix(rows: rows, columns: columns),
        gradient: Matrix(rows: rows, columns: columns))
    }
    self.factors = factors
    rowPieces = factors.indices.flatMap { i in factors[i].maps.rowChunks.indices.map { (i, $0) } }
    weightPieces = factors.indices.flatMap { i in factors[i].maps.weightPieces.indices.map { (i, $0) } }
    func axis(_ range: Range<Int>) -> TuckerFactor {
      TuckerFactor(values: factors[range].map(\.value), gradients: factors[range].map(\.gradient))
    }
    let groups = grid.groups.count
    let core = coreSlot.value(in: parameters)
    product = TuckerProduct(
      grid: grid, core: core, coreGradient: coreSlot.gradient(in: parameters),
      factors: [axis(0..<groups), axis(groups..<2 * groups), axis(2 * groups..<2 * groups + 1)],
      sharesFactors: false)

    let gain = pow(deviation, 1 / Float(3 * (layers - 1) + 1))
    var random = RandomSource(seed: seed)
    for map in factors.flatMap(\.maps.maps) {
      map.fillNormal(deviation: gain / Float(map.columns).squareRoot(), from: &random)
    }
    core.fillNormal(deviation: gain, from: &random)
  }

  public func prepare(threads: Int) {
    parallelFor(rowPieces.count, threads: threads) { i in
      let factor = factors[rowPieces[i].factor]
      factor.maps.forward(rows: factor.maps.rowChunks[rowPieces[i].piece], into: factor.value)
    }
    let preparations = product.preparations
    parallelFor(preparations + factors.count, threads: threads) { i in
      if i < preparations {
        product.prepare(piece: i)
      } else {
        factors[i - preparations].maps.transposeMaps()
      }
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
    parallelFor(rowPieces.count, threads: threads) { i in
      let factor = factors[rowPieces[i].factor]
      factor.maps.backwardProducts(
        rows: factor.maps.rowChunks[rowPieces[i].piece], of: factor.gradient)
    }
    parallelFor(weightPieces.count, threads: threads) { i in
      let factor = factors[weightPieces[i].factor]
      factor.maps.backwardWeights(piece: weightPieces[i].piece, of: factor.gradient)
    }
  }
}

extension DeepTensorFactorisation: FactorisedRepresentation {
  public func factor(along axis: Axis) -> Matrix { product.factor(along: axis) }

  public func factorGradient(along axis: Axis) -> Matrix { product.factorGradient(along: axis) }

  /// For rows and columns, K is summed over the planes of the finest group.
  public func gram(along axis: Axis, threads: Int) -> Matrix {
    product.grams.gram(along: axis, threads: threads)
  }

  public func addGramGradient(_ gradient: Matrix, along axis: Axis, threads: Int) {
    product.grams.addGradient(gradient, along: axis, threads: threads)
  }
}
