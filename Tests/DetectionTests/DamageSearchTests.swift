import Frames
import Testing

@testable import Detection

@Suite("A search for damage")
struct DamageSearchTests {
  private func search(
    _ frames: [Frame], kinds: [DamageKind] = [.scratches], surveyed: [Find] = [], threads: Int = 2
  ) throws -> (found: [FoundFrame], mostWaiting: Int) {
    var search = DamageSearch(kinds: kinds, surveyed: surveyed, threads: threads)
    var (found, most) = ([FoundFrame](), 0)
    for (i, frame) in frames.enumerated() {
      found += try search.add(frame)
      most = max(most, i + 1 - found.count)
    }
    return (found + (try search.finish()), most)
  }

  private func frames(_ film: SyntheticFilm) -> [Frame] { film.inputs(knowsMotion: false).map(\.frame) }

  @Test("finds scratches with motion of its own, in order, and keeps few frames")
  func scratches() throws {
    var film = SyntheticFilm(width: 160, height: 128, count: 20, speed: 2)
    film.scratches = [PaintedScratch(x: 70, contrast: 40)]
    let (found, most) = try search(frames(film))
    #expect(found.map(\.frame.index) == Array(0..<20))
    let detected = found.map { DetectedFrame(index: $0.frame.index, mask: $0.mask, finds: $0.finds) }
    let score = Score(detected, of: film)
    #expect(score.recall > 0.9 && score.falseAlarm < 5e-4)
    #expect(most < ScratchDetector.delay + SceneStarts.reach + DamageSearch.together)
  }

  @Test("is the same for any number of threads")
  func threads() throws {
    var film = SyntheticFilm(width: 128, height: 96, count: 12, speed: 2)
    film.scratches = [PaintedScratch(x: 50, contrast: 40)]
    let (one, three) = (
      try search(frames(film), threads: 1).found, try search(frames(film), threads: 3).found
    )
    #expect(one.map(\.mask) == three.map(\.mask) && one.map(\.finds) == three.map(\.finds))
    #expect(one.contains { !$0.finds.isEmpty })
  }

  @Test("takes videos of no, one and two frames, tiny ones, and frames that change their size")
  func oddVideos() throws {
    for count in 0...2 {
      let film = SyntheticFilm(width: 96, height: 64, count: count)
      #expect(try search(frames(film)).found.count == count)
    }
    let sizes = [(96, 64), (96, 64), (64, 96), (1, 1), (3, 200), (96, 64)]
    let all = sizes.enumerated().map { i, size in
      Frame(
        format: FrameFormat(width: size.0, height: size.1, bitDepth: 8, roles: [.luma]), filledWith: 90,
        index: i)
    }
    let found = try search(all).found
    #expect(found.map(\.mask.width) == sizes.map(\.0) && found.map(\.mask.height) == sizes.map(\.1))
    #expect(found.map(\.startsScene) == [true, false, true, true, true, true])
    var surveys = DamageSurveys(kinds: [.pixels], threads: 1)
    for frame in all { surveys.add(frame) }
    #expect(surveys.finish().frames == 6)
  }

  @Test("starts scenes at cuts, and not at flashes and damaged frames")
  func cuts() throws {
    var film = SyntheticFilm(width: 128, height: 96, count: 24, speed: 3)
    film.cuts = [9, 10]
    var all = frames(film)
    // A flash, two frames that are lost, and a change of light.
    for (i, value) in [(3, 250), (15, 0), (16, 0)] as [(Int, UInt16)] {
      all[i] = Frame(format: all[i].format, filledWith: value, index: i)
    }
    all[20].startsScene = true
    let starts = try search(all, kinds: []).found.filter(\.startsScene).map(\.frame.index)
    // A scene of one frame lies between others.
    #expect(starts == [0, 9, 10, 20] || starts == [0, 10, 20])
    film.cuts = [9]
    film.scene = { t, _, _, value in t < 9 ? value : 300 - value }
    #expect(try search(frames(film), kinds: []).found.filter(\.startsScene).map(\.frame.index) == [0, 9])
  }

  @Test("adds what surveys found to the frames that it is in")
  func surveyed() throws {
    let film = SyntheticFilm(width: 96, height: 64, count: 8)
    let logo = Find(
      kind: .overlay, frames: 2..<5, confidence: 1, parts: [Box(x: 4, y: 5, width: 6, height: 3)])
    let tooLarge = Find(
      kind: .overlay, frames: 0..<8, confidence: 1, parts: [Box(x: 90, y: 5, width: 7, height: 3)])
    let found = try search(frames(film), surveyed: [tooLarge, logo]).found
    #expect(found.map(\.finds.count) == [0, 0, 1, 1, 1, 0, 0, 0])
    #expect(found.map(\.mask.missingCount) == [0, 0, 18, 18, 18, 0, 0, 0])
  }

  @Test("is offered for what can be found alone")
  func kinds() {
    #expect(DamageKind.offered.contains(.scratches) && DamageKind.offered.contains(.pixels))
    #expect(Set(DamageKind.usual).isSubset(of: [.dirt, .scratches, .frames]) && !DamageKind.usual.isEmpty)
    #expect(DamageKind.pixels.needsSurvey && !DamageKind.scratches.needsSurvey)
  }
}

@Suite("Finds")
struct FindTests {
  @Test("are clipped to a mask, in as few boxes as their rows need")
  func clipping() throws {
    let find = Find(
      kind: .dirt, frames: 3..<4, confidence: 0.5,
      parts: [Box(x: 1, y: 1, width: 6, height: 4), Box(x: 0, y: 6, width: 3, height: 1)])
    var mask = FrameMask(width: 8, height: 8)
    #expect(find.clipped(to: mask) == nil)
    mask.missing = Array(repeating: 1, count: 64)
    #expect(find.clipped(to: mask) == find)
    // A column of it is not there, and from a row on another one.
    for y in 0..<8 { mask.missing[y * 8 + (y < 3 ? 4 : 2)] = 0 }
    let clipped = try #require(find.clipped(to: mask))
    #expect(
      clipped.parts == [
        Box(x: 1, y: 1, width: 3, height: 2), Box(x: 5, y: 1, width: 2, height: 2),
        Box(x: 1, y: 3, width: 1, height: 2), Box(x: 3, y: 3, width: 4, height: 2),
        Box(x: 0, y: 6, width: 2, height: 1),
      ])
    #expect(clipped.area == 22 && clipped.box == Box(x: 0, y: 1, width: 7, height: 6))
  }

  @Test("that go on from frame to frame are one")
  func tracking() {
    func scratch(_ x: Int, _ frame: Int, height: Int = 40) -> Find {
      Find(
        kind: .scratches, frames: frame..<frame + 1, confidence: 0.5 + Float(frame % 2) / 4,
        parts: [Box(x: x, y: 0, width: 2, height: height)])
    }
    var tracker = FindTracker()
    var ended: [TrackedFind] = []
    // One wanders, another comes later far from it, and a third after a gap of a frame.
    for t in 0..<10 {
      var finds = t == 7 ? [] : [scratch(20 + t, t)]
      if t >= 4 { finds.insert(scratch(60, t, height: 40 + t), at: 0) }
      ended += tracker.add(finds, of: t)
    }
    #expect(ended.map(\.frames) == [0..<7])
    #expect(ended.first?.box == Box(x: 20, y: 0, width: 8, height: 40))
    // Frames with even numbers are the least certain ones; the first of them tells.
    #expect(ended.first?.doubt == .init(frame: 0, box: Box(x: 20, y: 0, width: 2, height: 40)))
    #expect(tracker.following.map(\.doubt.frame) == [4, 8])
    let rest = tracker.finish().sorted { $0.box.x < $1.box.x }
    #expect(rest.map(\.frames) == [8..<10, 4..<10])
    #expect(rest.last?.area == 98 && rest.first?.confidence == 0.625)
    #expect(tracker.finish().isEmpty && tracker.frames.isEmpty)
  }
}
