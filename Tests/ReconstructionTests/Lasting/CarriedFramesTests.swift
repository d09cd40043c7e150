import Frames
import Synchronization
import Testing

@testable import Reconstruction

/// Holes that last longer than their windows.
struct CarriedFramesTests {
  /// A mark over a picture, which can be read a second time.
  private final class Marked: MaskedStream {
    let format: FrameFormat
    let count: Int
    let isReadTwice: Bool
    /// Whether masks can be read alone.
    var tellsMasks = false
    /// The picture's first frame after a cut, if there is one.
    let cut: Int?
    let isMarked: (Int) -> Bool
    private var position = 0
    private(set) var written: [Frame] = []
    private(set) var again: Marked?

    static let box = Box(x: 24, y: 16, width: 24, height: 16)

    init(
      format: FrameFormat = CarriedFramesTests.format, count: Int = 40, isReadTwice: Bool = true,
      cut: Int? = nil,
      isMarked: @escaping (Int) -> Bool
    ) {
      (self.format, self.count, self.isReadTwice) = (format, count, isReadTwice)
      (self.cut, self.isMarked) = (cut, isMarked)
    }

    var framesReadAhead: Int { again?.position ?? 0 }

    func truth(_ t: Int) -> Frame {
      let scene = cut.map { t < $0 ? 0 : 1 } ?? 0
      let planes = format.planes.map { plane in
        (0..<plane.count).map { i -> UInt16 in
          let (y, x) = (i / plane.width, i % plane.width)
          let value = (x / 3 * 5 + y / 3 * 9) % 16 * (scene == 0 ? 6 : 14) + (x * y) % 7
          return UInt16(value << (format.bitDepth - 8))
        }
      }
      return Frame(format: format, planes: planes, index: t)
    }

    func mask(_ t: Int) -> FrameMask {
      var mask = FrameMask(width: format.width, height: format.height)
      guard isMarked(t) else { return mask }
      mask.missing = [UInt8](repeating: 0, count: format.width * format.height)
      for y in Self.box.y..<Self.box.y + Self.box.height {
        for x in Self.box.x..<Self.box.x + Self.box.width { mask.missing[y * format.width + x] = 1 }
      }
      return mask
    }

    func next() -> MaskedFrame? {
      if position == count { return nil }
      defer { position += 1 }
      var (frame, mask) = (truth(position), mask(position))
      for (p, plane) in format.planes.enumerated() {
        for (i, isMissing) in mask.missing(in: plane).enumerated() where isMissing != 0 {
          frame.planes[p][i] = UInt16(i * 31 % 200)
        }
      }
      if mask.isEmpty { mask.missing = [] }
      return MaskedFrame(frame: frame, mask: mask)
    }

    func write(_ frame: Frame) { written.append(frame) }

    func openedAgain() -> (any MaskedStream)? {
      again = isReadTwice ? Marked(format: format, count: count, cut: cut, isMarked: isMarked) : nil
      return again
    }

    func masksAgain() -> (() throws -> FrameMask?)? {
      guard tellsMasks else { return nil }
      var index = 0
      return { [self] in
        defer { index += 1 }
        return index < count ? mask(index) : nil
      }
    }

    /// The largest error, in steps of 8 bits, of some frames.
    func error(_ frames: Range<Int>) -> Int {
      frames.map { t in
        zip(written[t].planes, truth(t).planes).map { zip($0, $1).map { abs(Int($0) - Int($1)) }.max() ?? 0 }
          .max() ?? 0
      }.max().map { $0 >> (format.bitDepth - 8) } ?? 0
    }
  }

  static let format = FrameFormat(
    width: 96, height: 64, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  private var settings: RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = .fast
    (settings.windowFrames, settings.overlap, settings.grain) = (8, 2, 0)
    settings.iterations = 3
    return settings
  }

  private func windows(_ stream: Marked) throws -> [Window] {
    var reader = WindowReader(
      stream, planner: Planner(settings: settings, format: stream.format), isCancelled: { false })
    var windows: [Window] = []
    while let window = try reader.next() { windows.append(window) }
    return windows
  }

  /// Numbers of the frames that each window's first site takes along.
  private func carried(_ stream: Marked) throws -> [[[Int]]] {
    try windows(stream).map { window in
      window.carried.values.first.map { [$0.before.map(\.index), $0.after.map(\.index)] } ?? []
    }
  }

  @Test func framesBeforeAndAfterAreTakenAlong() throws {
    // Windows begin with every sixth frame.
    let found = try carried(Marked { (10..<26).contains($0) })
    #expect(found[1].isEmpty && found[4].isEmpty)
    #expect(found[2] == [[6, 9], [26, 34]])
    #expect(found[3] == [[6, 9], [26, 34]] || found[3].isEmpty)
  }

  @Test func nothingIsTakenOverACut() throws {
    let before = try carried(Marked(cut: 10) { (10..<30).contains($0) })
    #expect(before.allSatisfy { $0.first?.isEmpty ?? true })
    let after = try carried(Marked(cut: 30) { (10..<30).contains($0) })
    #expect(after.allSatisfy { $0.last?.isEmpty ?? true })
    #expect(after.contains { $0.first?.isEmpty == false })
  }

  @Test func whatCanBeReadOnceLooksBack() throws {
    let found = try carried(Marked(isReadTwice: false) { (10..<30).contains($0) })
    #expect(found[2] == [[6, 9], []])
  }

  @Test func nothingIsReadAheadWhereNoHoleLasts() throws {
    let stream = Marked { $0 % 8 < 3 }
    #expect(try carried(stream).allSatisfy(\.isEmpty))
    #expect(stream.again == nil)
  }

  @Test func aMarkThatNeverLeavesTakesNothing() throws {
    #expect(try carried(Marked { _ in true }).allSatisfy(\.isEmpty))
  }

  @Test func aChangedSceneIsNotTaken() throws {
    // A picture that changes little by little has no cut.
    let format = FrameFormat(width: 96, height: 64, bitDepth: 8, roles: [.luma])
    let source = SyntheticSource(format: format, count: 60) { t, y, x in
      (16..<56).contains(t) && (16..<32).contains(y) && (24..<48).contains(x)
    }
    var reader = WindowReader(
      source, planner: Planner(settings: settings, format: format), isCancelled: { false })
    var found = 0
    while let window = try reader.next() {
      found += window.carried.count
      #expect(window.carried.isEmpty || window.first < 26)
    }
    #expect(found < 3)
  }

  @Test(arguments: [8, 10])
  func aStillSceneBehindAMarkIsSeen(bits: Int) throws {
    var format = Self.format
    format.bitDepth = bits
    let stream = Marked(format: format, count: 32) { (10..<26).contains($0) }
    let summary = try Restorer(settings: settings).restore(stream)
    #expect(stream.error(0..<32) <= 2)
    #expect(summary.sites.contains { $0.carried == 3 })
    #expect(summary.sites.allSatisfy { $0.lastFrame < 32 })
    var blind = settings
    blind.carriesFrames = false
    let other = Marked(format: format, count: 32) { (10..<26).contains($0) }
    #expect(try Restorer(settings: blind).restore(other).sites.allSatisfy { $0.carried == 0 })
    #expect(other.error(14..<18) > 20)
  }

  @Test func theResultDoesNotDependOnThreadsOrOnWhatIsKept() throws {
    func restored(_ execution: Execution) throws -> [[SamplePlane]] {
      let stream = Marked(count: 32) { (10..<30).contains($0) }
      _ = try Restorer(settings: settings, execution: execution).restore(stream)
      return stream.written.map(\.planes)
    }
    let store = Kept()
    let first = try restored(Execution(threads: 1, store: store))
    #expect(try restored(Execution(threads: 3)) == first)
    // As after a run that was stopped: some units are solved, the others are not.
    store.forget { $0 % 2 == 0 }
    #expect(try restored(Execution(threads: 2, store: store)) == first)
    #expect(store.hits == 2)
  }

  /// Units by everything that their solutions follow from.
  private final class Kept: SolutionStore {
    private struct State {
      var solutions: [[UInt8]: UnitSolution] = [:]
      var hits = 0
    }
    private let state = Mutex(State())

    var hits: Int { state.withLock { $0.hits } }

    private func key(_ unit: any WorkUnit) -> [UInt8] {
      var key = Array("\(unit.firstFrame) \(unit.frames) \(unit.box)".utf8)
      unit.forEachPart { key += $0 }
      return key
    }

    func solution(of unit: any WorkUnit) -> UnitSolution? {
      state.withLock { state in
        let found = state.solutions[key(unit)]
        if found != nil { state.hits += 1 }
        return found
      }
    }

    func save(_ solution: UnitSolution, of unit: any WorkUnit) {
      state.withLock { $0.solutions[key(unit)] = solution }
    }

    func forget(_ isForgotten: (Int) -> Bool) {
      state.withLock { state in
        let keys = state.solutions.keys.sorted { $0.lexicographicallyPrecedes($1) }
        for (i, key) in keys.enumerated() where isForgotten(i) { state.solutions[key] = nil }
      }
    }
  }

  @Test func memoryFollowsFromTheHoles() throws {
    let stream = Marked(count: 120) { $0 % 40 >= 10 }
    let planner = Planner(settings: settings, format: stream.format)
    let following = FollowingFrames(planner: planner, stream: stream)
    following.advance(after: 20)
    // Two crops for each of three marks' ends.
    #expect(following.crops.map(\.index) == [40, 48, 80, 88])
    let area = planner.sites(for: [stream.mask(10)])[0].area
    #expect(following.crops.allSatisfy { $0.bytes <= area * 9 })
    following.advance(after: 60)
    #expect(following.crops.map(\.index) == [80, 88])
    #expect(stream.framesReadAhead == 120)
  }

  @Test func nothingIsReadTwiceWhereMasksTellThatNoHoleEnds() throws {
    let lasting = Marked(count: 40) { $0 >= 10 }
    let ending = Marked(count: 40) { (10..<30).contains($0) }
    for stream in [lasting, ending] { stream.tellsMasks = true }
    #expect(try carried(lasting).allSatisfy { $0.isEmpty || $0[1].isEmpty })
    #expect(lasting.framesReadAhead == 0)
    let told = try carried(ending)
    #expect(told.contains { !$0.isEmpty && !$0[1].isEmpty })
    let blind = Marked(count: 40) { (10..<30).contains($0) }
    #expect(try carried(blind) == told)
  }
}
