import Frames
import Kernels

/// Finds burnt-in subtitles: strokes of one brightness, with outline, shadow or box, that appear at once, stay where they are
/// whatever moves behind them, and are gone.
///
/// Each place of a smaller picture has an age, the frames since it changed (`Stillness`). Where many samples of high contrast
/// have one age (`TextPlaces`), the frame's own samples are looked at (`Appearance`): letters in lines (`Lettering`), outline
/// and shadow (`TextRim`), and box (`Backing`) make a `Subtitle`, which lasts until its strokes are gone. Text of the scene
/// is none: it moves with the scene, or comes and stops with all that is around it. A subtitle goes on over cuts.
public struct TextDetector: DamageDetector {
  /// Frames that something has to stay to be looked at, and by which its samples' ages may differ.
  private static let settled = 11
  private static let spread = 4
  /// Frames at most in which a subtitle fades in or out.
  private static let fade = 9
  /// Frames after which a box is no longer expected to be as it was.
  private static let memory = 8
  /// Share of a place that lies in another by which both are the same.
  private static let same: Float = 0.8
  public static let delay = settled + spread + fade

  private let settings: DetectionSettings
  private let threads: Int
  private var indices = FrameWindow<Int>()
  private var planes = FrameWindow<BrightnessPlane>()
  private var stillness: Stillness?
  private var subtitles: [Subtitle] = []
  /// Places that were read in the frame before, and when what is there appeared.
  private var read: [(box: Box, birth: Int)] = []
  /// The next frame to be handed out.
  private var next = 0

  public init(settings: DetectionSettings = DetectionSettings(), threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  public mutating func add(_ input: DetectionInput) -> [DetectedFrame] {
    let plane = BrightnessPlane(input.frame)
    if let last = planes.range.last {
      precondition(
        planes[last].width == plane.width && planes[last].height == plane.height, "frames have one size")
    }
    planes.append(plane)
    indices.append(input.frame.index)
    let picture = ReducedPicture(plane, threads: threads)
    var stillness: Stillness
    if let known = self.stillness.take() {
      stillness = known
      stillness.add(picture, threads: threads)
    } else {
      stillness = Stillness(picture)
    }
    follow(plane)
    appear(picture, stillness, scale: picture.scale)
    self.stillness = stillness
    return decided(isOver: false)
  }

  public mutating func finish() -> [DetectedFrame] {
    let rest = decided(isOver: true)
    self = TextDetector(settings: settings, threads: threads)
    return rest
  }

  /// Goes on with the subtitles that are there, and ends those that are not.
  private mutating func follow(_ plane: BrightnessPlane) {
    let frame = planes.end - 1
    for k in subtitles.indices where !subtitles[k].isOver {
      if subtitles[k].isIn(plane) {
        subtitles[k].missed = 0
        subtitles[k].frames = subtitles[k].frames.lowerBound..<frame + 1
      } else {
        subtitles[k].missed += 1
      }
      // A fade's last frames are known once something else has been there for a while.
      if subtitles[k].missed > Self.fade {
        let subtitle = subtitles[k]
        let end = subtitle.frames.upperBound
        let gone = subtitle.distance(in: plane)
        var last = end
        while last < frame, subtitle.distance(in: planes[end]) <= Subtitle.faded * gone,
          subtitle.distance(in: planes[last]) < 0.85 * gone,
          last == end || subtitle.distance(in: planes[last]) >= subtitle.distance(in: planes[last - 1]),
          (last + 1...min(frame, last + 2)).contains(where: {
            subtitle.distance(in: planes[last]) < Subtitle.step * subtitle.distance(in: planes[$0])
          })
        {
          last += 1
        }
        subtitles[k].frames = subtitle.frames.lowerBound..<last
        subtitles[k].isOver = true
      }
    }
  }

  private mutating func appear(_ picture: ReducedPicture, _ stillness: Stillness, scale: Int) {
    let frame = planes.end - 1
    let ages = UInt8(Self.settled)...UInt8(Self.settled + Self.spread)
    let middle = Self.settled + Self.spread / 2
    let places = TextPlaces.found(in: picture, stillness: stillness, ages: ages)
      .filter { place in
        // In two frames, for ages are guesses; but no place twice.
        place.age == middle
          || place.age == middle + 1
            && !read.contains { $0.birth == frame - place.age && $0.box.covers(place.box, share: Self.same) }
      }
    read = places.map { ($0.box, frame - $0.age) }
    let (planes, settings, subtitles) = (planes, settings, subtitles)
    let found = parallelMap(places.count, threads: threads) { k in
      let birth = frame - places[k].age
      let before = subtitles.last { $0.margins != nil && $0.frames.upperBound >= birth - Self.memory }
      let reader = TextReader(planes: planes, settings: settings, margins: before?.margins)
      return reader.subtitle(at: places[k], birth: birth, fade: Self.fade, scale: scale)
    }
    // Where two were read at one place, the better one counts.
    for subtitle in found.compactMap({ $0 }).sorted(by: { $0.weight > $1.weight }) {
      if self.subtitles.contains(where: { !$0.isOver && subtitle.overlap(with: $0) > 0.5 }) { continue }
      if self.subtitles.contains(where: { $0.uncovers(subtitle) }) { continue }
      self.subtitles.append(subtitle)
    }
  }

  private mutating func decided(isOver: Bool) -> [DetectedFrame] {
    var frames: [DetectedFrame] = []
    while next < planes.end && (isOver || next + Self.delay < planes.end) {
      let size = planes[planes.end - 1]
      var mask = FrameMask(width: size.width, height: size.height)
      var finds: [Find] = []
      for subtitle in subtitles where subtitle.frames.contains(next) {
        guard let find = subtitle.find(frames: indices[next]..<indices[next] + 1) else { continue }
        finds.append(find)
        mask.mark(find)
      }
      frames.append(DetectedFrame(index: indices[next], mask: mask, finds: finds))
      next += 1
    }
    subtitles.removeAll { $0.isOver && $0.frames.upperBound <= next }
    indices.forget(before: next)
    planes.forget(before: min(next, planes.end - Self.delay - 3))
    return frames
  }
}

extension Box {
  /// Whether at least a share of another lies in it.
  fileprivate func covers(_ other: Box, share: Float) -> Bool {
    let columns = min(x + width, other.x + other.width) - max(x, other.x)
    let rows = min(y + height, other.y + other.height) - max(y, other.y)
    return columns > 0 && rows > 0 && Float(columns * rows) >= share * Float(other.area)
  }
}
