import Fitting
import Frames

/// How much time a restoration may take for its quality.
public enum Preset: String, Sendable, Codable, CaseIterable {
  case fast, balanced, best
  /// The paper's method as its authors set it, frame by frame, and nothing else: slow.
  case paper
}

/// Everything that decides what a restoration computes; how it is run is an `Execution`.
public struct RestorationSettings: Sendable, Codable, Equatable {
  public var preset: Preset = .balanced
  public var model: ModelKind = .tucker
  public var coordinates: CoordinateMode = .volume
  /// The penalties; nil leaves them to the preset and the hold-out samples, empty means none.
  public var regularizers: [RegularizerSettings]?
  /// Iterations of the fit; nil leaves them to the preset.
  public var iterations: Int?
  /// Frames solved together, at least 2.
  public var windowFrames = 32
  /// Frames that successive windows of a scene share and blend over, 0 ..< windowFrames.
  public var overlap = 4
  /// The least that `tile` may be: room for a hole, what surrounds it, and the overlap with the next tile.
  public static let smallestTile = 96
  /// Largest side of a tile in samples of the frame; nil chooses by the holes.
  public var tile: Int?
  public var seed: UInt64 = 0
  /// How much of the noise that holes of a video lack against what surrounds them is added, 0 ... 1.
  public var grain = 1.0
  /// Distances between the samples of a volume, whose slices are the frames; nil for a video. A volume has no scenes
  /// and nothing in it moves.
  public var volume: SampleSpacing?
  /// Bytes that the solver may use; nil for no bound of its own. Windows and tiles shrink to fit, and the result follows
  /// from them.
  public var maximumMemory: Int?

  /// Whether sites with lasting holes take along frames from outside their windows.
  public var carriesFrames = true

  public init() {}
}
