/// Distances between the samples of a volume along frames (slices), rows and columns, relative to the smallest: at least 1.
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

  /// The same distance along all axes, as of videos, whose time has no length.
  public static let even = SampleSpacing(frame: 1, row: 1, column: 1)
}
