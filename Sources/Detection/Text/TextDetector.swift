import Frames

/// Finds burnt-in subtitles: strokes of one brightness or colour, with outline, shadow or box, that appear at once, stay where
/// they are whatever moves behind them, and are gone.
///
/// They are looked for in each plane by itself (`TextChannel`): brightness first, and of those in planes of colour only letters
/// that are not found before (`ColourLetters`). Text of the scene is none: it moves with the scene, or comes and stops with all
/// that is around it. A subtitle goes on over cuts.
public struct TextDetector: DamageDetector {
  public static let delay = TextChannel.delay

  private let settings: DetectionSettings
  private let threads: Int
  private var indices = FrameWindow<Int>()
  /// Of the frames, in their samples.
  private var size = (width: 0, height: 0)
  /// Of brightness, then of colours.
  private var channels: [TextChannel] = []
  /// The next frame to be handed out.
  private var next = 0

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  public mutating func add(_ input: DetectionInput) -> [DetectedFrame] {
    let colours = BrightnessPlane.colours(of: input.frame)
    if channels.isEmpty {
      size = (input.frame.format.width, input.frame.format.height)
      let channel = TextChannel(settings: settings, threads: threads)
      channels = Array(repeating: channel, count: 1 + colours.count)
    }
    precondition(channels.count == 1 + colours.count, "frames have one format")
    indices.append(input.frame.index)
    channels[0].add(BrightnessPlane(input.frame))
    for (k, colour) in colours.enumerated() { channels[k + 1].add(colour, brightness: channels[0].planes) }
    return decided(isOver: false)
  }

  public mutating func finish() -> [DetectedFrame] {
    let rest = decided(isOver: true)
    self = TextDetector(settings: settings, threads: threads)
    return rest
  }

  private mutating func decided(isOver: Bool) -> [DetectedFrame] {
    var frames: [DetectedFrame] = []
    while next < indices.end && (isOver || next + Self.delay < indices.end) {
      frames.append(detected(next))
      next += 1
    }
    for k in channels.indices { channels[k].forget(before: next) }
    indices.forget(before: next)
    return frames
  }

  private mutating func detected(_ frame: Int) -> DetectedFrame {
    var mask = FrameMask(width: size.width, height: size.height)
    var finds: [Find] = []
    let index = indices[frame]..<indices[frame] + 1
    for (k, channel) in channels.enumerated() {
      for i in channel.subtitles.indices where channel.subtitles[i].frames.contains(frame) {
        if k > 0 {
          let others = channels[..<k].flatMap(\.subtitles)
          channels[k].subtitles[i].rest = ColourLetters.rest(
            of: channel.subtitles[i], beside: others, in: frame)
        }
        let boxes = channels[k].subtitles[i].boxes(in: size)
        guard
          let find = boxes.isEmpty
            ? nil
            : Find(kind: .text, frames: index, confidence: channel.subtitles[i].confidence, parts: boxes)
        else { continue }
        guard k > 0 else {
          finds.append(find)
          mask.mark(find)
          continue
        }
        add(find, to: &finds, &mask)
      }
    }
    return DetectedFrame(index: indices[frame], mask: mask, finds: finds)
  }

  /// Adds letters of a colour: to the text that they are part of, if there is one.
  private func add(_ letters: Find, to finds: inout [Find], _ mask: inout FrameMask) {
    var new: Find? = letters
    if !mask.missing.isEmpty {
      new = letters.clipped(
        to: FrameMask(width: size.width, height: size.height, missing: mask.missing.map { 1 - $0 }))
    }
    guard let new else { return }
    mask.mark(new)
    if let i = finds.firstIndex(where: { $0.box.intersects(letters.box) }) {
      finds[i] = Find(
        kind: .text, frames: new.frames, confidence: max(finds[i].confidence, new.confidence),
        parts: finds[i].parts + new.parts)
    } else {
      finds.append(new)
    }
  }
}

extension Box {
  fileprivate func intersects(_ other: Box) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }
}
