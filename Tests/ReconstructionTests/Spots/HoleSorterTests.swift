import Frames
import Testing

@testable import Reconstruction

/// What a finished restoration's holes were to the solver.
struct HoleSorterTests {
  private static let (width, height) = (420, 300)
  private let format = FrameFormat(width: width, height: height, bitDepth: 8, roles: [.luma])

  /// Blotches and points that are elsewhere in each frame, a scratch in later ones, and a logo that stays.
  private static func isMissing(_ t: Int, _ y: Int, _ x: Int) -> Bool {
    if (10..<40).contains(x) && (250..<280).contains(y) { return true }
    if x == 215 && t > 2 { return true }
    let (row, column) = (y % 150, (x + 30 * (t % 4)) % 140)
    return (60..<72).contains(row) && (60..<73).contains(column) || row == 20 && column == 20
  }

  private func masks(_ count: Int) -> [FrameMask] {
    (0..<count).map { t in
      let missing = (0..<Self.width * Self.height).map { i -> UInt8 in
        Self.isMissing(t, i / Self.width, i % Self.width) ? 1 : 0
      }
      return FrameMask(width: Self.width, height: Self.height, missing: missing)
    }
  }

  /// Blank frames.
  private final class Blank: MaskedStream {
    let format: FrameFormat
    private var masks: ArraySlice<FrameMask>

    init(format: FrameFormat, masks: [FrameMask]) { (self.format, self.masks) = (format, masks[...]) }

    func next() throws -> MaskedFrame? {
      let index = masks.startIndex
      return masks.popFirst().map { MaskedFrame(frame: Frame(format: format, index: index), mask: $0) }
    }

    func write(_ frame: Frame) throws {}
  }

  private func sorted(_ masks: [FrameMask], _ windows: [HoleSorter.Window]) -> [SortedHoles] {
    var sorter = HoleSorter(windows: windows)
    var result: [SortedHoles] = []
    for mask in masks { result += sorter.add(mask) }
    return result + sorter.finish()
  }

  private func union(_ holes: SortedHoles) -> FrameMask {
    var all = holes.lines
    for mask in [holes.points, holes.blotches, holes.others] { all.formUnion(mask) }
    return all
  }

  /// Windows that overlap little, much, and not at all.
  @Test(arguments: [(6, 2), (6, 3), (5, 0), (8, 5), (20, 4)])
  func countsAreThoseOfTheSolver(frames: Int, overlap: Int) throws {
    let masks = masks(15)
    var settings = RestorationSettings()
    (settings.windowFrames, settings.overlap) = (frames, overlap)
    var reader = WindowReader(
      Blank(format: format, masks: masks), planner: Planner(settings: settings, format: format)
    ) { false }
    var told = SpotKinds()
    var windows: [HoleSorter.Window] = []
    while let window = try reader.next() {
      for part in window.parts { told = told + (part.spots(threads: 1) ?? SpotKinds()) }
      windows.append(.init(first: window.first, last: window.last, hasSpots: true))
    }
    try #require(told.lines > 0 && told.points > 0 && told.blotches > 0)
    let holes = sorted(masks, windows)
    #expect(holes.map(\.spotKinds).reduce(SpotKinds(), +) == told)
    for (holes, mask) in zip(holes, masks) {
      #expect(union(holes) == mask)
      #expect(holes.othersCount == 1 && holes.others.missingCount == 900)
      #expect(holes.others.missing[260 * Self.width + 20] == 1)
      #expect(holes.blotches.missingCount == 12 * 13 * holes.spotKinds.blotches)
    }
    #expect(holes.count == 15 && holes[2].lines.isEmpty && holes[3].lines.missingCount == Self.height)
  }

  @Test func whatWasSolvedInSitesIsNoSpot() {
    let masks = masks(12)
    let holes = sorted(
      masks,
      [
        .init(first: 0, last: 3, hasSpots: false), .init(first: 4, last: 9, hasSpots: true),
      ])
    for t in [0, 3, 10, 11] {
      #expect(holes[t].spotKinds == SpotKinds() && holes[t].others == masks[t])
      #expect(holes[t].othersCount == masks[t].components().count)
    }
    #expect(holes[4].spotKinds.all > 0 && holes[9].spotKinds.all > 0)
  }

  @Test func ofFramesThatTwoWindowsShareEachTellsHalf() {
    let masks = masks(10)
    let windows = [(0, 5, false), (2, 9, true)].map {
      HoleSorter.Window(first: $0.0, last: $0.1, hasSpots: $0.2)
    }
    let holes = sorted(masks, windows)
    #expect(holes.map { $0.spotKinds.all > 0 } == (0..<10).map { $0 >= 4 })
    let other = sorted(masks, windows.map { .init(first: $0.first, last: $0.last, hasSpots: !$0.hasSpots) })
    #expect(other.map { $0.spotKinds.all > 0 } == (0..<10).map { $0 < 4 })
  }

  @Test func masksAreToldAsSoonAsTheyCanBe() {
    var sorter = HoleSorter(windows: [.init(first: 2, last: 5, hasSpots: true)])
    var counts = masks(8).map { sorter.add($0).count }
    counts.append(sorter.finish().count)
    #expect(counts == [1, 1, 0, 0, 0, 4, 1, 1, 0])
    // The restoration went on beyond what can be read.
    #expect(sorted(masks(4), [.init(first: 2, last: 50, hasSpots: true)]).count == 4)
    #expect(sorted([], []).isEmpty)
  }
}
