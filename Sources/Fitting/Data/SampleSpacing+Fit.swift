import Frames
import Representations

extension SampleSpacing {
  /// Frequencies per sample, raised where samples lie farther apart, so that they stay the same per unit of length.
  func frequencies(_ perSample: TuckerConfiguration.Axes<Float>) -> TuckerConfiguration.Axes<Float> {
    func factor(_ distance: Double) -> Float { Float(min(distance, Self.mostOscillation)) }
    return .init(
      row: perSample.row * factor(row), column: perSample.column * factor(column),
      time: perSample.time * factor(frame))
  }

  /// Raises 0.5 or 0.6 radians a sample to about two at most; at pi a wave would fall between the samples.
  private static var mostOscillation: Double { 3 }

  /// Weights of differences divided by distances, so that they penalise slopes. Rows and columns share a weight: slices lie
  /// along the coarsest axis where there is a choice, so that these two rarely differ.
  func strengths(_ perSample: PenaltyStrengths) -> PenaltyStrengths {
    let inPlane = Float(2 / (row + column))
    var result = perSample
    result.tv *= inPlane
    result.sstv *= inPlane / Float(frame)
    return result
  }
}
