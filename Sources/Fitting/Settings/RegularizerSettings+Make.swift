import Regularizers
import Representations

extension RegularizerSettings {
  /// The penalties that these settings stand for: one for each axis that has a weight and pairs of positions, or one.
  func makeTerms(
    kind model: ModelKind, of representation: any Representation, data: SignalData, seed: UInt64
  ) -> [GeneralObjective.Term] {
    guard case .fixed(let row, let column, let time) = weight else {
      preconditionFailure("an automatic weight is chosen before the fit")
    }
    switch kind {
    case .inrr, .air, .de:
      return zip(Axis.allCases, [row, column, time]).compactMap { axis, weight in
        guard weight > 0, data.grid.positionCount(along: axis) > 1 else { return nil }
        let regularizer = makeEnergy(
          along: axis, of: model, data: data, seed: seed &+ 1 &+ UInt64(axis.rawValue))
        return .init(kind: kind, axis: axis, weight: weight, regularizer: regularizer)
      }
    case .tv where row > 0:
      return [.init(kind: kind, axis: nil, weight: row, regularizer: TotalVariation())]
    case .sstv where row > 0 && data.grid.frames > 1:
      return [.init(kind: kind, axis: nil, weight: row, regularizer: SpatioTemporalVariation())]
    case .l2 where row > 0:
      return [
        .init(kind: kind, axis: nil, weight: row, regularizer: WeightDecay(representation: representation))
      ]
    case .tv, .sstv, .l2:
      return []
    }
  }

  private func makeEnergy(along axis: Axis, of model: ModelKind, data: SignalData, seed: UInt64)
    -> any Regularizer
  {
    switch kind {
    case .air:
      return AIR(grid: data.grid, axis: axis, rate: rate ?? 1e-3, seed: seed)
    case .de:
      let (observed, known) = data.observation
      return FixedDirichletEnergy(observed: observed, known: known, axis: axis)
    default:
      var options = graphOptions(of: model)
      // The decay of PyTorch's Adam, with which the paper was made, in either form.
      options.beta2 = INRR.Options.paper.beta2
      return INRR.SignalForm(grid: data.grid, axis: axis, options: options, seed: seed)
    }
  }
}

extension SignalGrid {
  /// Positions of the finest group on an axis.
  func positionCount(along axis: Axis) -> Int {
    switch axis {
    case .row: groups.map(\.rows.count).max() ?? 0
    case .column: groups.map(\.columns.count).max() ?? 0
    case .time: frames
    }
  }
}
