import Detection
import Frames
import Inspection
import Masks
import Media

/// Chooses, while a video is searched, what pages and panels show of it: the least certain finds of each kind with the frames
/// that they are in, and a regular sample of all frames. Memory does not grow with the number of frames.
struct FindLook {
  /// Finds that are kept, of all kinds together.
  static let mostFinds = 180
  /// Frames of the regular sample, which has at least half as many where the video has.
  static let mostSamples = 120
  /// Bytes of all frames' pictures.
  private static let bytes = 15_000_000

  /// A find of one frame.
  private struct Place: Hashable {
    var kind: DamageKind
    var moment: TrackedFind.Moment

    init(_ find: TrackedFind) { (kind, moment) = (find.kind, find.doubt) }
  }

  private let converter: DisplayConverter
  private let format: FrameFormat
  /// Finds that are kept of each kind, at most.
  private let quota: Int
  private var budget: PictureBudget
  /// The least certain of each kind, in that order.
  private var kept: [DamageKind: [ShownFind]] = [:]
  /// Pictures of finds that go on.
  private var held: [Place: FindPicture] = [:]
  private var pictures: [Int: ReportData.Pictures] = [:]
  private var samples: Set<Int> = []
  private var stride = 1
  private(set) var shares = ShareCurve()
  private(set) var frames = 0

  /// - Parameters:
  ///   - reader: used here only, not later.
  ///   - frames: how many there will be, where that is known.
  /// - Throws: `MediaError`.
  init(_ reader: VideoReader, kinds: [DamageKind], frames: Int?) throws {
    converter = try DisplayConverter(reader: reader)
    format = reader.format
    quota = max(1, Self.mostFinds / max(kinds.count, 1))
    let most = Self.mostFinds + Self.mostSamples
    budget = PictureBudget(
      bytes: Self.bytes, count: min(max(frames ?? most, 1), most), views: 1, width: converter.width,
      height: converter.height, aspect: converter.sampleAspect)
  }

  /// Takes the next frame.
  ///
  /// - Parameters:
  ///   - present: what is in it, as far as it is filled.
  ///   - listed: finds that are complete now.
  ///   - following: finds that may go on.
  ///   - missing: what is filled of it.
  /// - Throws: `MediaError`.
  mutating func add(
    _ frame: Frame, present: [Find], listed: [ListedFind], following: [TrackedFind], missing: FrameMask
  ) throws {
    let index = frame.index
    let share = Double(missing.missingCount) / Double(max(missing.width * missing.height, 1))
    shares.add(share)
    frames += 1
    var shown: RGBPicture?
    func picture() throws -> RGBPicture {
      if let shown { return shown }
      let picture = try converter.picture(of: frame)
      shown = picture
      return picture
    }
    func cut(_ place: Place) throws -> FindPicture? {
      guard
        let find = present.first(where: { $0.kind == place.kind && $0.box == place.moment.box })
      else { return nil }
      return FindPicture(
        of: try picture(), parts: find.parts.map(displayed), aspect: converter.sampleAspect)
    }
    for listed in listed where isDoubtful(listed.find) {
      let place = Place(listed.find)
      if let cut = try held[place] ?? (place.moment.frame == index ? cut(place) : nil) { keep(listed, cut) }
    }
    var going: [Place: FindPicture] = [:]
    for find in following {
      let place = Place(find)
      going[place] = try held[place] ?? (place.moment.frame == index ? cut(place) : nil)
    }
    held = going
    if index.isMultiple(of: stride) { sample(index) }
    if shown != nil || samples.contains(index) {
      pictures[index] = try encoded(picture(), index, present, share)
      let needed = shownFrames
      pictures = pictures.filter { needed.contains($0.key) }
    }
  }

  /// Takes finds that end with the last frame.
  mutating func finish(_ listed: [ListedFind]) {
    for listed in listed where isDoubtful(listed.find) {
      if let cut = held[Place(listed.find)] { keep(listed, cut) }
    }
    held = [:]
  }

  /// The least certain finds first.
  var finds: [ShownFind] { kept.values.flatMap { $0 }.sorted { Self.precedes($0, $1) } }

  /// Pictures of frames, in their order, as far as there is room: those of the least certain finds first.
  func framePictures() -> (pictures: [ReportData.Pictures], leftOut: Int) {
    var budget = budget
    var added: Set<Int> = []
    for frame in finds.map(\.frame) + samples.sorted() where added.insert(frame).inserted {
      if let picture = pictures[frame] { budget.add(picture) }
    }
    return (budget.pictures.sorted { $0.frame < $1.frame }, budget.leftOut)
  }

  // MARK: Choice

  private static func precedes(_ a: ShownFind, _ b: ShownFind) -> Bool {
    (a.find.confidence, a.frame, a.box.y, a.box.x) < (b.find.confidence, b.frame, b.box.y, b.box.x)
  }

  private func isDoubtful(_ find: TrackedFind) -> Bool {
    let kept = kept[find.kind] ?? []
    guard kept.count >= quota, let last = kept.last else { return true }
    return find.confidence < last.find.confidence
  }

  private mutating func keep(_ listed: ListedFind, _ picture: FindPicture) {
    let find = listed.find
    let shown = ShownFind(
      find: find, box: displayed(find.box), time: listed.time, frame: find.doubt.frame, picture: picture)
    var list = kept[find.kind] ?? []
    let place = list.firstIndex { Self.precedes(shown, $0) } ?? list.count
    list.insert(shown, at: place)
    if list.count > quota { list.removeLast() }
    kept[find.kind] = list
  }

  private mutating func sample(_ index: Int) {
    samples.insert(index)
    while samples.count > Self.mostSamples {
      stride *= 2
      samples = samples.filter { $0.isMultiple(of: stride) }
    }
  }

  private var shownFrames: Set<Int> {
    var frames = samples.union(held.keys.map(\.moment.frame))
    for list in kept.values { frames.formUnion(list.map(\.frame)) }
    return frames
  }

  // MARK: Pictures

  private func displayed(_ box: Box) -> Box {
    converter.orientation.displayedBox(fromCoded: box, width: format.width, height: format.height)
  }

  private func encoded(
    _ picture: RGBPicture, _ frame: Int, _ present: [Find], _ share: Double
  ) throws -> ReportData.Pictures {
    var masks: [(kind: DamageNumber, mask: FrameMask)] = []
    var counts: [String: Int] = [:]
    // Where kinds lie over each other the last one shows, so that a damaged frame must come first.
    for kind in DamageKind.allCases.reversed() {
      let finds = present.filter { $0.kind == kind }
      if finds.isEmpty { continue }
      counts[kind.rawValue] = finds.count
      var mask = FrameMask(width: format.width, height: format.height)
      for find in finds { mask.mark(find) }
      masks.append((DamageNumber(kind), converter.orientation.displayedMask(fromCoded: mask)))
    }
    let doubt = present.map(\.confidence).min().map { (Double($0) * 1000).rounded() / 1000 }
    return try budget.encoded(
      picture, frame: frame,
      found: .init(counts: counts, share: (share * 1e6).rounded() / 1e6, doubt: doubt), masks: masks)
  }
}
