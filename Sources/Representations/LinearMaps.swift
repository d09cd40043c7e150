import Kernels

/// A product of linear maps without biases, and its backward pass.
///
/// P = M_1 M_2 ... M_L, with M_1 (rows, rank), M_L (rank, columns) and (rank, rank) between them; a single map is
/// (rows, columns). The products are taken from the left, P_i = P_{i-1} M_i, so that rows of P are independent of each
/// other. In the backward pass dM_i = P_{i-1}^T dP_i and dP_{i-1} = dP_i M_i^T.
///
/// - Complexity: with all sizes n, 2 (L - 1) n^3 floating-point operations forward and twice as many back; memory is
///   that of 5 L maps, parameters and their gradients included.
final class LinearMaps: Sendable {
  /// Rows that are worked on in one go, whatever the number of threads.
  let rowChunks: [Range<Int>]
  /// Independent pieces of `backwardWeights`: a map, and some of its rows.
  let weightPieces: [(map: Int, rows: Range<Int>)]

  /// M_1 ... M_L.
  let maps: [Matrix]
  private let gradients: [Matrix]
  /// P_1 = M_1, and P_2 ... P_{L-1}, (rows, rank); likewise their gradients.
  private let products, productGradients: [Matrix]
  /// The transposes of M_2 ... M_L, the first one empty.
  private let transposed: [Matrix]

  /// Slots of the maps in their model's parameters.
  struct Layout {
    let slots: [ParameterSlot]

    init(rows: Int, columns: Int, count: Int, rank: Int, in layout: inout ParameterLayout) {
      precondition(count >= 1 && rank >= 1, "a product has a map, and an inner size")
      slots = (0..<count).map { i in
        layout.reserve(rows: i == 0 ? rows : rank, columns: i == count - 1 ? columns : rank)
      }
    }
  }

  init(layout: Layout, parameters: Parameters) {
    maps = layout.slots.map { $0.value(in: parameters) }
    gradients = layout.slots.map { $0.gradient(in: parameters) }
    let inner = layout.slots.dropFirst().dropLast().map(\.rows)
    let rows = layout.slots[0].rows
    products = maps[..<1] + inner.map { Matrix(rows: rows, columns: $0) }
    productGradients = gradients[..<1] + inner.map { Matrix(rows: rows, columns: $0) }
    transposed = maps.enumerated().map { i, map in
      i == 0 ? Matrix(rows: 0, columns: 0) : Matrix(rows: map.columns, columns: map.rows)
    }
    func pieces(_ count: Int) -> [Range<Int>] {
      stride(from: 0, to: count, by: 48).map { $0..<min($0 + 48, count) }
    }
    rowChunks = pieces(rows)
    weightPieces = maps.indices.dropFirst().flatMap { map in
      pieces(layout.slots[map].rows).map { (map, $0) }
    }
  }

  /// Rows `range` of P, whose rows all are in `product`, (rows, columns).
  func forward(rows range: Range<Int>, into product: Matrix) {
    let last = maps.count - 1
    if last == 0 { product.rows(range).copy(from: maps[0].rows(range)) }
    for i in maps.indices.dropFirst() {
      multiply(
        products[i - 1].rows(range), maps[i], into: (i == last ? product : products[i]).rows(range))
    }
  }

  /// Gets the maps' transposes ready for the backward pass.
  func transposeMaps() {
    for i in maps.indices.dropFirst() { transpose(maps[i], into: transposed[i]) }
  }

  /// Rows `range` of the gradients of all P_i, that of M_1 among them, from the gradient of P, (rows, columns). Needs
  /// `transposeMaps`.
  func backwardProducts(rows range: Range<Int>, of gradient: Matrix) {
    let last = maps.count - 1
    if last == 0 { gradients[0].rows(range).copy(from: gradient.rows(range)) }
    for i in maps.indices.dropFirst().reversed() {
      multiply(
        (i == last ? gradient : productGradients[i]).rows(range), transposed[i],
        into: productGradients[i - 1].rows(range))
    }
  }

  /// One piece of the gradients of M_2 ... M_L, after all of `backwardProducts`.
  func backwardWeights(piece: Int, of gradient: Matrix) {
    let (map, rows) = weightPieces[piece]
    multiply(
      products[map - 1].columns(rows), map == maps.count - 1 ? gradient : productGradients[map],
      transposing: .first, into: gradients[map].rows(rows))
  }
}
