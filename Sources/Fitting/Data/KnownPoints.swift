import Kernels
import Representations

/// The points at which something is known, group by group, and the data term there.
struct KnownPoints {
  private struct Group {
    /// Among the group's points, frame by frame and row by row.
    var indices: [Int32]
    /// (points, coordinates)
    var coordinates: Matrix
  }
  private let groups: [Group]
  private let data: SignalData

  init(of data: SignalData, for model: any PointwiseRepresentation) {
    self.data = data
    let whole = Lattice(of: data.grid)
    groups = data.knownPoints.enumerated().map { group, indices in
      Group(
        indices: indices, coordinates: Self.rows(indices, of: model.points(of: whole, group: group)))
    }
  }

  private static func rows(_ indices: [Int32], of matrix: Matrix) -> Matrix {
    let result = Matrix(rows: indices.count, columns: matrix.columns)
    for (i, index) in indices.enumerated() {
      for k in 0..<matrix.columns { result[i, k] = matrix[Int(index), k] }
    }
    return result
  }

  /// Adds the gradient of the data term from all points, and returns its value.
  func addGradient(to model: any PointwiseRepresentation, threads: Int) -> Double {
    groups.indices.reduce(0) {
      $0 + add(groups[$1], number: $1, scale: 1, to: model, threads: threads)
    }
  }

  /// Adds the gradient of `share` of the data term, estimated from `count` points drawn with repetition, and returns its
  /// estimate.
  func addGradient(
    to model: any PointwiseRepresentation, drawing count: Int, share: Float, from random: inout RandomSource,
    threads: Int
  ) -> Double {
    let known = groups.reduce(0) { $0 + $1.indices.count }
    var loss = 0.0
    for (number, group) in groups.enumerated() where !group.indices.isEmpty {
      // Each group gets its share.
      let part = max(1, count * group.indices.count / known)
      let drawn = (0..<part).map { _ in Int32(random.below(group.indices.count)) }
      let sample = Group(
        indices: drawn.map { group.indices[Int($0)] }, coordinates: Self.rows(drawn, of: group.coordinates))
      let scale = share * Float(group.indices.count) / Float(part)
      loss += add(sample, number: number, scale: scale, to: model, threads: threads)
    }
    return loss
  }

  private func add(
    _ group: Group, number: Int, scale: Float, to model: any PointwiseRepresentation, threads: Int
  ) -> Double {
    var squares = [Double](repeating: 0, count: group.indices.count)
    squares.withSharedElements { squares in
      model.addGradient(points: group.coordinates, threads: threads) { range, values, gradient in
        squares[range.lowerBound] = data.residual(
          group: number, indices: group.indices[range], values: values, scale: scale, into: gradient)
      }
    }
    return squares.reduce(0, +) * Double(scale) / Double(max(data.grid.sampleCount, 1))
  }
}
