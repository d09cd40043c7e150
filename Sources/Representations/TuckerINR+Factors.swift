import Kernels

extension TuckerINR: FactorisedRepresentation {
  /// The group whose positions along an axis are finest.
  private func finest(_ count: (SignalGrid.Group) -> Int) -> Int {
    let counts = grid.groups.map(count)
    return counts.firstIndex(of: counts.max() ?? 0) ?? 0
  }

  public func factor(along axis: Axis) -> Matrix {
    switch axis {
    case .row: groups[finest { $0.rows.count }].u
    case .column: groups[finest { $0.columns.count }].v
    case .time: timeNet.output
    }
  }

  public func factorGradient(along axis: Axis) -> Matrix {
    switch axis {
    case .row: groups[finest { $0.rows.count }].uGradient
    case .column: groups[finest { $0.columns.count }].vGradient
    case .time: timeNet.outputGradient
    }
  }

  public func gram(along axis: Axis, threads: Int) -> Matrix { grams.gram(along: axis, threads: threads) }

  public func addGramGradient(_ gradient: Matrix, along axis: Axis, threads: Int) {
    grams.addGradient(gradient, along: axis, threads: threads)
  }

  func makeGrams() -> TuckerGrams {
    TuckerGrams(
      core: core, coreGradient: coreGradient,
      factors: [
        .init(values: groups.map(\.u), gradients: groups.map(\.uGradient)),
        .init(values: groups.map(\.v), gradients: groups.map(\.vGradient)),
        .init(values: [timeNet.output], gradients: [timeNet.outputGradient]),
      ], planes: grid.planes, blocks: coreBlocks)
  }
}
