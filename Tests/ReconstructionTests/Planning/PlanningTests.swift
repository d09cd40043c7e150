import Frames
import Kernels
import Synchronization
import Testing

@testable import Reconstruction

@Suite("Planning")
struct PlanningTests {
  private func mask(_ width: Int, _ height: Int, _ boxes: [Box]) -> FrameMask {
    var missing = [UInt8](repeating: 0, count: width * height)
    for b in boxes {
      for y in b.y..<b.y + b.height {
        for x in b.x..<b.x + b.width { missing[y * width + x] = 1 }
      }
    }
    return FrameMask(width: width, height: height, missing: missing)
  }

  private func covers(_ tiles: [Box], _ mask: FrameMask) -> Bool {
    (0..<mask.missing.count).allSatisfy { i in
      let (y, x) = (i / mask.width, i % mask.width)
      return mask.missing[i] == 0
        || tiles.contains { $0.x <= x && x < $0.x + $0.width && $0.y <= y && y < $0.y + $0.height }
    }
  }

  @Test("a logo in a large frame costs a tile of about its own size")
  func logo() {
    let mask = mask(1920, 1080, [Box(x: 1600, y: 80, width: 200, height: 60)])
    let tiles = TilePlanner(width: 1920, height: 1080, side: 256, longest: 384).tiles(for: [mask])
    #expect(covers(tiles, mask))
    // The logo, and 44 known samples on each side of it.
    #expect(tiles == [Box(x: 1556, y: 36, width: 288, height: 148)])
  }

  @Test("tiles cover all holes, stay inside and within their size", arguments: [96, 128, 256])
  func cover(side: Int) {
    var random = RandomSource(seed: 11)
    let boxes = (0..<12).map { _ in
      Box(
        x: random.below(600), y: random.below(300), width: 1 + random.below(120), height: 1 + random.below(90)
      )
    }
    let masks = boxes.map { mask(721, 391, [$0]) }
    let tiles = TilePlanner(width: 721, height: 391, side: side, longest: side).tiles(for: masks)
    for mask in masks { #expect(covers(tiles, mask)) }
    for tile in tiles {
      #expect(tile.width <= side + 4 && tile.height <= side + 4 && tile.width > 0 && tile.height > 0)
      #expect(tile.x >= 0 && tile.y >= 0 && tile.x + tile.width <= 721 && tile.y + tile.height <= 391)
      #expect(tile.x % 4 == 0 && tile.y % 4 == 0, "tiles begin with whole chroma samples")
    }
  }

  @Test("nothing missing, nothing to do")
  func empty() {
    let none = FrameMask(width: 64, height: 64)
    #expect(TilePlanner(width: 64, height: 64, side: 96, longest: 96).tiles(for: [none]).isEmpty)
  }

  private func signatures(cuts: [Int], count: Int, known: Float, empty: Set<Int> = []) -> [FrameSignature] {
    var random = RandomSource(seed: 8)
    let draws = (0..<96 * 64).map { _ in random.uniform() }
    let format = FrameFormat(width: 96, height: 64, bitDepth: 8, roles: [.luma])
    let source = SyntheticSource(
      format: format, count: count, scene: { t in cuts.filter { $0 <= t }.count },
      missing: { t, y, x in empty.contains(t) || draws[(y * 96 + x + t * 31) % draws.count] > known })
    return (0..<count).map { t in
      let frame = source.truth(t)
      return FrameSignature(frame, mask: source.mask(for: frame))
    }
  }

  @Test("scene cuts are found, also from a tenth of the samples", arguments: [1, 0.1])
  func cuts(known: Float) {
    #expect(SceneCuts.find(signatures(cuts: [9, 22], count: 30, known: known)) == [9, 22])
    #expect(SceneCuts.find(signatures(cuts: [], count: 30, known: known)).isEmpty)
  }

  @Test("a missing frame at a cut belongs to the scene before")
  func missingAtCut() {
    #expect(SceneCuts.find(signatures(cuts: [9], count: 20, known: 1, empty: [9])) == [10])
  }

  @Test("less memory makes smaller tiles, and shorter windows where frames are large")
  func memory() {
    let format = FrameFormat(
      width: 1280, height: 720, bitDepth: 10, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    var settings = RestorationSettings()
    let free = Planner(settings: settings, format: format).tileSide
    settings.maximumMemory = 400_000_000
    let bound = Planner(settings: settings, format: format).tileSide
    #expect(bound < free && bound >= 96)
    settings.windowFrames = 1000
    #expect(Planner(settings: settings, format: format).windowFrames <= 40)
    // A tile that was asked for is bound too.
    settings.tile = 160
    #expect(Planner(settings: settings, format: format).tileSide < 160)
    settings.maximumMemory = nil
    #expect(Planner(settings: settings, format: format).tileSide == 160)
  }

  @Test(
    "windows and tiles keep within the bound as long as the smallest do",
    arguments: [(1280, 720), (3840, 2160)])
  func bound(width: Int, height: Int) throws {
    let format = FrameFormat(
      width: width, height: height, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: 1, chromaVerticalShift: 1)
    let demand = MemoryDemand(format: format)
    let least = WindowSize.least(for: format)
    var settings = RestorationSettings()
    let free = WindowSize(settings: settings, format: format)
    #expect(free.frames == 32 && free.side == 256)
    var before = free
    for bound in [4_000_000_000, 1_000_000_000, 500_000_000, 200_000_000, 100_000_000, least, least - 1] {
      settings.maximumMemory = bound
      let size = WindowSize(settings: settings, format: format)
      let planner = Planner(settings: settings, format: format)
      #expect(size.isAffordable == (bound >= least))
      #expect(size.frames >= 2 && size.side >= 96)
      // Less memory never makes longer windows.
      #expect(size.frames <= before.frames)
      before = size
      if size.isAffordable {
        let needed =
          demand.frames(size.frames) + demand.tile(area: size.side * size.side, frames: size.frames)
        #expect(needed <= Double(bound))
        #expect(throws: Never.self) { try planner.checkMemory() }
      } else {
        #expect(throws: RestorationError.tooLittleMemory(bound: bound, least: least)) {
          try planner.checkMemory()
        }
      }
    }
  }

  @Test(
    "windows are found beforehand from masks alone, the same ones that are solved", arguments: [5, 8, 21])
  func scout(count: Int) throws {
    var settings = RestorationSettings()
    (settings.windowFrames, settings.overlap, settings.iterations, settings.preset) = (8, 3, 1, .fast)
    let format = FrameFormat(width: 160, height: 120, bitDepth: 8, roles: [.luma])
    let masks = (0..<count).map { t in
      mask(160, 120, t % 6 == 5 ? [] : [Box(x: 8 + t, y: 8, width: 9, height: 9)])
    }
    var scout = WindowScout(settings: settings, format: format)
    for mask in masks { scout.add(mask) }
    scout.finish()
    let seen = Seen()
    _ = try Restorer(settings: settings, execution: Execution(store: seen)).restore(
      Flat(format: format, masks: masks))
    let units = seen.units.withLock { $0 }
    #expect(scout.sites.map(\.firstFrame) == units.map(\.firstFrame))
    #expect(scout.sites.map(\.box) == units.map(\.box))
    #expect(
      scout.sites.map(\.samples) == units.map { ($0 as? SiteUnit)?.samples.planes[0].values.count ?? 0 })
    #expect(scout.sites.map(\.areSpots) == units.map { $0 is SpotUnit })
    #expect(scout.frames == count)
    // One mask for many frames is as good as that many masks.
    var (many, single) = (scout, scout)
    many = WindowScout(settings: settings, format: format)
    single = many
    many.add(masks[0], count: count)
    for _ in 0..<count { single.add(masks[0]) }
    many.finish()
    single.finish()
    #expect(many.sites == single.sites)
  }
}

/// Frames that are all alike, with masks of their own.
private final class Flat: MaskedStream {
  let format: FrameFormat
  private let masks: [FrameMask]
  private var index = 0

  init(format: FrameFormat, masks: [FrameMask]) { (self.format, self.masks) = (format, masks) }

  func next() -> MaskedFrame? {
    if index == masks.count { return nil }
    defer { index += 1 }
    return MaskedFrame(frame: Frame(format: format, filledWith: 100, index: index), mask: masks[index])
  }

  func write(_ frame: Frame) {}
}

/// Notes what is asked for, and answers with something.
private final class Seen: SolutionStore {
  let units = Mutex<[any WorkUnit]>([])

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    units.withLock { $0.append(unit) }
    return .unread(of: unit)
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
}
