import Kernels

/// Gram matrices of a Tucker product, and the backward pass through them.
///
/// For the rows, K = sum over k, p of D[k, p] C[k, p]^T with D = (W^T W) C (V^T V), the products taken along time and
/// columns; the other axes likewise. Every product keeps the core's size, so this costs some core-sized matrix
/// products and nothing of the signal's size.
///
/// Where each group of planes has factors of its own, K of rows and of columns is summed over the planes of the finest
/// group only: the slices of the others do not sit at the rows of its factor.
final class TuckerGrams: Sendable {
  private let core, coreGradient: Matrix
  private let factors: [TuckerFactor]
  private let groupOfPlane: [Int]
  private let blocks: [Range<Int>]
  /// For each axis, whether a plane is part of K.
  private let members: [[Bool]]
  private let ranks: (row: Int, column: Int, time: Int)
  /// Of the core's size: `halfway` is C times one Gram matrix, `product` D, the others scratch memory.
  private let halfway, product, mixed, pulled: Matrix
  /// For each axis and group: Gram matrix of its factor, and the gradient of that.
  private let grams, gramGradients: [[Matrix]]
  private let results: [Matrix]
  /// For each k: sums that are added up in order.
  private let slicePartials: [[Matrix]]
  private let blockPartials: [Matrix]

  /// - Parameters:
  ///   - core: (r_t, planes x r_y x r_x).
  ///   - factors: of rows, columns and time, in this order.
  ///   - sharesFactors: see `TuckerProduct`.
  init(
    core: Matrix, coreGradient: Matrix, factors: [TuckerFactor], groupOfPlane: [Int], blocks: [Range<Int>],
    sharesFactors: Bool
  ) {
    self.core = core
    self.coreGradient = coreGradient
    self.factors = factors
    self.groupOfPlane = groupOfPlane
    self.blocks = blocks
    members = Axis.allCases.map { axis in
      groupOfPlane.map { sharesFactors || axis == .time || $0 == factors[axis.rawValue].finest }
    }
    func rank(_ axis: Axis) -> Int { factors[axis.rawValue].rank }
    ranks = (rank(.row), rank(.column), rank(.time))
    func like() -> Matrix { Matrix(rows: core.rows, columns: core.columns) }
    (halfway, product, mixed, pulled) = (like(), like(), like(), like())
    func square(_ axis: Axis) -> Matrix { Matrix(rows: rank(axis), columns: rank(axis)) }
    grams = Axis.allCases.map { axis in factors[axis.rawValue].values.map { _ in square(axis) } }
    gramGradients = Axis.allCases.map { axis in factors[axis.rawValue].values.map { _ in square(axis) } }
    results = Axis.allCases.map(square)
    slicePartials = [Axis.row, .column].map { axis in (0..<core.rows).map { _ in square(axis) } }
    blockPartials = blocks.map { _ in square(.time) }
  }

  private func slice(_ matrix: Matrix, _ k: Int, _ plane: Int) -> Matrix {
    matrix.rows(k..<k + 1).reshaped(
      from: plane * ranks.row * ranks.column, rows: ranks.row, columns: ranks.column)
  }

  private func gram(_ axis: Axis, plane: Int) -> Matrix {
    grams[axis.rawValue][axis == .time ? 0 : groupOfPlane[plane]]
  }

  /// K of an axis.
  func gram(along axis: Axis, threads: Int) -> Matrix {
    let others = Axis.allCases.filter { $0 != axis }
    for other in others {
      for (factor, gram) in zip(factors[other.rawValue].values, grams[other.rawValue]) {
        multiply(factor, factor, transposing: .first, into: gram)
      }
    }
    parallelFor(core.rows, threads: threads) { k in
      for plane in groupOfPlane.indices {
        let (c, h) = (slice(core, k, plane), slice(halfway, k, plane))
        if axis == .column {
          multiply(gram(.row, plane: plane), c, into: h)
        } else {
          multiply(c, gram(.column, plane: plane), into: h)
        }
        if axis == .time { multiply(gram(.row, plane: plane), h, into: slice(product, k, plane)) }
      }
    }
    let result = results[axis.rawValue]
    result.fill(0)
    if axis == .time {
      parallelFor(blocks.count, threads: threads) { i in
        multiply(
          product.columns(blocks[i]), core.columns(blocks[i]), transposing: .second, into: blockPartials[i])
      }
      for partial in blockPartials { VectorMath.add(partial, to: result) }
      return result
    }
    parallelFor(blocks.count, threads: threads) { i in
      let gram = grams[Axis.time.rawValue][0]
      multiply(gram, core.columns(blocks[i]), into: mixed.columns(blocks[i]))
      multiply(gram, halfway.columns(blocks[i]), into: product.columns(blocks[i]))
    }
    let isMember = members[axis.rawValue]
    sumOverSlices(axis, over: groupOfPlane.indices.filter { isMember[$0] }, into: result, threads: threads) {
      k, plane, partial, beta in
      multiply(
        slice(product, k, plane), slice(core, k, plane), transposing: axis == .row ? .second : .first,
        into: partial, beta: beta)
    }
    return result
  }

  /// Adds products of one slice each over all slices, in a fixed order. The first product of a k starts its sum.
  private func sumOverSlices(
    _ axis: Axis, over members: [Int], into result: Matrix, threads: Int,
    _ body: @Sendable (Int, Int, Matrix, Float) -> Void
  ) {
    let partials = slicePartials[axis.rawValue]
    parallelFor(core.rows, threads: threads) { k in
      for plane in members { body(k, plane, partials[k], plane == members.first ? 0 : 1) }
    }
    for partial in partials { VectorMath.add(partial, to: result) }
  }

  private func members(ofGroup group: Int) -> [Int] {
    groupOfPlane.indices.filter { groupOfPlane[$0] == group }
  }

  /// Backward pass from the gradient of K of an axis, the one that `gram` was asked for last.
  func addGradient(_ gradient: Matrix, along axis: Axis, threads: Int) {
    if axis == .time {
      addTimeGradient(gradient, threads: threads)
    } else {
      addSpaceGradient(gradient, along: axis, threads: threads)
    }
  }

  private func addSpaceGradient(_ gradient: Matrix, along axis: Axis, threads: Int) {
    parallelFor(core.rows, threads: threads) { k in
      for plane in groupOfPlane.indices {
        let (c, d) = (slice(core, k, plane), slice(product, k, plane))
        let (f, dc) = (slice(pulled, k, plane), slice(coreGradient, k, plane))
        if !members[axis.rawValue][plane] {
          f.fill(0)
        } else if axis == .row {
          multiply(gradient, c, into: f)
          multiply(gradient, d, into: dc, alpha: 2, beta: 1)
        } else {
          multiply(c, gradient, into: f)
          multiply(d, gradient, into: dc, alpha: 2, beta: 1)
        }
      }
    }
    let other: Axis = axis == .row ? .column : .row
    for group in grams[other.rawValue].indices {
      let sum = gramGradients[other.rawValue][group]
      sum.fill(0)
      sumOverSlices(other, over: members(ofGroup: group), into: sum, threads: threads) {
        k, plane, partial, beta in
        let (e, f) = (slice(mixed, k, plane), slice(pulled, k, plane))
        multiply(e, f, transposing: other == .column ? .first : .second, into: partial, beta: beta)
      }
    }
    let sum = gramGradients[Axis.time.rawValue][0]
    sum.fill(0)
    parallelFor(blocks.count, threads: threads) { i in
      multiply(
        pulled.columns(blocks[i]), halfway.columns(blocks[i]), transposing: .second, into: blockPartials[i])
    }
    for partial in blockPartials { VectorMath.add(partial, to: sum) }
    addFactorGradients([other, .time])
  }

  private func addTimeGradient(_ gradient: Matrix, threads: Int) {
    parallelFor(blocks.count, threads: threads) { i in
      multiply(gradient, core.columns(blocks[i]), into: pulled.columns(blocks[i]))
      multiply(gradient, product.columns(blocks[i]), into: coreGradient.columns(blocks[i]), alpha: 2, beta: 1)
    }
    for group in grams[Axis.row.rawValue].indices {
      let (rowSum, columnSum) = (
        gramGradients[Axis.row.rawValue][group], gramGradients[Axis.column.rawValue][group]
      )
      rowSum.fill(0)
      columnSum.fill(0)
      sumOverSlices(.row, over: members(ofGroup: group), into: rowSum, threads: threads) {
        k, plane, partial, beta in
        multiply(
          slice(pulled, k, plane), slice(halfway, k, plane), transposing: .second, into: partial, beta: beta)
      }
      sumOverSlices(.column, over: members(ofGroup: group), into: columnSum, threads: threads) {
        k, plane, partial, beta in
        let back = slice(mixed, k, plane)
        multiply(gram(.row, plane: plane), slice(pulled, k, plane), into: back)
        multiply(slice(core, k, plane), back, transposing: .first, into: partial, beta: beta)
      }
    }
    addFactorGradients([.row, .column])
  }

  /// From G = F^T F to F: dF = F (dG + dG^T).
  private func addFactorGradients(_ axes: [Axis]) {
    for axis in axes {
      for (group, gradient) in gramGradients[axis.rawValue].enumerated() {
        let factor = factors[axis.rawValue]
        multiply(factor.values[group], gradient, into: factor.gradients[group], beta: 1)
        multiply(factor.values[group], gradient, transposing: .second, into: factor.gradients[group], beta: 1)
      }
    }
  }
}
