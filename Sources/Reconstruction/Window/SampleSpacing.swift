import Representations

/// How far apart the samples of a volume lie along frames (slices), rows and columns, relative to the closest: at least 1.
public struct SampleSpacing: Sendable, Codable, Equatable {
  public let frame: Double
  public let row: Double
  public let column: Double

  /// - Parameters: distances in any common unit, above 0.
  public init(frame: Double, row: Double, column: Double) {
    let least = min(frame, row, column)
    precondition(least > 0 && max(frame, row, column).isFinite, "distances are lengths")
    (self.frame, self.row, self.column) = (frame / least, row / least, column / least)
  }

  /// What is the same per unit of length is more per sample where samples lie farther apart, as far as samples show it.
  func frequencies(_ perSample: TuckerConfiguration.Axes<Float>) -> TuckerConfiguration.Axes<Float> {
    func factor(_ distance: Double) -> Float { Float(min(distance, Self.mostOscillation)) }
    return .init(
      row: perSample.row * factor(row), column: perSample.column * factor(column),
      time: perSample.time * factor(frame))
  }

  /// From 0.5 or 0.6 radians a sample to about two, short of where a wave falls between the samples.
  private static let mostOscillation = 3.0

  /// Penalties on differences as on slopes. Rows and columns share a weight: slices lie along the coarsest axis where
  /// there is a choice, so that these two rarely differ.
  func strengths(_ perSample: PenaltyStrengths) -> PenaltyStrengths {
    let inPlane = Float(2 / (row + column))
    var result = perSample
    result.tv *= inPlane
    result.sstv *= inPlane / Float(frame)
    return result
  }

  /// The same distance along all axes: what videos have, whose time has no length.
  public static let even = SampleSpacing(frame: 1, row: 1, column: 1)
}
