import Kernels

/// The way of some points through a `CoordinateNetwork` and back, in memory that stays in a core's cache.
///
/// Memory for the activations is the tile's own, or part of a store that keeps them for all points.
struct NetworkTile {
  /// Points that pass the network together. With 256 units and five layers their activations take 640 KiB: they stay
  /// in the second-level cache, where weights stream past them.
  static let size = 64

  /// Activations of some points: for each hidden layer what it puts out, and for sine layers the cosines.
  struct Activations {
    let encoded: Matrix
    let values, cosines: [Matrix]

    init(points: Int, inputs: Int, width: Int, layers: Int, hasCosines: Bool) {
      encoded = Matrix(rows: points, columns: inputs)
      values = (0..<layers).map { _ in Matrix(rows: points, columns: width) }
      cosines = hasCosines ? (0..<layers).map { _ in Matrix(rows: points, columns: width) } : []
    }

    private init(encoded: Matrix, values: [Matrix], cosines: [Matrix]) {
      self.encoded = encoded
      self.values = values
      self.cosines = cosines
    }

    func rows(_ range: Range<Int>) -> Activations {
      Activations(
        encoded: encoded.rows(range), values: values.map { $0.rows(range) },
        cosines: cosines.map { $0.rows(range) })
    }
  }

  let network: NetworkLayers
  let configuration: NetworkConfiguration
  /// (points, width): two gradients that take turns.
  private let back: [Matrix]
  private let encodedBack: Matrix

  init(network: NetworkLayers, configuration: NetworkConfiguration) {
    self.network = network
    self.configuration = configuration
    back = (0..<2).map { _ in Matrix(rows: Self.size, columns: configuration.width) }
    encodedBack = Matrix(rows: Self.size, columns: network.inputs)
  }

  /// - Parameters:
  ///   - points: (n, coordinates), n at most `size`.
  ///   - activations: of the same points; written.
  ///   - output: (n, outputs); written.
  func forward(_ points: Matrix, _ activations: Activations, into output: Matrix) {
    var input = points
    if let frequencies = network.frequencies {
      let half = frequencies.columns
      let scratch = encodedBack.rows(0..<points.rows)
      let angles = scratch.reshaped(rows: points.rows, columns: half)
      multiply(points, frequencies, into: angles)
      let (sines, cosines) = (
        scratch.reshaped(rows: points.rows, columns: half),
        scratch.reshaped(from: points.rows * half, rows: points.rows, columns: half)
      )
      VectorMath.sineCosine(angles, sine: sines, cosine: cosines)
      for i in 0..<points.rows {
        let row = activations.encoded.rows(i..<i + 1)
        row.columns(0..<half).copy(from: sines.rows(i..<i + 1))
        row.columns(half..<2 * half).copy(from: cosines.rows(i..<i + 1))
      }
      input = activations.encoded
    }
    let layers = network.layers
    for (i, layer) in layers.dropLast().enumerated() {
      let value = activations.values[i]
      multiply(input, layer.weight, into: value)
      if activations.cosines.isEmpty {
        VectorMath.reluLayer(value, bias: layer.bias, into: value)
      } else {
        VectorMath.sineLayer(
          value, bias: layer.bias, scale: layer.frequency, sine: value, cosine: activations.cosines[i])
      }
      input = value
    }
    guard let last = layers.last else { return }
    for i in 0..<output.rows { output.rows(i..<i + 1).copy(from: last.bias) }
    multiply(input, last.weight, into: output, beta: 1)
    if configuration.hasSigmoid { VectorMath.sigmoid(output, into: output) }
  }

  /// Adds the gradients of weights and biases to `gradients`, laid out as the network's parameters are.
  /// - Parameters:
  ///   - output: as `forward` left it.
  ///   - gradient: of the output; overwritten.
  func backward(
    _ points: Matrix, _ activations: Activations, output: Matrix, gradient: Matrix, addingTo gradients: Matrix
  ) {
    if configuration.hasSigmoid {
      for i in 0..<gradient.count {
        let y = output[i]
        gradient[i] *= y * (1 - y)
      }
    }
    var dz = gradient
    let layers = network.layers
    for i in layers.indices.reversed() {
      let layer = layers[i]
      let input =
        i > 0 ? activations.values[i - 1] : network.frequencies == nil ? points : activations.encoded
      multiply(input, dz, transposing: .first, into: slice(layer.weightSlot, gradients), beta: 1)
      VectorMath.addColumnSums(dz, to: slice(layer.biasSlot, gradients))
      if i == 0 { return }
      let next = back[i % 2].rows(0..<points.rows)
      multiply(dz, layer.transposed, into: next)
      if activations.cosines.isEmpty {
        VectorMath.reluBackward(activations.values[i - 1], gradient: next, into: next)
      } else {
        VectorMath.multiply(
          next, activations.cosines[i - 1], times: layers[i - 1].frequency, into: next)
      }
      dz = next
    }
  }

  private func slice(_ slot: ParameterSlot, _ gradients: Matrix) -> Matrix {
    gradients.reshaped(from: slot.start, rows: slot.rows, columns: slot.columns)
  }
}
