/// How much time a restoration may take for its quality.
public enum Preset: String, Sendable, Codable, CaseIterable {
  case fast, balanced, best
}

/// A penalty of the fit and its weight, as given on the command line: `inrr=W`, `tv=W`, `sstv=W`.
public enum Penalty: String, Sendable, Codable, CaseIterable {
  /// Learned Dirichlet energy along rows, columns and time.
  case inrr
  /// Total variation in space.
  case tv
  /// Spatio-temporal total variation: differences in time of differences in space.
  case sstv
}

/// Everything that decides what a restoration computes.
public struct RestorationSettings: Sendable, Codable, Equatable {
  public var preset: Preset = .balanced
  /// Weights of the penalties; nil leaves them to the preset and the hold-out samples, empty means none.
  public var penalties: [Penalty: Float]?
  /// Frames solved together, at least 2.
  public var windowFrames = 32
  /// Frames that successive windows of a scene share and blend over, 0 ..< windowFrames.
  public var overlap = 8
  /// The least that `tile` may be: room for a hole, what surrounds it, and the overlap with the next tile.
  public static let smallestTile = 96
  /// Largest side of a tile in samples of the frame; nil chooses by the holes.
  public var tile: Int?
  /// Worker threads, at least 1. The result does not depend on it.
  public var threads = 1
  public var seed: UInt64 = 0
  /// Bytes that the solver may use, as a bound on tiles and windows; nil for no bound of its own.
  public var maximumMemory: Int?

  public init() {}
}
