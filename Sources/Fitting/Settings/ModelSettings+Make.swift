import Kernels
import Representations

extension ModelSettings {
  /// The representation of a grid.
  func makeRepresentation(grid: SignalGrid, seed: UInt64) -> any Representation {
    switch kind {
    case .tucker:
      return TuckerINR(grid: grid, configuration: tuckerConfiguration(grid), seed: seed)
    case .siren:
      let kind = NetworkConfiguration.Kind.sine(first: frequency, hidden: hiddenFrequency)
      return CoordinateNetwork(
        grid: grid, configuration: NetworkConfiguration(kind: kind, width: width, layers: layers), seed: seed)
    case .fourier:
      let kind = NetworkConfiguration.Kind.fourier(features: features, deviation: featureDeviation)
      return CoordinateNetwork(
        grid: grid, configuration: NetworkConfiguration(kind: kind, width: width, layers: layers), seed: seed)
    case .dmf where grid.frames > 1:
      return DeepTensorFactorisation(grid: grid, layers: layers, rank: rank, seed: seed)
    case .dmf:
      return DeepFactorisation(grid: grid, layers: layers, rank: rank, seed: seed)
    }
  }

  /// Adam as it suits the representation.
  func makeOptimizer(for model: any Representation) -> Adam {
    guard let model = model as? TuckerINR else {
      // The moment decays of PyTorch's Adam, with which the paper was made.
      return Adam(model.parameters, beta1: 0.9, beta2: 0.999)
    }
    // Its gradients are far below the usual epsilon; fast moment decay halves the iterations.
    return Adam(
      model.parameters,
      groups: [
        .init(range: 0..<model.coreRange.lowerBound),
        .init(range: model.coreRange, factor: StepSizes.bold.coreRateFactor),
      ], beta1: StepSizes.bold.beta1, beta2: StepSizes.bold.beta2, epsilon: 1e-15)
  }

  /// True if the mean of the known samples is subtracted before the fit: for models whose signal starts at zero.
  var isCentred: Bool { kind == .tucker }

  private func tuckerConfiguration(_ grid: SignalGrid) -> TuckerConfiguration {
    var configuration = TuckerConfiguration(grid: grid, width: width)
    if let rank {
      configuration.ranks.row = min(rank, grid.height)
      configuration.ranks.column = min(rank, grid.width)
      configuration.ranks.time = min(rank, grid.frames)
    }
    return configuration
  }
}
