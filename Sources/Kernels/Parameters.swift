/// All parameters of a model and their gradients, in one row each, so that they are updated and copied in one go.
public final class Parameters: Sendable {
  /// (1, count)
  public let values: Matrix
  /// (1, count); the gradient of `values`.
  public let gradients: Matrix

  public var count: Int { values.count }

  public init(count: Int) {
    values = Matrix(rows: 1, columns: count)
    gradients = Matrix(rows: 1, columns: count)
  }
}

/// Hands out stretches of `Parameters` as matrices.
public struct ParameterLayout {
  public private(set) var count = 0

  public init() {}

  /// Reserves a (rows, columns) matrix and says where it begins, at a multiple of 16 elements.
  public mutating func reserve(rows: Int, columns: Int) -> ParameterSlot {
    let slot = ParameterSlot(start: count, rows: rows, columns: columns)
    count += (rows * columns + 15) / 16 * 16
    return slot
  }
}

/// Where in `Parameters` one matrix lies.
public struct ParameterSlot: Sendable {
  public let start: Int
  public let rows: Int
  public let columns: Int

  /// The elements of `Parameters` that the matrix takes.
  public var range: Range<Int> { start..<start + rows * columns }

  public func value(in parameters: Parameters) -> Matrix {
    parameters.values.reshaped(from: start, rows: rows, columns: columns)
  }

  public func gradient(in parameters: Parameters) -> Matrix {
    parameters.gradients.reshaped(from: start, rows: rows, columns: columns)
  }
}
