import Foundation
import Kernels

/// A tiny network from a position on an axis to a row of G, whose products G G^T say how alike two positions are.
///
/// h = sin(5 (w z + b)), then four layers h = sin(W h + b); G_i = softmax(W h_i + b + prior_i), with or without the
/// prior -(z_i - c_j)^2 / (2 spacing^2) of r evenly spaced centres c. The prior makes neighbours alike at the start:
/// with a plain softmax, as in the paper, every position attracts every other one, and what keeps the signal from
/// collapsing to its mean is a small weight.
/// See `INRR`.
final class TinyINR {
  static let hiddenLayers = 4

  let parameters: Parameters
  /// (positions, centres): rows sum to 1. After `forward`, of the positions that it took.
  var output: Matrix { outputs.rows(0..<count) }
  /// (positions, centres): the gradient of `output`, before `backward`.
  var outputGradient: Matrix { outputGradients.rows(0..<count) }
  /// Positions that the last `forward` took.
  private(set) var count: Int

  private struct Layer {
    let weight, bias, weightGradient, biasGradient: Matrix
    /// Sines and cosines of a hidden layer; the last layer's are not used.
    let sine, cosine: Matrix
    let scale: Float
  }
  /// All positions, (positions, 1), and (positions, centres), or (0, centres) without one, their prior.
  private let places, priors: Matrix
  private let layers: [Layer]
  /// As many rows as there are positions, of which the first `count` are in use.
  private let coordinates, prior, logits, outputs, outputGradients: Matrix
  private let back: [Matrix]

  /// - Parameters:
  ///   - positions: coordinates in [-1, 1].
  ///   - centres: columns of G, at least 2.
  ///   - width: of the hidden layers.
  ///   - hasPrior: whether neighbours are alike at the start.
  init(positions: [Float], centres: Int, width: Int, prior hasPrior: Bool, seed: UInt64) {
    precondition(positions.count > 1 && centres > 1, "an axis needs two positions to compare")
    count = positions.count
    places = Matrix(rows: count, columns: 1, values: positions)
    priors = Matrix(rows: hasPrior ? count : 0, columns: centres)
    let spacing = 2 / Float(centres - 1)
    for i in 0..<priors.rows {
      for j in 0..<centres {
        let distance = (positions[i] - Self.place(j, of: centres)) / spacing
        priors[i, j] = -distance * distance / 2
      }
    }
    var layout = ParameterLayout()
    let sizes = [(1, width)] + Array(repeating: (width, width), count: Self.hiddenLayers) + [(width, centres)]
    let slots = sizes.map {
      (layout.reserve(rows: $0.0, columns: $0.1), layout.reserve(rows: 1, columns: $0.1))
    }
    let parameters = Parameters(count: layout.count)
    self.parameters = parameters
    layers = slots.enumerated().map { i, slot in
      let columns = i < slots.count - 1 ? width : 0
      return Layer(
        weight: slot.0.value(in: parameters), bias: slot.1.value(in: parameters),
        weightGradient: slot.0.gradient(in: parameters), biasGradient: slot.1.gradient(in: parameters),
        sine: Matrix(rows: positions.count, columns: columns),
        cosine: Matrix(rows: positions.count, columns: columns),
        scale: i == 0 ? 5 : 1)
    }
    back = (0..<2).map { _ in Matrix(rows: positions.count, columns: width) }
    coordinates = Matrix(rows: count, columns: 1)
    prior = Matrix(rows: count, columns: centres)
    logits = Matrix(rows: count, columns: centres)
    outputs = Matrix(rows: count, columns: centres)
    outputGradients = Matrix(rows: count, columns: centres)

    var random = RandomSource(seed: seed)
    let bound = (6 / Float(width)).squareRoot()
    for (i, layer) in layers.enumerated() {
      layer.weight.fillUniform(bound: i == 0 ? 1 : bound, from: &random)
      // The paper's code draws biases as it does weights; with a prior smaller ones do.
      let biasBound = hasPrior ? 1 / Float(width).squareRoot() : bound
      layer.bias.fillUniform(bound: i == 0 ? 1 : biasBound, from: &random)
    }
  }

  /// Evenly spaced on the axis, at least 2.
  static func evenPositions(_ count: Int) -> [Float] { (0..<count).map { place($0, of: count) } }

  private static func place(_ i: Int, of count: Int) -> Float { 2 * Float(i) / Float(count - 1) - 1 }

  /// Fills `output` for some positions, in the order given; nil for all.
  func forward(at chosen: [Int]? = nil) {
    select(chosen)
    var input = coordinates.rows(0..<count)
    for layer in layers.dropLast() {
      let (sine, cosine) = (layer.sine.rows(0..<count), layer.cosine.rows(0..<count))
      multiply(input, layer.weight, into: sine)
      VectorMath.sineLayer(sine, bias: layer.bias, scale: layer.scale, sine: sine, cosine: cosine)
      input = sine
    }
    guard let last = layers.last else { return }
    let logits = logits.rows(0..<count)
    for i in 0..<count { logits.rows(i..<i + 1).copy(from: last.bias) }
    multiply(input, last.weight, into: logits, beta: 1)
    VectorMath.softmax(logits, prior: prior.rows(0..<count), into: output)
  }

  private func select(_ chosen: [Int]?) {
    precondition((chosen?.count ?? 0) <= places.rows, "more positions than there are")
    count = chosen?.count ?? places.rows
    for i in 0..<count {
      let place = chosen?[i] ?? i
      coordinates[i, 0] = places[place, 0]
      if priors.rows > 0 { prior.rows(i..<i + 1).copy(from: priors.rows(place..<place + 1)) }
    }
  }

  /// Fills the gradients of the parameters from `outputGradient`, which it overwrites.
  func backward() {
    var gradient = outputGradient
    VectorMath.softmaxBackward(output, gradient: gradient, into: gradient)
    for i in layers.indices.reversed() {
      let layer = layers[i]
      let input = (i > 0 ? layers[i - 1].sine : coordinates).rows(0..<count)
      multiply(input, gradient, transposing: .first, into: layer.weightGradient)
      layer.biasGradient.fill(0)
      VectorMath.addColumnSums(gradient, to: layer.biasGradient)
      if i == 0 { return }
      let next = back[i % 2].rows(0..<count)
      multiply(gradient, layer.weight, transposing: .second, into: next)
      VectorMath.multiply(
        next, layers[i - 1].cosine.rows(0..<count), times: layers[i - 1].scale, into: next)
      gradient = next
    }
  }
}
