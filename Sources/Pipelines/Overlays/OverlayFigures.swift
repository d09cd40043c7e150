import Frames
import Overlays

/// What a report says of an overlay.
public struct OverlayFigures: Sendable, Encodable {
  /// Around what is missing at its place.
  public var box: Box
  /// Frames in which it is by the masks.
  public var frames: Int
  /// Whether the picture is seen through it; otherwise it is filled in.
  public var seeThrough: Bool
  /// Why it is filled in; nil where the picture is seen through it.
  @OrNull public var reason: String?
  /// Of its denser parts, 0 ... 1; nil where it is filled in.
  @OrNull public var opacity: Double?
  /// How many frames the picture's changes beneath are worth as evidence; nil where that was not looked at.
  @OrNull public var effectiveFrames: Double?

  init(_ finding: OverlayFinding) {
    (box, frames, seeThrough) = (finding.box, finding.frames, finding.overlay != nil)
    reason = finding.reason?.rawValue
    opacity = finding.overlay.map { (Double($0.typicalOpacity) * 1000).rounded() / 1000 }
    effectiveFrames = finding.effectiveFrames.map { ($0 * 10).rounded() / 10 }
  }

  /// For the summary.
  public var text: String {
    let place = "at \(box.x),\(box.y)"
    if seeThrough {
      let share = Int(((opacity ?? 0) * 100).rounded())
      return "\(place): \(share) % opaque, seen through in \(frames) frame\(frames == 1 ? "" : "s")"
    }
    let why = reason.flatMap(OpaqueReason.init(rawValue:))?.sentence ?? "it counts as opaque"
    return "\(place): filled in: \(why)"
  }
}

extension OpaqueReason {
  /// In words, without a full stop.
  var sentence: String {
    switch self {
    case .tooFewFrames: "it is in too few frames to tell what it is made of"
    case .stillScene: "what is beneath hardly changes, so that it can't be told from the overlay"
    case .opaque: "nothing is to be seen through it"
    case .nothingThere: "what is there changes as the picture around it does, so that no overlay is seen"
    case .unsure: "estimates beside it, where the picture is known, err by too much"
    case .interlaced:
      "overlays of interlaced frames can't be seen through; --interlaced-as-frames solves them whole"
    }
  }
}
