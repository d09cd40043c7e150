import Foundation
import Kernels

/// A tiny network from a position on an axis to a row of G, whose products G G^T say how alike two positions are.
///
/// h = sin(5 (w z + b)), then four layers h = sin(W h + b) of width 32; G_i = softmax(W h_i + b + prior_i), with the
/// prior -(z_i - c_j)^2 / (2 spacing^2) of r evenly spaced centres c. The prior makes neighbours alike at the start:
/// with a plain softmax every position attracts every other one, and the signal collapses to its mean.
/// After Li et al., "Regularize implicit neural representation by itself", CVPR 2023, arXiv 2303.15484.
final class TinyINR {
  static let width = 32
  static let hiddenLayers = 4

  let parameters: Parameters
  /// (positions, centres): rows sum to 1. After `forward`.
  let output: Matrix
  /// (positions, centres): the gradient of `output`, before `backward`.
  let outputGradient: Matrix

  private struct Layer {
    let weight, bias, weightGradient, biasGradient: Matrix
    /// Sines and cosines of a hidden layer; the last layer's are not used.
    let sine, cosine: Matrix
    let scale: Float
  }
  private let coordinates: Matrix
  private let layers: [Layer]
  private let prior, logits: Matrix
  private let back: [Matrix]

  /// - Parameters:
  ///   - positions: number of evenly spaced positions on the axis, at least 2.
  ///   - centres: columns of G, at least 2.
  init(positions: Int, centres: Int, seed: UInt64) {
    precondition(positions > 1 && centres > 1, "an axis needs two positions to compare")
    let width = Self.width
    func place(_ i: Int, of count: Int) -> Float { 2 * Float(i) / Float(count - 1) - 1 }
    coordinates = Matrix(
      rows: positions, columns: 1, values: (0..<positions).map { place($0, of: positions) })
    prior = Matrix(rows: positions, columns: centres)
    let spacing = 2 / Float(centres - 1)
    for i in 0..<positions {
      for j in 0..<centres {
        let distance = (place(i, of: positions) - place(j, of: centres)) / spacing
        prior[i, j] = -distance * distance / 2
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
        sine: Matrix(rows: positions, columns: columns), cosine: Matrix(rows: positions, columns: columns),
        scale: i == 0 ? 5 : 1)
    }
    back = (0..<2).map { _ in Matrix(rows: positions, columns: width) }
    logits = Matrix(rows: positions, columns: centres)
    output = Matrix(rows: positions, columns: centres)
    outputGradient = Matrix(rows: positions, columns: centres)

    var random = RandomSource(seed: seed)
    let bound = (6 / Float(width)).squareRoot()
    for (i, layer) in layers.enumerated() {
      layer.weight.fillUniform(bound: i == 0 ? 1 : bound, from: &random)
      layer.bias.fillUniform(bound: i == 0 ? 1 : 1 / Float(width).squareRoot(), from: &random)
    }
  }

  func forward() {
    var input = coordinates
    for layer in layers.dropLast() {
      multiply(input, layer.weight, into: layer.sine)
      VectorMath.sineLayer(
        layer.sine, bias: layer.bias, scale: layer.scale, sine: layer.sine, cosine: layer.cosine)
      input = layer.sine
    }
    guard let last = layers.last else { return }
    for i in 0..<logits.rows { logits.rows(i..<i + 1).copy(from: last.bias) }
    multiply(input, last.weight, into: logits, beta: 1)
    VectorMath.softmax(logits, prior: prior, into: output)
  }

  /// Fills the gradients of the parameters from `outputGradient`, which it overwrites.
  func backward() {
    VectorMath.softmaxBackward(output, gradient: outputGradient, into: outputGradient)
    var gradient = outputGradient
    for i in layers.indices.reversed() {
      let layer = layers[i]
      let input = i > 0 ? layers[i - 1].sine : coordinates
      multiply(input, gradient, transposing: .first, into: layer.weightGradient)
      layer.biasGradient.fill(0)
      VectorMath.addColumnSums(gradient, to: layer.biasGradient)
      if i == 0 { return }
      let next = back[i % 2]
      multiply(gradient, layer.weight, transposing: .second, into: next)
      VectorMath.multiply(next, layers[i - 1].cosine, times: layers[i - 1].scale, into: next)
      gradient = next
    }
  }
}
