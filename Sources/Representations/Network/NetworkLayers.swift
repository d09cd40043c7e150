import Kernels

/// The weights of a `CoordinateNetwork`, where they lie in its parameters, and their transposes.
struct NetworkLayers {
  /// A linear map x W + b, W (inputs, outputs).
  struct Layer {
    let weightSlot, biasSlot: ParameterSlot
    let weight, bias: Matrix
    /// (outputs, inputs), after `transposeWeights`.
    let transposed: Matrix
    /// Angular frequency of a sine layer; 1 in others.
    let frequency: Float
  }

  let layers: [Layer]
  let parameters: Parameters
  /// Fourier features: 2 pi B^T, (coordinates, features), else nil.
  let frequencies: Matrix?
  /// Columns of the first hidden layer's input.
  let inputs: Int

  init(_ configuration: NetworkConfiguration, coordinates: Int, outputs: Int, seed: UInt64) {
    var random = RandomSource(seed: seed)
    let width = configuration.width
    switch configuration.kind {
    case .sine:
      inputs = coordinates
      frequencies = nil
    case .fourier(let features, let deviation):
      inputs = 2 * features
      let matrix = Matrix(rows: coordinates, columns: features)
      matrix.fillNormal(deviation: 2 * .pi * deviation, from: &random)
      frequencies = matrix
    }
    var layout = ParameterLayout()
    let sizes =
      [(inputs, width)] + Array(repeating: (width, width), count: configuration.layers - 1) + [
        (width, outputs)
      ]
    let slots = sizes.map {
      (layout.reserve(rows: $0.0, columns: $0.1), layout.reserve(rows: 1, columns: $0.1))
    }
    let parameters = Parameters(count: layout.count)
    self.parameters = parameters
    layers = slots.enumerated().map { i, slot in
      var frequency: Float = 1
      if case .sine(let first, let hidden) = configuration.kind, i < sizes.count - 1 {
        frequency = i == 0 ? first : hidden
      }
      return Layer(
        weightSlot: slot.0, biasSlot: slot.1, weight: slot.0.value(in: parameters),
        bias: slot.1.value(in: parameters), transposed: Matrix(rows: slot.0.columns, columns: slot.0.rows),
        frequency: frequency)
    }
    for (i, layer) in layers.enumerated() {
      let fan = Float(layer.weight.rows)
      switch configuration.kind {
      case .sine(_, let hidden):
        let bound = i == 0 ? 1 / fan : (6 / fan).squareRoot() / hidden
        layer.weight.fillUniform(bound: bound, from: &random)
        layer.bias.fillUniform(bound: bound, from: &random)
      case .fourier:
        layer.weight.fillUniform(bound: (6 / fan).squareRoot(), from: &random)
      }
    }
  }

  /// Gets the transposes ready for the backward pass.
  func transposeWeights() { for layer in layers { transpose(layer.weight, into: layer.transposed) } }
}
