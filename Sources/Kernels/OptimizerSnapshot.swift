/// Parameters and the optimiser's moments at one moment of a fit, to come back to.
public final class OptimizerSnapshot {
  private let values, m, v: Matrix
  private var steps = 0

  /// Memory for the state of `adam`, which is not saved yet.
  public init(for adam: Adam) {
    values = Matrix(rows: 1, columns: adam.parameters.count)
    m = Matrix(rows: 1, columns: adam.parameters.count)
    v = Matrix(rows: 1, columns: adam.parameters.count)
  }

  public func save(_ adam: Adam) {
    values.copy(from: adam.parameters.values)
    m.copy(from: adam.m)
    v.copy(from: adam.v)
    steps = adam.steps
  }

  /// Brings back parameters and moments.
  public func restore(_ adam: Adam) {
    adam.parameters.values.copy(from: values)
    adam.m.copy(from: m)
    adam.v.copy(from: v)
    adam.steps = steps
  }

  /// Brings back the parameters and forgets the moments.
  public func restoreParameters(_ adam: Adam) {
    adam.parameters.values.copy(from: values)
    adam.reset()
  }
}
