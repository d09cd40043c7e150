import Frames
import TestSupport
import Testing

@testable import Reconstruction

struct SpotPlannerTests {
  private let format = FrameFormat(width: 700, height: 500, bitDepth: 8, roles: [.luma])

  private func planner(_ change: (inout RestorationSettings) -> Void = { _ in }) -> Planner {
    var settings = RestorationSettings()
    change(&settings)
    return Planner(settings: settings, format: format)
  }

  private func mask(_ boxes: [Box]) -> FrameMask {
    var mask = FrameMask(width: 700, height: 500, missing: [UInt8](repeating: 0, count: 700 * 500))
    for box in boxes {
      for y in box.y..<box.y + box.height {
        for x in box.x..<box.x + box.width { mask.missing[y * 700 + x] = 1 }
      }
    }
    return mask
  }

  private func spots(_ parts: [WindowPart]) -> [FrameMask]? {
    parts.lazy.compactMap { part in if case .spots(let spots) = part { spots } else { nil } }.first
  }

  private func sites(_ parts: [WindowPart]) -> [Box] {
    parts.compactMap { part in if case .site(let box) = part { box } else { nil } }
  }

  /// Dirt that is elsewhere in each frame.
  private func dirt(_ t: Int) -> [Box] {
    (0..<6).map {
      Box(x: 20 + $0 % 3 * 230 + 17 * (t % 3), y: 30 + $0 / 3 * 250 + 40 * (t % 2), width: 9, height: 7)
    }
  }
  private let logo = Box(x: 500, y: 380, width: 80, height: 40)

  @Test func dirtIsASpotAndALogoIsNot() throws {
    let parts = planner().parts(for: (0..<8).map { mask(dirt($0) + [logo]) })
    #expect(try #require(spots(parts)) == (0..<8).map { mask(dirt($0)) })
    let sites = sites(parts)
    #expect(sites.count == 1 && sites[0].x <= logo.x && sites[0].x + sites[0].width >= logo.x + logo.width)
  }

  @Test(arguments: [2, 7])
  func aScratchThatStaysIsASpotSinceItIsALine(width: Int) {
    let scratch = Box(x: 350, y: 0, width: width, height: 500)
    let masks = (0..<8).map { mask(dirt($0) + [scratch]) }
    #expect(spots(planner().parts(for: masks)) == masks)
  }

  @Test func aWideBandThatStaysIsNone() throws {
    let masks = (0..<8).map { mask(dirt($0) + [Box(x: 350, y: 0, width: 12, height: 500)]) }
    #expect(try #require(spots(planner().parts(for: masks))) == (0..<8).map { mask(dirt($0)) })
  }

  @Test func pixelsOfASensorAreSpots() {
    let masks = (0..<8).map { _ in
      mask((0..<40).map { Box(x: 15 + 17 * $0, y: 11 * $0 + 7, width: 2, height: 1) })
    }
    #expect(spots(planner().parts(for: masks)) == masks)
  }

  /// Letters of a line of text, which stay.
  @Test func textIsSolvedInSites() {
    let letters = (0..<30).flatMap { k in
      [(0, 0, 4, 24), (4, 0, 10, 4), (4, 10, 10, 4)].map {
        Box(x: 30 + 21 * k + $0.0, y: 430 + $0.1, width: $0.2, height: $0.3)
      }
    }
    #expect(spots(planner().parts(for: (0..<8).map { _ in mask(letters) })) == nil)
  }

  /// Dirt hides the same place in a few frames in a row now and then.
  @Test func aPlaceHiddenInFourFramesIsSoonSeen() {
    let place = Box(x: 400, y: 200, width: 20, height: 20)
    let masks = (0..<12).map { t in mask(dirt(t) + ((4..<8).contains(t) ? [place] : [])) }
    #expect(spots(planner().parts(for: masks)) == masks)
  }

  @Test func ofAScratchThatCrossesALogoOnlyTheCrossingIsALogo() throws {
    let scratch = Box(x: 540, y: 0, width: 3, height: 500)
    let parts = planner().parts(for: (0..<8).map { mask(dirt($0) + [logo, scratch]) })
    let found = try #require(spots(parts))
    #expect(found[3].missing[100 * 700 + 541] == 1 && found[3].missing[400 * 700 + 541] == 0)
    #expect(sites(parts).allSatisfy { $0.height < 200 })
  }

  @Test func fewHolesScatteredOnesAndFramesAreSolvedInSites() {
    #expect(spots(planner().parts(for: (0..<8).map { mask(Array(dirt($0).prefix(1))) })) == nil)
    var chance = Chance(seed: 1)
    let scattered = (0..<8).map { _ in
      FrameMask(
        width: 700, height: 500,
        missing: (0..<700 * 500).map { _ in Double.random(in: 0..<1, using: &chance) < 0.1 ? 1 : 0 })
    }
    #expect(spots(planner().parts(for: scattered)) == nil)
    let frame = mask([Box(x: 0, y: 0, width: 700, height: 500)])
    #expect(spots(planner().parts(for: (0..<8).map { $0 == 3 ? frame : mask(dirt($0)) })) == nil)
  }

  @Test func whatIsSaidOfFitAndTilesIsKeptTo() {
    let masks = (0..<8).map { mask(dirt($0)) }
    #expect(spots(planner().parts(for: masks)) != nil)
    let changes: [(inout RestorationSettings) -> Void] = [
      { $0.preset = .paper }, { $0.model = .siren }, { $0.iterations = 20 }, { $0.regularizers = [] },
      { $0.tile = 200 }, { $0.volume = .even }, { $0.coordinates = .frame },
      { $0.maximumMemory = 200_000_000 },
    ]
    for change in changes { #expect(spots(planner(change).parts(for: masks)) == nil) }
  }

  /// Whatever is missing lies in the spots or in a site, and nothing else does.
  @Test(arguments: UInt64(0)..<12)
  func nothingIsLeftOut(seed: UInt64) {
    var chance = Chance(seed: seed)
    let lasting = (0..<3).map { _ in
      Box(
        x: Int.random(in: 0..<600, using: &chance), y: Int.random(in: 0..<400, using: &chance),
        width: Int.random(in: 1..<90, using: &chance), height: Int.random(in: 1..<90, using: &chance))
    }
    let masks = (0..<6).map { t in mask(dirt(t) + lasting.prefix(Int.random(in: 1...3, using: &chance))) }
    let parts = planner().parts(for: masks)
    guard let spots = spots(parts) else { return }
    for (mask, spots) in zip(masks, spots) {
      var rest = mask
      for i in mask.missing.indices where spots.missing[i] != 0 {
        #expect(mask.missing[i] == 1)
        rest.missing[i] = 0
      }
      for box in sites(parts) {
        for y in box.y..<box.y + box.height {
          for x in box.x..<box.x + box.width { rest.missing[y * 700 + x] = 0 }
        }
      }
      #expect(rest.isEmpty)
    }
  }
}
