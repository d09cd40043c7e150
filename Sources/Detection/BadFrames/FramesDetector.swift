import Frames

/// Finds frames that are black, torn, half lost or frozen, each within frames of a scene that goes on.
///
/// Only thumbnails of a few frames are kept, and fewer lines of some; whether a scene begins is not asked, for bad frames look
/// as if one did. Thresholds are differences of thumbnails in steps of 8 bits, where grain hardly shows, or shares of what the
/// scene itself changes.
public struct FramesDetector: DamageDetector {
  public static let delay = max(Repeats.reach, BlankFrames.reach)
  /// How many frames on either side tell that rows are damaged.
  private static let rowsReach = 2

  private let settings: DetectionSettings
  private let threads: Int
  private var scene = FrameWindow<FrameSummary>()
  /// Of frames whose rows were looked at.
  private var rows = FrameWindow<DamagedRows?>()
  private var repeats = Repeats()
  /// The next frame to be handed out.
  private var next = 0

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  public mutating func add(_ input: DetectionInput) -> [DetectedFrame] {
    let plane = BrightnessPlane(input.frame)
    let last = scene.range.last.map { scene[$0] }
    let isSame = last.map { $0.lines.width == plane.width && $0.lines.height == plane.height } ?? true
    let before = isSame ? [] : finish()
    scene.append(FrameSummary(input.frame, after: isSame ? last : nil, threads: threads))
    return before + decided(isOver: false)
  }

  public mutating func finish() -> [DetectedFrame] {
    let rest = decided(isOver: true)
    (scene, rows, repeats, next) = (FrameWindow(), FrameWindow(), Repeats(), 0)
    return rest
  }

  private mutating func decided(isOver: Bool) -> [DetectedFrame] {
    while rows.end < scene.end, isOver || rows.end + Self.rowsReach < scene.end {
      let frame = rows.end
      rows.append(
        scene[frame].thumbnail.isBlank ? nil : DamagedRows(in: frame, of: scene, caution: settings.caution))
    }
    var frames: [DetectedFrame] = []
    while next < scene.end, isOver || next + Self.delay < scene.end {
      frames.append(detected(next))
      next += 1
      scene.forget(before: next - Self.delay)
      rows.forget(before: next - Self.delay)
    }
    return frames
  }

  private mutating func detected(_ frame: Int) -> DetectedFrame {
    let lines = scene[frame].lines
    let index = scene[frame].index
    var mask = FrameMask(width: lines.width, height: lines.height)
    // Whatever the frame is, a repeat counts for those that follow.
    let frozen = repeats.confidence(of: frame, in: scene, caution: settings.caution) { [rows, scene] i in
      rows.range.contains(i) && rows[i] != nil || scene.range.contains(i) && scene[i].thumbnail.isBlank
    }
    var found: (rows: Range<Int>, confidence: Float)?
    if let blank = BlankFrames.confidence(of: frame, in: scene, caution: settings.caution) {
      found = (0..<lines.height, blank)
    } else if let damaged = rows[frame] {
      found = (damaged.rows, damaged.confidence)
    } else if let frozen {
      found = (0..<lines.height, frozen)
    }
    guard let found, found.confidence >= leastConfidence, !found.rows.isEmpty else {
      return DetectedFrame(index: index, mask: mask, finds: [])
    }
    let find = Find(
      kind: .frames, frames: index..<index + 1, confidence: found.confidence,
      parts: [Box(x: 0, y: found.rows.lowerBound, width: lines.width, height: found.rows.count)])
    mask.mark(find)
    return DetectedFrame(index: index, mask: mask, finds: [find])
  }

  /// What may be a cadence as well is left alone where one asks for what is certain.
  private var leastConfidence: Float { 0.5 + max(0, 0.5 - settings.sensitivity) * 0.6 }
}
