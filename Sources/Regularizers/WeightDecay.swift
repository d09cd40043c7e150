import Kernels
import Representations

/// L2: the sum of squares of a representation's weights, without its biases.
public final class WeightDecay: ParameterRegularizer {
  private let parameters: Parameters
  private let ranges: [Range<Int>]

  public init(representation: any Representation) {
    parameters = representation.parameters
    ranges = representation.weightRanges
  }

  public func addGradient(weight: Float) -> Double {
    var sum = 0.0
    for range in ranges {
      let values = parameters.values.columns(range)
      sum += VectorMath.dot(values, values)
      VectorMath.add(values, times: 2 * weight, to: parameters.gradients.columns(range))
    }
    return Double(weight) * sum
  }
}
