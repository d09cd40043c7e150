import Kernels

/// A small sine network of one coordinate whose outputs are the rows of a factor matrix.
///
/// h1 = sin(w0 (w z + b)), 1 -> width; h2 = sin(W h1 + b), width -> width; out = W h2 + b, width -> rank: the first
/// layers of SIREN (Sitzmann et al., NeurIPS 2020) per axis, as in LRTFR (Luo et al., TPAMI 2023). Weights are drawn
/// from U(+-1) in the first layer and U(+-sqrt(6 / width)) in the others, biases from U(+-1 / sqrt(inputs)).
final class FactorNet: Sendable {
  let rank: Int
  let frequency: Float
  /// (count, rank): the factor, after `forward`.
  let output: Matrix
  /// (count, rank): the gradient of `output`, before `backwardActivations`.
  let outputGradient: Matrix
  /// Rows that are evaluated in one go, whatever the number of threads.
  let rowChunks: [Range<Int>]

  private let width: Int
  private let coordinates: Matrix
  private let parameters: Parameters
  private let weight0, weight1, weight2, bias0, bias1, bias2: Matrix
  private let gradient0, gradient1, gradient2, biasGradient0, biasGradient1, biasGradient2: Matrix
  private let sine0, cosine0, sine1, cosine1, back0, back1: Matrix
  private let transposed1, transposed2: Matrix

  /// Slots of one network in its model's parameters.
  struct Layout {
    let weight0, bias0, weight1, bias1, weight2, bias2: ParameterSlot

    var weightRanges: [Range<Int>] { [weight0, weight1, weight2].map(\.range) }

    init(rank: Int, width: Int, in layout: inout ParameterLayout) {
      weight0 = layout.reserve(rows: 1, columns: width)
      bias0 = layout.reserve(rows: 1, columns: width)
      weight1 = layout.reserve(rows: width, columns: width)
      bias1 = layout.reserve(rows: 1, columns: width)
      weight2 = layout.reserve(rows: width, columns: rank)
      bias2 = layout.reserve(rows: 1, columns: rank)
    }
  }

  /// - Parameter coordinates: in [-1, 1].
  init(coordinates: [Float], frequency: Float, layout: Layout, parameters: Parameters) {
    let count = coordinates.count
    width = layout.weight1.rows
    rank = layout.weight2.columns
    self.frequency = frequency
    self.parameters = parameters
    self.coordinates = Matrix(rows: count, columns: 1, values: coordinates)
    weight0 = layout.weight0.value(in: parameters)
    bias0 = layout.bias0.value(in: parameters)
    weight1 = layout.weight1.value(in: parameters)
    bias1 = layout.bias1.value(in: parameters)
    weight2 = layout.weight2.value(in: parameters)
    bias2 = layout.bias2.value(in: parameters)
    gradient0 = layout.weight0.gradient(in: parameters)
    biasGradient0 = layout.bias0.gradient(in: parameters)
    gradient1 = layout.weight1.gradient(in: parameters)
    biasGradient1 = layout.bias1.gradient(in: parameters)
    gradient2 = layout.weight2.gradient(in: parameters)
    biasGradient2 = layout.bias2.gradient(in: parameters)
    sine0 = Matrix(rows: count, columns: width)
    cosine0 = Matrix(rows: count, columns: width)
    sine1 = Matrix(rows: count, columns: width)
    cosine1 = Matrix(rows: count, columns: width)
    back0 = Matrix(rows: count, columns: width)
    back1 = Matrix(rows: count, columns: width)
    transposed1 = Matrix(rows: width, columns: width)
    transposed2 = Matrix(rows: rank, columns: width)
    output = Matrix(rows: count, columns: rank)
    outputGradient = Matrix(rows: count, columns: rank)
    let size = 48
    rowChunks = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  func initialise(from random: inout RandomSource) {
    let bound = (6 / Float(width)).squareRoot()
    let biasBound = 1 / Float(width).squareRoot()
    weight0.fillUniform(bound: 1, from: &random)
    bias0.fillUniform(bound: 1, from: &random)
    weight1.fillUniform(bound: bound, from: &random)
    bias1.fillUniform(bound: biasBound, from: &random)
    weight2.fillUniform(bound: bound, from: &random)
    bias2.fillUniform(bound: biasBound, from: &random)
  }

  /// Rows `range` of `output`.
  func forward(rows range: Range<Int>) {
    let s0 = sine0.rows(range)
    let c0 = cosine0.rows(range)
    let s1 = sine1.rows(range)
    let c1 = cosine1.rows(range)
    let out = output.rows(range)
    multiply(coordinates.rows(range), weight0, into: s0)
    VectorMath.sineLayer(s0, bias: bias0, scale: frequency, sine: s0, cosine: c0)
    multiply(s0, weight1, into: s1)
    VectorMath.sineLayer(s1, bias: bias1, scale: 1, sine: s1, cosine: c1)
    for i in 0..<out.rows { out.rows(i..<i + 1).copy(from: bias2) }
    multiply(s1, weight2, into: out, beta: 1)
  }

  /// Gets the weights' transposes ready for the backward pass.
  func transposeWeights() {
    transpose(weight1, into: transposed1)
    transpose(weight2, into: transposed2)
  }

  /// Gradients of rows `range` of both hidden layers from those of `outputGradient`; needs
  /// `transposeWeights`.
  func backwardActivations(rows range: Range<Int>) {
    let b0 = back0.rows(range)
    let b1 = back1.rows(range)
    multiply(outputGradient.rows(range), transposed2, into: b1)
    VectorMath.multiply(b1, cosine1.rows(range), into: b1)
    multiply(b1, transposed1, into: b0)
    VectorMath.multiply(b0, cosine0.rows(range), times: frequency, into: b0)
  }

  /// Number of independent pieces of `backwardWeights`.
  static let weightPieces = 4

  /// One piece of the weights' gradients, after all of `backwardActivations`.
  func backwardWeights(piece: Int) {
    switch piece {
    case 0, 1:
      let half = width / 2
      let range = piece == 0 ? 0..<half : half..<width
      multiply(sine0.columns(range), back1, transposing: .first, into: gradient1.rows(range))
    case 2:
      multiply(sine1, outputGradient, transposing: .first, into: gradient2)
      biasGradient2.fill(0)
      VectorMath.addColumnSums(outputGradient, to: biasGradient2)
    default:
      multiply(coordinates, back0, transposing: .first, into: gradient0)
      biasGradient0.fill(0)
      VectorMath.addColumnSums(back0, to: biasGradient0)
      biasGradient1.fill(0)
      VectorMath.addColumnSums(back1, to: biasGradient1)
    }
  }
}
