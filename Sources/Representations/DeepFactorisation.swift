import Kernels

/// Deep matrix factorisation: each frame of each plane is a product of linear maps.
///
/// X[t, p] = W_1 W_2 ... W_L with W_1 (rows, r), W_2 ... W_{L-1} (r, r) and W_L (r, columns), without biases, for each
/// frame t and plane p apart. Descent from small maps prefers products of low rank, the more so the more of them there
/// are (Arora, Cohen, Hu, Luo, NeurIPS 2019, arXiv 1905.13655). With the values set here this is the model of AIR (Li et
/// al., arXiv 2208.05640): the product starts near zero, about deviation^L r^((L - 1) / 2), which regularises
/// implicitly.
///
/// - Complexity: with r rows and r columns, about 6 (L - 1) r^3 floating-point operations a frame, plane and step, and
///   memory for 5 L r^2 floats.
public final class DeepFactorisation: Representation, Sendable {
  public let grid: SignalGrid
  public let parameters: Parameters
  /// All parameters.
  public let weightRanges: [Range<Int>]

  /// The maps of one frame of one plane.
  private struct Frame {
    let frame: Int
    let plane: Int
    let maps: LinearMaps
  }
  private let frames: [Frame]
  /// Pieces of all frames, by their number and the frame's: rows of the products, and parts of the maps' gradients.
  private let rowPieces, weightPieces: [(frame: Int, piece: Int)]

  /// - Parameters:
  ///   - layers: L, at least 1; with one the samples themselves are the parameters.
  ///   - rank: r, at most the smaller of a plane's rows and columns; nil for that.
  ///   - deviation: standard deviation of the maps' elements at the start, which are drawn from N(0, deviation^2).
  public init(
    grid: SignalGrid, layers: Int = 3, rank: Int? = nil, deviation: Float = 1e-3, seed: UInt64
  ) {
    precondition(layers >= 1, "a product has at least one factor")
    precondition((rank ?? 1) >= 1, "a rank is positive")
    self.grid = grid
    var layout = ParameterLayout()
    let places = grid.planes.flatMap { plane in (0..<grid.frames).map { (frame: $0, plane: plane) } }
    let layouts = places.map { place in
      let (rows, columns) = (grid.rowCount(ofPlane: place.plane), grid.columnCount(ofPlane: place.plane))
      let largest = max(1, min(rows, columns))
      return LinearMaps.Layout(
        rows: rows, columns: columns, count: layers, rank: min(rank ?? largest, largest), in: &layout)
    }
    let parameters = Parameters(count: layout.count)
    self.parameters = parameters
    weightRanges = layouts.flatMap { $0.slots.map(\.range) }
    let frames = zip(places, layouts).map { place, layout in
      Frame(
        frame: place.frame, plane: place.plane, maps: LinearMaps(layout: layout, parameters: parameters))
    }
    self.frames = frames
    rowPieces = frames.indices.flatMap { i in frames[i].maps.rowChunks.indices.map { (i, $0) } }
    weightPieces = frames.indices.flatMap { i in frames[i].maps.weightPieces.indices.map { (i, $0) } }

    var random = RandomSource(seed: seed)
    for frame in frames {
      for map in frame.maps.maps { map.fillNormal(deviation: deviation, from: &random) }
    }
  }

  /// Writes all samples: `signal` has the lattice of the grid.
  public func evaluate(into signal: Signal, threads: Int) {
    precondition(signal.lattice == Lattice(of: grid), "frames are evaluated as a whole")
    parallelFor(rowPieces.count, threads: threads) { i in
      let frame = frames[rowPieces[i].frame]
      frame.maps.forward(
        rows: frame.maps.rowChunks[rowPieces[i].piece],
        into: signal.frame(frame.frame, ofPlane: frame.plane))
    }
  }

  public func differentiate(_ gradient: Signal, threads: Int, insides: () -> Void) {
    precondition(gradient.lattice == Lattice(of: grid), "frames are differentiated as a whole")
    parallelFor(frames.count, threads: threads) { i in frames[i].maps.transposeMaps() }
    parallelFor(rowPieces.count, threads: threads) { i in
      let frame = frames[rowPieces[i].frame]
      frame.maps.backwardProducts(
        rows: frame.maps.rowChunks[rowPieces[i].piece],
        of: gradient.frame(frame.frame, ofPlane: frame.plane))
    }
    parallelFor(weightPieces.count, threads: threads) { i in
      let frame = frames[weightPieces[i].frame]
      frame.maps.backwardWeights(
        piece: weightPieces[i].piece, of: gradient.frame(frame.frame, ofPlane: frame.plane))
    }
    insides()
  }
}
