import Testing

@testable import Reconstruction

@Suite("Recipes")
struct RecipeTests {
  private func recipe(_ preset: Preset, isVolume: Bool = false) -> Recipe {
    var settings = RestorationSettings()
    settings.preset = preset
    if isVolume { settings.volume = .even }
    return Recipe(settings: settings)
  }

  private func holes(_ missing: (Int, Int, Int) -> Bool) -> HoleShape {
    HoleShape(of: SyntheticVideo.window(frames: 8, height: 24, width: 24, missing: missing).window)
  }

  private var scattered: HoleShape { holes { t, y, x in (7 * t + 5 * y + 3 * x * x) % 11 < 8 } }
  private var logo: HoleShape { holes { _, y, x in (8..<14).contains(y) && (8..<18).contains(x) } }
  private var block: HoleShape {
    holes { t, y, x in (8..<14).contains((y + 8 * t) % 24) && (8..<18).contains(x) }
  }
  private var frames: HoleShape { holes { t, _, _ in t % 4 == 3 } }
  /// One frame among large holes.
  private var both: HoleShape { holes { t, y, x in t == 3 || (2..<22).contains(y) && (2..<22).contains(x) } }

  /// What runs, in the order in which it is stacked, by the names in reports.
  private func names(_ recipe: Recipe, _ holes: HoleShape) -> String {
    recipe.estimators.filter { $0.holes.contains(holes) }.map(\.id.name).joined(separator: " ")
  }

  @Test("each preset runs its estimators for each kind of holes, under the names that reports have")
  func estimators() {
    let fast = recipe(.fast)
    #expect(names(fast, scattered) == "temporal spatial inr terms shrinkage-long shrinkage inr-shrinkage")
    for holes in [logo, block, frames, both] {
      #expect(names(fast, holes) == "temporal spatial inr shrinkage-long shrinkage-large inr-shrinkage")
    }
    let balanced = recipe(.balanced)
    let along = "motion-shrinkage motion-shrinkage-large"
    #expect(names(balanced, scattered) == "temporal spatial inr motion terms shrinkage-long \(along) alike")
    #expect(names(balanced, logo) == "temporal lines inr motion \(along)")
    #expect(names(balanced, block) == "temporal lines inr motion shrinkage-long \(along)")
    #expect(names(balanced, frames) == "temporal lines surfaces inr motion shrinkage-long \(along)")
    #expect(names(balanced, both) == "temporal lines surfaces inr motion \(along)")
    let best = recipe(.best)
    let further = along + " motion-shrinkage-long inr-shrinkage"
    let second = "again again-long again-motion"
    #expect(
      names(best, scattered)
        == "temporal spatial inr motion terms shrinkage-long \(further) \(second) groups alike")
    #expect(names(best, logo) == "temporal lines inr motion \(further) \(second)")
    #expect(names(best, block) == "temporal lines inr motion shrinkage-long \(further) \(second) groups")
    #expect(names(best, frames) == "temporal lines surfaces inr motion shrinkage-long \(further)")
    #expect(names(best, both) == "temporal lines surfaces inr motion \(further) \(second)")
    for isVolume in [false, true] {
      #expect(names(recipe(.paper, isVolume: isVolume), logo) == "inr")
    }
    let (cheap, blocks) = (
      "temporal spatial surfaces spline inr", "shrinkage-long shrinkage shrinkage-large inr-shrinkage"
    )
    for holes in [scattered, logo, block, frames] {
      let terms = holes.isScattered ? "terms " : ""
      #expect(names(recipe(.fast, isVolume: true), holes) == "\(cheap) \(terms)\(blocks)")
      let (motion, alike) = holes.isScattered ? (terms, " alike") : ("motion ", "")
      for preset in [Preset.balanced, .best] {
        #expect(
          names(recipe(preset, isVolume: true), holes)
            == "\(cheap) \(motion)\(blocks) again again-long\(alike)")
      }
    }
  }

  @Test("level lines in holes that stay take more steps than in those that move, but for preset best")
  func steps() {
    #expect(PresetTable.stepsOfMovingLines[.balanced] < PresetTable.stepsOfStillLines)
    #expect(PresetTable.stepsOfMovingLines[.best] == PresetTable.stepsOfStillLines)
  }

  @Test("an identifier is that of one estimator for any holes")
  func identifiers() {
    for preset in Preset.allCases {
      for isVolume in [false, true] {
        for holes in [scattered, logo, block, frames, both] {
          let ids = recipe(preset, isVolume: isVolume).estimators.filter { $0.holes.contains(holes) }.map(
            \.id)
          #expect(Set(ids).count == ids.count)
        }
      }
    }
  }

  @Test("a better preset works longer")
  func presets() {
    func iterations(_ preset: Preset) -> Int {
      switch recipe(preset).representation.fit {
      case .fused(let fit): fit.iterations
      case .general(let fit): fit.iterations
      }
    }
    func rounds(_ preset: Preset) -> [Int] {
      recipe(preset).estimators.compactMap {
        $0.stage == .refinement ? ($0 as? HardThresholdingEstimator)?.thresholding.rounds : nil
      }
    }
    for (a, b) in [(Preset.fast, Preset.balanced), (.balanced, .best)] {
      #expect(iterations(a) < iterations(b))
      #expect(!rounds(a).isEmpty && (rounds(a).max() ?? 0) < (rounds(b).min() ?? 0))
    }
  }

  @Test("of a video, whole missing frames bound the rounds")
  func roundsOfFrames() {
    func most(_ recipe: Recipe) -> Set<Int> {
      Set(
        recipe.estimators.compactMap {
          $0.stage == .refinement ? ($0 as? HardThresholdingEstimator)?.mostRoundsOfFrames : nil
        })
    }
    #expect(most(recipe(.best)) == [70] && most(recipe(.best, isVolume: true)) == [.max])
  }

  @Test("where nothing is held out, refinements count, or in a volume three estimators of different kinds")
  func withoutHoldOut() {
    func counted(_ recipe: Recipe, _ holes: HoleShape) -> [String] {
      recipe.withoutHoldOut(
        recipe.estimators.filter { $0.stage < .secondPass && $0.holes.contains(holes) }
      ).map(\.id.name)
    }
    let blocks = ["shrinkage-long", "shrinkage", "shrinkage-large", "inr-shrinkage"]
    #expect(counted(recipe(.balanced, isVolume: true), frames) == ["surfaces", "motion", "shrinkage-long"])
    #expect(counted(recipe(.balanced, isVolume: true), scattered) == blocks)
    #expect(counted(recipe(.fast, isVolume: true), frames) == blocks)
    #expect(counted(recipe(.balanced), logo) == ["motion-shrinkage", "motion-shrinkage-large"])
    #expect(
      counted(recipe(.balanced), frames) == ["shrinkage-long", "motion-shrinkage", "motion-shrinkage-large"])
  }
}
