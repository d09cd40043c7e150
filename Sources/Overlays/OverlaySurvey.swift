import Frames
import Kernels

/// Looks at the frames of a whole video for what overlays at some places are made of.
///
/// Memory is bounded by the places' size, whatever the number of frames.
public struct OverlaySurvey {
  private let format: FrameFormat
  private let places: [OverlayPlace]
  private let threads: Int
  private var crops: [FrameCrops]

  public init(format: FrameFormat, places: [OverlayPlace], threads: Int) {
    (self.format, self.places, self.threads) = (format, places, threads)
    crops = places.map { place in
      let areas = format.planes.enumerated().map { ($0, PlaneBox(place.box, in: $1)) }
      let structure = Self.structure(of: format)
      let controls = place.controls(of: format, others: places).map {
        (structure, PlaneBox($0, in: format.planes[structure]))
      }
      return FrameCrops(areas + controls)
    }
  }

  /// The plane that opacity is estimated in: luma, or green.
  static func structure(of format: FrameFormat) -> Int {
    format.planes.firstIndex { $0.role == .luma } ?? format.planes.firstIndex { $0.role == .green } ?? 0
  }

  /// Takes the next frame.
  ///
  /// - Parameter mask: what of it is missing: where a place is not, the overlay is not there.
  public mutating func add(_ frame: Frame, mask: FrameMask) {
    for (k, place) in places.enumerated() where place.isMissing(in: mask) { crops[k].add(frame) }
  }

  /// What is kept of a frame.
  public struct Look: Sendable {
    fileprivate let index: Int
    /// For each place the samples of its areas; nil where it keeps other frames.
    fileprivate let crops: [[[UInt16]]?]
  }

  /// Of a video of so many frames that all have one mask, those that are looked at.
  public func lookedAt(of count: Int) -> [Int] {
    Set(crops.flatMap { $0.kept(of: count) }).sorted()
  }

  /// Looks at one of them.
  public func look(at frame: Frame, of count: Int) -> Look {
    Look(
      index: frame.index,
      crops: crops.map { $0.kept(of: count).contains(frame.index) ? $0.crop(frame) : nil })
  }

  /// Takes a whole video in the place of its frames one by one.
  ///
  /// - Parameters:
  ///   - looks: at all frames that are looked at, in any order.
  ///   - mask: of every frame.
  public mutating func fill(_ looks: [Look], of count: Int, mask: FrameMask) {
    let looks = looks.sorted { $0.index < $1.index }
    for (k, place) in places.enumerated() where place.isMissing(in: mask) {
      crops[k].fill(looks.compactMap { $0.crops[k] }, of: count)
    }
  }

  /// So many frames that none counts as being of too few.
  public static let many = 1 << 20

  /// The places, taken as opaque for another reason than what they show.
  public func unused(_ reason: OpaqueReason) -> [OverlayFinding] {
    zip(places, crops).map {
      OverlayFinding(box: $0.marked, frames: $1.offered, effectiveFrames: nil, overlay: nil, reason: reason)
    }
  }

  /// What was found at each place.
  ///
  /// - Parameter given: the overlay of the whole frame where it is known; nil to estimate it.
  public func finish(given: SeeThroughOverlay? = nil) -> [OverlayFinding] {
    zip(places, crops).map {
      let estimator = OverlayEstimator(format: format, place: $0, crops: $1, threads: threads)
      return given.map { estimator.finding(given: $0) } ?? estimator.finding()
    }
  }
}

/// What there is at a place.
public struct OverlayFinding: Sendable, Equatable, Codable {
  /// Around what is missing at the place.
  public var box: Box
  /// Frames in which the overlay was.
  public var frames: Int
  /// How many frames the picture's changes are worth; nil where that was not looked at.
  public var effectiveFrames: Double?
  /// Mean squared errors at places beside it that are known, in squares of steps of 8 bits: of the picture beneath such an
  /// overlay, and of what interpolation fills in; nil where there are no such places.
  public var controlErrors: ControlErrors?
  /// The overlay; nil where it counts as opaque.
  public var overlay: SeeThroughOverlay?
  /// Why it counts as opaque; nil where it does not.
  public var reason: OpaqueReason?

  public struct ControlErrors: Sendable, Equatable, Codable {
    public var model: Float
    public var fill: Float
  }

  /// Whether it is of frames of a format: one that comes from a file may be of others.
  public func fits(_ format: FrameFormat) -> Bool { overlay?.fits(format) ?? true }
}

/// Why an overlay is filled in instead of being taken off.
public enum OpaqueReason: String, Sendable, Codable {
  /// It is in too few frames.
  case tooFewFrames = "too-few-frames"
  /// The picture beneath hardly changes, so that it can't be told from the overlay.
  case stillScene = "still-scene"
  /// Nothing is to be seen through it.
  case opaque
  /// What is there changes as the picture around does.
  case nothingThere = "nothing-there"
  /// Estimates beside it, where the picture is known, err by too much.
  case unsure
  /// Frames are solved field by field.
  case interlaced
}
