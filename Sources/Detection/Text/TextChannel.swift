import Frames
import Kernels

/// Burnt-in text in one plane of a video: brightness, or one of colour.
///
/// Each place of a smaller picture has an age, the frames since it changed (`Stillness`). Where many samples of high contrast
/// have one age (`TextPlaces`), the frame's own samples are looked at (`Appearance`): letters in lines (`Lettering`), outline
/// and shadow (`TextRim`), and box (`Backing`) make a `Subtitle`, which lasts until its strokes are gone.
struct TextChannel: Sendable {
  /// Frames that something has to stay to be looked at, and by which its samples' ages may differ.
  private static let settled = 11
  private static let spread = 4
  /// Frames at most in which a subtitle fades in or out.
  static let fade = 9
  /// Frames after which a box is no longer expected to be as it was.
  private static let memory = 8
  /// Share of a place that lies in another by which both are the same.
  private static let same: Float = 0.8
  /// A subtitle is known at the latest when so many more frames were given.
  static let delay = settled + spread + fade

  private let settings: DetectionSettings
  private let threads: Int
  private(set) var planes = FrameWindow<BrightnessPlane>()
  private var stillness: Stillness?
  var subtitles: [Subtitle] = []
  /// Places that were read in the frame before, and when what is there appeared.
  private var read: [(box: Box, birth: Int)] = []

  init(settings: DetectionSettings, threads: Int) {
    (self.settings, self.threads) = (settings, threads)
  }

  /// Looks at the next frame.
  ///
  /// - Parameter brightness: of the frames up to this one, where the plane is one of colour.
  mutating func add(_ plane: BrightnessPlane, brightness: FrameWindow<BrightnessPlane>? = nil) {
    if let last = planes.range.last {
      precondition(
        planes[last].width == plane.width && planes[last].height == plane.height, "frames have one size")
    }
    planes.append(plane)
    let picture = ReducedPicture(plane, threads: threads)
    var stillness: Stillness
    if let known = self.stillness.take() {
      stillness = known
      stillness.add(picture, threads: threads)
    } else {
      stillness = Stillness(picture)
    }
    follow(plane)
    appear(picture, stillness, brightness)
    self.stillness = stillness
  }

  /// Forgets what is not needed once all frames before one were handed out.
  mutating func forget(before frame: Int) {
    // Those of colours may end a little later, and are compared with them.
    subtitles.removeAll { $0.isOver && $0.frames.upperBound + Self.fade <= frame }
    planes.forget(before: min(frame, planes.end - Self.delay - 3))
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

  private mutating func appear(
    _ picture: ReducedPicture, _ stillness: Stillness, _ brightness: FrameWindow<BrightnessPlane>?
  ) {
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
      let reader = TextReader(
        planes: planes, settings: settings, margins: before?.margins, brightness: brightness)
      return reader.subtitle(at: places[k], birth: birth, fade: Self.fade, scale: picture.scale)
    }
    // Where two were read at one place, the better one counts.
    for subtitle in found.compactMap({ $0 }).sorted(by: { $0.weight > $1.weight }) {
      if self.subtitles.contains(where: { !$0.isOver && subtitle.overlap(with: $0) > 0.5 }) { continue }
      if self.subtitles.contains(where: { $0.uncovers(subtitle) }) { continue }
      self.subtitles.append(subtitle)
    }
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
