import Frames
import Synchronization
import Testing

@testable import Reconstruction

/// Units that are found first, and solved by themselves later.
struct UnitPlaceTests {
  /// A mark that stays for some windows, or specks that come and go. It can be read a second time.
  private final class Damaged: MaskedStream {
    let format: FrameFormat
    private let isMarked: Bool
    private let count: Int
    private var position = 0
    private(set) var written: [Frame] = []

    init(isMarked: Bool) {
      self.isMarked = isMarked
      // Spots are none before there are some, apart from each other.
      (format, count) =
        isMarked
        ? (
          FrameFormat(
            width: 96, height: 64, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed],
            chromaHorizontalShift: 1, chromaVerticalShift: 1), 44
        ) : (FrameFormat(width: 320, height: 240, bitDepth: 8, roles: [.luma]), 18)
    }

    func next() -> MaskedFrame? {
      if position == count { return nil }
      defer { position += 1 }
      return frame(position)
    }

    func frame(_ t: Int) -> MaskedFrame {
      var mask = FrameMask(width: format.width, height: format.height)
      mask.missing = [UInt8](repeating: 0, count: format.width * format.height)
      func cover(_ box: Box) {
        for y in box.y..<box.y + box.height {
          for x in box.x..<box.x + box.width { mask.missing[y * format.width + x] = 1 }
        }
      }
      if isMarked && (6..<34).contains(t) { cover(Box(x: 16, y: 16, width: 24, height: 16)) }
      if !isMarked {
        for i in 0..<4 where (t + i) % 3 != 1 {
          cover(Box(x: 30 + 250 * (i % 2) + 2 * t, y: 30 + 170 * (i / 2), width: 3, height: 3))
        }
      }
      if mask.isEmpty { mask.missing = [] }
      let planes = format.planes.enumerated().map { p, plane in
        (0..<plane.count).map { i -> UInt16 in
          let (y, x) = ((i / plane.width) << plane.verticalShift, (i % plane.width) << plane.horizontalShift)
          // The picture hardly moves, so that frames from outside the window are of use.
          return UInt16(255 * SyntheticVideo.value(t: t, y: y, x: x, plane: p, speed: 0.01))
        }
      }
      return MaskedFrame(frame: Frame(format: format, planes: planes, index: t), mask: mask)
    }

    func write(_ frame: Frame) { written.append(frame) }
    func openedAgain() -> (any MaskedStream)? { Damaged(isMarked: isMarked) }
  }

  /// What a restoration asks for; none of it is solved.
  private final class Asked: SolutionStore {
    let units = Mutex<[(place: UnitPlace, bytes: [UInt8])]>([])
    func solution(of unit: any WorkUnit) -> UnitSolution? {
      units.withLock { $0.append((unit.place, UnitPlaceTests.bytes(unit))) }
      return .unread(of: unit)
    }
    func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
  }

  private func settings(isMarked: Bool) -> RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = .fast
    // Spots have no iterations.
    if isMarked { settings.iterations = 3 }
    (settings.windowFrames, settings.overlap) = (8, 2)
    return settings
  }

  private static func bytes(_ unit: any WorkUnit) -> [UInt8] {
    var bytes: [UInt8] = []
    unit.forEachPart { bytes += $0 }
    return bytes
  }

  @Test(arguments: [true, false]) func unitsByThemselvesAreThoseOfARestoration(isMarked: Bool) throws {
    let (settings, asked) = (settings(isMarked: isMarked), Asked())
    _ = try Restorer(settings: settings, execution: Execution(store: asked)).restore(
      Damaged(isMarked: isMarked))
    let wanted = asked.units.withLock { $0 }
    let restorer = Restorer(settings: settings)
    var found: [(place: UnitPlace, bytes: [UInt8])] = []
    let stream = Damaged(isMarked: isMarked)
    try restorer.visitUnits(of: stream) { found.append(($0.place, Self.bytes($0))) }
    #expect(found.map(\.place) == wanted.map(\.place))
    let isFound = found.map(\.bytes) == wanted.map(\.bytes)
    #expect(isFound)
    #expect(found.count > 2 && stream.written.isEmpty)
    // Sites with frames from outside on either side, or spots with a part of the window.
    if isMarked {
      #expect(found.contains { $0.place.before != nil })
      #expect(found.contains { $0.place.after != nil })
    } else {
      #expect(found.contains { $0.place.own.map { $0 != [0, 8] } ?? false })
    }
    let source = Damaged(isMarked: isMarked)
    // From the last to the first: none needs those before it.
    for (place, content) in found.reversed() {
      let window = (place.first..<place.first + place.frames).map(source.frame)
      let unit = try #require(
        try restorer.unit(at: place, of: window, format: source.format) { source.frame($0) })
      let isSame = unit.place == place && Self.bytes(unit) == content
      #expect(isSame, "frame \(place.first)")
    }
  }

  @Test func aUnitByItselfIsSolvedAsInARestoration() throws {
    final class Saved: SolutionStore {
      let first = Mutex<(place: UnitPlace, solution: UnitSolution)?>(nil)
      func solution(of unit: any WorkUnit) -> UnitSolution? {
        first.withLock { $0 == nil } && unit.place.before != nil ? nil : .unread(of: unit)
      }
      func save(_ solution: UnitSolution, of unit: any WorkUnit) {
        first.withLock { $0 = (unit.place, solution) }
      }
    }
    let (settings, saved) = (settings(isMarked: true), Saved())
    _ = try Restorer(settings: settings, execution: Execution(store: saved)).restore(Damaged(isMarked: true))
    let (place, solution) = try #require(saved.first.withLock { $0 })
    let (restorer, source) = (Restorer(settings: settings), Damaged(isMarked: true))
    let window = (place.first..<place.first + place.frames).map(source.frame)
    let unit = try #require(
      try restorer.unit(at: place, of: window, format: source.format) { source.frame($0) })
    let now = try restorer.solve(unit, format: source.format)
    let isSame =
      now.values == solution.values && now.weights == solution.weights && now.heldOut == solution.heldOut
    #expect(isSame)
  }

  @Test func whatDoesNotFitIsNoUnit() throws {
    let restorer = Restorer(settings: settings(isMarked: true))
    var places: [UnitPlace] = []
    try restorer.visitUnits(of: Damaged(isMarked: true)) { places.append($0.place) }
    let source = Damaged(isMarked: true)
    let place = try #require(places.first { $0.own == nil })
    let window = (place.first..<place.first + place.frames).map(source.frame)
    func unit(_ change: (inout UnitPlace) -> Void, _ frames: [MaskedFrame]) throws -> (any WorkUnit)? {
      var other = place
      change(&other)
      return try restorer.unit(at: other, of: frames, format: source.format) { source.frame($0) }
    }
    #expect(try unit({ _ in }, window) != nil)
    #expect(try unit({ _ in }, window.dropLast()) == nil)
    #expect(try unit({ $0.first += 1 }, window) == nil)
    #expect(try unit({ $0.box.width = 1 << 40 }, window) == nil)
    #expect(try unit({ $0.box.x = -1 }, window) == nil)
    #expect(try unit({ $0.own = [5, 3] }, window) == nil)
    // A frame that takes its hole along is not there.
    let carrying = try #require(places.first { $0.before != nil })
    let frames = (carrying.first..<carrying.first + carrying.frames).map(source.frame)
    #expect(try restorer.unit(at: carrying, of: frames, format: source.format) { _ in nil } == nil)
  }
}
