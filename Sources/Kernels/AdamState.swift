/// Everything an optimiser would need to go on: parameters, moments, and steps taken.
public struct AdamState: Sendable, Equatable {
  public var values: [Float]
  public var m: [Float]
  public var v: [Float]
  public var steps: Int

  public init(values: [Float], m: [Float], v: [Float], steps: Int) {
    self.values = values
    self.m = m
    self.v = v
    self.steps = steps
  }
}

extension Adam {
  public var state: AdamState {
    AdamState(values: parameters.values.values, m: m.values, v: v.values, steps: steps)
  }

  /// Goes on from a state.
  /// - Returns: false, and nothing is changed, where the state is one of another number of parameters.
  public func restore(_ state: AdamState) -> Bool {
    guard state.values.count == parameters.count, state.m.count == m.count, state.v.count == v.count else {
      return false
    }
    for (matrix, values) in [(parameters.values, state.values), (m, state.m), (v, state.v)] {
      values.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { matrix.base.update(from: base, count: values.count) }
      }
    }
    steps = state.steps
    return true
  }
}
