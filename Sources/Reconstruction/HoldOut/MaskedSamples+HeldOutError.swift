import Frames

extension MaskedSamples {
  /// Sum of squared errors of an estimate on the samples that are held out.
  ///
  /// - Parameter planes: nil for all.
  func heldOutError(of estimate: Estimate, planes group: [Int]? = nil) -> Double {
    var sum = 0.0
    for p in group ?? Array(planes.indices) {
      let plane = planes[p]
      for i in plane.states.indices where plane.states[i] == SampleState.heldOut {
        let value = max(0, min(1, estimate.planes[p][i]))
        sum += Double(value - plane.values[i]) * Double(value - plane.values[i])
      }
    }
    return sum
  }
}
