import Frames
import Testing

@testable import Detection

@Suite("Scenes that are looked through in pieces")
struct SceneSearchTests {
  private static let kinds: [DamageKind] = [.dirt, .scratches, .frames]
  private static let starts = [0, 8, 13, 22]
  private let frames: [Frame]

  init() throws {
    var film = SyntheticFilm(width: 96, height: 64, count: 28, speed: 2)
    film.cuts = Set(Self.starts.dropFirst())
    film.scene = { t, _, _, value in
      0.5 * value + 45 * Float(Self.starts.lastIndex { $0 <= t } ?? 0)
    }
    film.scratches = [PaintedScratch(x: 50, contrast: 40)]
    film.marks = { t, values in
      for y in 20..<26 { for x in 70..<77 where t % 5 == 2 { values[y * 96 + x] = 250 } }
    }
    // A frame that is black, which no scene begins with.
    var frames = film.inputs(knowsMotion: false).map(\.frame)
    frames[17] = Frame(format: frames[17].format, filledWith: 0, index: 17)
    self.frames = frames
  }

  private static func found(_ frames: [Frame], known: Known? = nil, threads: Int = 2) throws -> [FoundFrame] {
    var search = DamageSearch(kinds: kinds, known: known, threads: threads)
    return try frames.flatMap { try search.add($0) } + (try search.finish())
  }

  /// What is found in the scenes that begin in a range, by their first frames, with frames from some before it on.
  private func scenes(_ range: Range<Int>, before: Int = SceneSearch.lead + 2) throws -> [Int: [[Find]]] {
    let first = max(0, range.lowerBound - before)
    var search = SceneSearch(
      kinds: Self.kinds, settings: DetectionSettings(), isBeginning: first == 0, threads: 2)
    func place(_ frame: Frame) -> SceneSearch.Place {
      frame.index < range.lowerBound ? .before : frame.index < range.upperBound ? .within : .behind
    }
    var found: [FoundFrame] = []
    for frame in frames[first...] where !search.isOver { found += try search.add(frame, place: place) }
    found += try search.finish(place: place)
    var scenes: [Int: [[Find]]] = [:]
    var scene = 0
    for frame in found {
      if frame.startsScene { scene = frame.frame.index }
      scenes[scene, default: []].append(frame.finds)
    }
    return scenes
  }

  /// Knows the scenes that it was given.
  private struct Known: KnownScenes {
    var scenes: [Int: [[Find]]]
    var left: ArraySlice<[Find]> = []
    var asked = 0

    mutating func begin(_ frame: Frame) throws -> Bool {
      try finish()
      left = scenes[frame.index]?[...] ?? []
      return !left.isEmpty
    }
    mutating func finds(in frame: Frame) throws -> [Find] {
      guard let first = left.popFirst() else { throw SceneChanged() }
      return first
    }
    func finish() throws { if !left.isEmpty { throw SceneChanged() } }
  }

  private func bySceneAlone(_ finds: [Find]) -> [Find] { finds.filter(\.kind.isFoundBySceneAlone) }

  @Test("each scene is in one piece, and what is found in it is what a search of the whole finds")
  func pieces() throws {
    let whole = try Self.found(frames)
    #expect(whole.filter(\.startsScene).map(\.frame.index) == Self.starts)
    #expect(whole.contains { $0.finds.contains { $0.kind == .dirt } })
    #expect(whole.contains { $0.finds.contains { $0.kind == .scratches } })
    for bounds in [[9, 13], [1, 2, 8, 21]] {
      var all: [Int: [[Find]]] = [:]
      for (first, end) in zip([0] + bounds, bounds + [Int.max]) {
        for (scene, finds) in try scenes(first..<end) {
          #expect(all[scene] == nil)
          all[scene] = finds
        }
      }
      #expect(all.keys.sorted() == Self.starts)
      for (scene, frames) in all {
        for (i, finds) in frames.enumerated() {
          #expect(Set(finds) == Set(bySceneAlone(whole[scene + i].finds)), "\(bounds), \(scene + i)")
        }
      }
    }
    // Where too few frames come before the first scene, it can't be told to be one, and is left out.
    #expect(try scenes(8..<20, before: 1).keys.sorted() == [13])
  }

  @Test("scenes that are known are not looked at again, and nothing else is found")
  func known() throws {
    let whole = try Self.found(frames)
    let all = try scenes(0..<Int.max)
    for (kept, threads) in [([8], 1), ([0, 13], 3), (Self.starts, 2)] {
      let known = Known(scenes: all.filter { kept.contains($0.key) })
      let found = try Self.found(frames, known: known, threads: threads)
      #expect(found.map(\.mask) == whole.map(\.mask))
      #expect(found.map { Set($0.finds) } == whole.map { Set($0.finds) })
      #expect(found.map(\.startsScene) == whole.map(\.startsScene))
    }
    // What is known is taken for what is there.
    let mark = Find(
      kind: .dirt, frames: 9..<10, confidence: 1, parts: [Box(x: 1, y: 1, width: 2, height: 2)])
    var other = all
    other[8]?[1] = [mark]
    #expect(try Self.found(frames, known: Known(scenes: other))[9].finds.contains(mark))
  }

  @Test("a scene of another length, or with finds outside its frames, is another")
  func changed() throws {
    let all = try scenes(0..<Int.max)
    for (scene, change) in [(8, 1), (22, 1), (22, -1)] {
      var other = all
      if change > 0 { other[scene]?.append([]) } else { other[scene]?.removeLast() }
      #expect(throws: SceneChanged.self) { try Self.found(frames, known: Known(scenes: other)) }
    }
    var other = all
    let box = Box(x: 90, y: 0, width: 13, height: 2)
    other[13]?[0] = [Find(kind: .dirt, frames: 13..<14, confidence: 1, parts: [box])]
    #expect(throws: SceneChanged.self) { try Self.found(frames, known: Known(scenes: other)) }
  }
}
