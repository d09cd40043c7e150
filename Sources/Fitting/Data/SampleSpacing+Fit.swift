import Frames
import Representations

extension SampleSpacing {
  /// What is the same per unit of length is more per sample where samples lie farther apart, as far as samples show it.
  func frequencies(_ perSample: TuckerConfiguration.Axes<Float>) -> TuckerConfiguration.Axes<Float> {
    func factor(_ distance: Double) -> Float { Float(min(distance, Self.mostOscillation)) }
    return .init(
      row: perSample.row * factor(row), column: perSample.column * factor(column),
      time: perSample.time * factor(frame))
  }

  /// From 0.5 or 0.6 radians a sample to about two, short of where a wave falls between the samples.
  private static var mostOscillation: Double { 3 }

  /// Penalties on differences as on slopes. Rows and columns share a weight: slices lie along the coarsest axis where
  /// there is a choice, so that these two rarely differ.
  func strengths(_ perSample: PenaltyStrengths) -> PenaltyStrengths {
    let inPlane = Float(2 / (row + column))
    var result = perSample
    result.tv *= inPlane
    result.sstv *= inPlane / Float(frame)
    return result
  }
}
