import Kernels

/// A network from the coordinates of a sample, each in [-1, 1], to the values of all planes there.
///
/// Coordinates are (row, column), or (row, column, time) for a grid of several frames. Planes at other positions
/// (subsampled chroma) use the same network there.
///
/// Points pass the network and go back through it in tiles of fixed size, whose activations stay in a core's cache.
/// Tiles are dealt out to a fixed number of shares, each of which sums up its gradients in order, so the result does not
/// depend on the number of threads.
///
/// - Complexity: an evaluation takes 2 p floating-point operations a point for p parameters, the backward pass 4 p.
public final class CoordinateNetwork: PointwiseRepresentation {
  public let grid: SignalGrid
  public let configuration: NetworkConfiguration
  public var parameters: Parameters { network.parameters }
  public let weightRanges: [Range<Int>]
  public var outputs: Int { grid.planes.count }
  /// Coordinates of a point.
  public let coordinates: Int

  /// Bytes of activations up to which those of a lattice are kept from evaluation to differentiation; beyond, they
  /// are computed again.
  public static let storeLimit = 1 << 30

  private static let shares = 16

  private let network: NetworkLayers
  /// For each share: scratch memory for one tile, and the share's sum of gradients.
  private struct Share {
    let tile: NetworkTile
    let activations: NetworkTile.Activations
    let output, gradient, gradients: Matrix
  }
  private let shares: [Share]
  /// Shares whose sums have been started since the last `gather`.
  private var startedShares = 0
  /// What the last `evaluate(into:)` saw, for the backward pass.
  private var evaluated: [EvaluatedGroup] = []
  private struct EvaluatedGroup {
    let lattice: Lattice
    let points, output, gradient: Matrix
    let store: NetworkTile.Activations?
  }

  public init(grid: SignalGrid, configuration: NetworkConfiguration, seed: UInt64) {
    precondition(configuration.width > 0 && configuration.layers > 0, "a network has a layer and a unit")
    self.grid = grid
    self.configuration = configuration
    coordinates = grid.frames > 1 ? 3 : 2
    let (coordinates, outputs) = (coordinates, grid.planes.count)
    let network = NetworkLayers(configuration, coordinates: coordinates, outputs: outputs, seed: seed)
    self.network = network
    weightRanges = network.layers.map(\.weightSlot.range)
    shares = (0..<Self.shares).map { _ in
      Share(
        tile: NetworkTile(network: network, configuration: configuration),
        activations: Self.activations(NetworkTile.size, network, configuration),
        output: Matrix(rows: NetworkTile.size, columns: outputs),
        gradient: Matrix(rows: NetworkTile.size, columns: outputs),
        gradients: Matrix(rows: 1, columns: network.parameters.count))
    }
  }

  private static func activations(
    _ points: Int, _ network: NetworkLayers, _ configuration: NetworkConfiguration
  ) -> NetworkTile.Activations {
    let isSine = network.frequencies == nil
    return NetworkTile.Activations(
      points: points, inputs: isSine ? 0 : network.inputs, width: configuration.width,
      layers: configuration.layers, hasCosines: isSine)
  }

  // MARK: Points

  public func points(of lattice: Lattice, group: Int) -> Matrix {
    let (chosen, positions) = (lattice.groups[group], grid.groups[group])
    let result = Matrix(
      rows: lattice.frames.count * chosen.rows.count * chosen.columns.count, columns: coordinates)
    let columns = chosen.columns.map { SignalGrid.coordinate(positions.columns[$0], extent: grid.width) }
    var i = 0
    for frame in lattice.frames {
      let time = SignalGrid.coordinate(Float(frame), extent: grid.frames)
      for row in chosen.rows {
        let y = SignalGrid.coordinate(positions.rows[row], extent: grid.height)
        for x in columns {
          result[i, 0] = y
          result[i, 1] = x
          if coordinates > 2 { result[i, 2] = time }
          i += 1
        }
      }
    }
    return result
  }

  public func evaluate(points: Matrix, into output: Matrix, threads: Int) {
    evaluate(points: points, into: output, keeping: nil, threads: threads)
  }

  private func evaluate(
    points: Matrix, into output: Matrix, keeping store: NetworkTile.Activations?, threads: Int
  ) {
    precondition(points.columns == coordinates && output.columns == outputs, "no such coordinates")
    forTiles(of: points.rows, threads: threads) { share, tile in
      share.tile.forward(
        points.rows(tile), store?.rows(tile) ?? share.activations.rows(0..<tile.count),
        into: output.rows(tile))
    }
  }

  public func addGradient(
    points: Matrix, threads: Int,
    of loss: @Sendable (_ points: Range<Int>, _ values: Matrix, _ gradient: Matrix) -> Void
  ) {
    begin(points.rows)
    forTiles(of: points.rows, threads: threads) { share, tile in
      let (inside, activations) = (points.rows(tile), share.activations.rows(0..<tile.count))
      let (output, gradient) = (share.output.rows(0..<tile.count), share.gradient.rows(0..<tile.count))
      share.tile.forward(inside, activations, into: output)
      loss(tile, output, gradient)
      share.tile.backward(
        inside, activations, output: output, gradient: gradient, addingTo: share.gradients)
    }
  }

  /// Starts the sums of the shares that `count` points are dealt out to, and gets the backward pass ready.
  private func begin(_ count: Int) {
    if startedShares == 0 { network.transposeWeights() }
    let needed = Self.deal(count).count
    for i in startedShares..<max(startedShares, needed) { shares[i].gradients.fill(0) }
    startedShares = max(startedShares, needed)
  }

  public func gatherGradient(threads: Int) {
    let (total, count) = (parameters.gradients, startedShares)
    let blocks = stride(from: 0, to: total.count, by: 16384).map { $0..<min($0 + 16384, total.count) }
    parallelFor(blocks.count, threads: threads) { [shares] i in
      let sum = total.columns(blocks[i])
      sum.fill(0)
      for share in shares[..<count] { VectorMath.add(share.gradients.columns(blocks[i]), to: sum) }
    }
    startedShares = 0
  }

  /// Runs of tiles, one for each share: about as many in each.
  private static func deal(_ count: Int) -> [Range<Int>] {
    let tiles = (count + NetworkTile.size - 1) / NetworkTile.size
    let used = min(shares, tiles)
    return (0..<used).map { i in
      tiles * i / used * NetworkTile.size..<min(tiles * (i + 1) / used * NetworkTile.size, count)
    }
  }

  private func forTiles(of count: Int, threads: Int, _ body: @Sendable (Share, Range<Int>) -> Void) {
    let runs = Self.deal(count)
    parallelFor(runs.count, threads: threads) { [shares] i in
      for start in stride(from: runs[i].lowerBound, to: runs[i].upperBound, by: NetworkTile.size) {
        body(shares[i], start..<min(start + NetworkTile.size, runs[i].upperBound))
      }
    }
  }

  // MARK: Signals

  public func evaluate(into signal: Signal, threads: Int) {
    if evaluated.first?.lattice != signal.lattice { evaluated = prepare(signal.lattice) }
    for (group, memory) in evaluated.enumerated() {
      evaluate(points: memory.points, into: memory.output, keeping: memory.store, threads: threads)
      for (p, plane) in signal.planes.enumerated() where grid.groupOfPlane[p] == group {
        for i in 0..<plane.count { plane[i] = memory.output[i, p] }
      }
    }
  }

  private func prepare(_ lattice: Lattice) -> [EvaluatedGroup] {
    grid.groups.indices.map { group in
      let points = points(of: lattice, group: group)
      if group < evaluated.count, evaluated[group].points.rows == points.rows {
        // A lattice of the same size as the one before: its memory serves again.
        let memory = evaluated[group]
        return EvaluatedGroup(
          lattice: lattice, points: points, output: memory.output, gradient: memory.gradient,
          store: memory.store)
      }
      let floats = network.inputs + 2 * configuration.width * configuration.layers
      let isKept = points.rows * floats * MemoryLayout<Float>.stride <= Self.storeLimit
      return EvaluatedGroup(
        lattice: lattice, points: points, output: Matrix(rows: points.rows, columns: outputs),
        gradient: Matrix(rows: points.rows, columns: outputs),
        store: isKept ? Self.activations(points.rows, network, configuration) : nil)
    }
  }

  public func differentiate(_ gradient: Signal, threads: Int, insides: () -> Void) {
    addGradient(ofEvaluated: gradient, threads: threads)
    insides()
    gatherGradient(threads: threads)
  }

  public func addGradient(ofEvaluated gradient: Signal, threads: Int) {
    precondition(evaluated.first?.lattice == gradient.lattice, "the lattice was not evaluated last")
    for (group, memory) in evaluated.enumerated() {
      memory.gradient.fill(0)
      for (p, plane) in gradient.planes.enumerated() where grid.groupOfPlane[p] == group {
        for i in 0..<plane.count { memory.gradient[i, p] = plane[i] }
      }
      begin(memory.points.rows)
      forTiles(of: memory.points.rows, threads: threads) { share, tile in
        let points = memory.points.rows(tile)
        let activations = memory.store?.rows(tile) ?? share.activations.rows(0..<tile.count)
        if memory.store == nil { share.tile.forward(points, activations, into: memory.output.rows(tile)) }
        share.tile.backward(
          points, activations, output: memory.output.rows(tile), gradient: memory.gradient.rows(tile),
          addingTo: share.gradients)
      }
    }
  }
}
