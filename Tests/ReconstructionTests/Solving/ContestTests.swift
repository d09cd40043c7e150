import Frames
import Foundation
import Kernels
import Synchronization
import Testing

@testable import Reconstruction

@Suite("Contest of estimators")
struct ContestTests {
  private let context = EstimatorContext(threads: 2)

  /// An estimator that always makes the same, and is counted.
  private struct Fixed: Estimator {
    let id: EstimatorID
    var stage = EstimatorStage.refinement
    let estimate: Estimate
    var made: @Sendable () -> Void = {}

    func estimate(_ site: SiteInputs) throws -> Estimate {
      made()
      return estimate
    }
  }

  /// The truth, a window with a tenth held out, and the site without the held-out samples and with them.
  private func scene() -> (truth: Estimate, seen: MaskedSamples, judging: SiteInputs, full: SiteInputs) {
    var random = RandomSource(seed: 3)
    let (frames, height, width) = (8, 32, 48)
    let draws = (0..<frames * height * width).map { _ in random.uniform() }
    let (window, truth) = SyntheticVideo.window(frames: frames, height: height, width: width) { t, y, x in
      draws[(t * height + y) * width + x] < 0.5
    }
    var seen = window
    for i in draws.indices where draws[i] > 0.9 { seen.planes[0].states[i] = SampleState.heldOut }
    let flat = Fixed(
      id: EstimatorID("flat"), stage: .interpolation,
      estimate: Estimate(planes: [[Float](repeating: 0.5, count: draws.count)]))
    let judging = SiteInputs(seen, holes: HoleShape(of: window), estimators: [flat], context: context)
    return (truth, seen, judging, judging.complete(window))
  }

  /// The truth with noise of that size.
  private func noisy(_ truth: Estimate, _ size: Float, seed: UInt64) -> Estimate {
    var random = RandomSource(seed: seed)
    return Estimate(planes: truth.planes.map { $0.map { $0 + random.uniform(bound: size) } })
  }

  @Test("what loses is left out, and only what wins is made anew with all that is known")
  func losers() throws {
    let (truth, seen, judging, full) = scene()
    let made = Mutex<[String: Int]>([:])
    func entrant(_ name: String, _ size: Float, _ seed: UInt64) -> any Estimator {
      Fixed(id: EstimatorID(name), estimate: noisy(truth, size, seed: seed)) {
        made.withLock { $0[name, default: 0] += 1 }
      }
    }
    var contest = Contest(samples: seen, negligibleWeight: 0.03)
    let first = try contest.add(
      [entrant("poor", 0.5, 1), entrant("fair", 0.05, 2)], judging: judging, full: full, observe: { _ in })
    #expect(first.ids.map(\.name) == ["fair"] && made.withLock { $0 } == ["poor": 1, "fair": 2])
    #expect(contest.seen.count == 1 && contest.final.count == 1)
    var shares: [Double] = []
    let second = try contest.add(
      [entrant("good", 0.04, 3)], judging: judging, full: full, observe: { shares.append($0) })
    #expect(
      second.ids.map(\.name) == ["fair", "good"] && made.withLock { $0 } == ["poor": 1, "fair": 2, "good": 2])
    #expect(contest.final.map { $0.planes[0][7] } == contest.seen.map { $0.planes[0][7] })
    #expect(second.heldOut.squares < 0.65 * first.heldOut.squares)
    #expect(shares == shares.sorted() && shares.allSatisfy { (0..<1).contains($0) })
  }

  @Test("a second pass starts from what the first one made")
  func secondPass() throws {
    let (truth, seen, judging, _) = scene()
    let stacked = noisy(truth, 0.02, seed: 5)
    let second = judging.secondPass(from: stacked)
    let start = try second.start(.stacked)
    for i in truth.planes[0].indices {
      let isKnown = seen.planes[0].states[i] == SampleState.known
      #expect(start.planes[0][i] == (isKnown ? seen.planes[0].values[i] : stacked.planes[0][i]))
    }
    let before = SyntheticVideo.psnr(stacked, truth, in: second.samples)
    var thresholding = HardThresholding()
    (thresholding.rounds, thresholding.firstThreshold) = (20, 0.06)
    let refined = try HardThresholdingEstimator(
      .details, thresholding, followsMotion: true, stage: .secondPass
    ).estimate(second)
    #expect(SyntheticVideo.psnr(refined, truth, in: second.samples) > before + 7)
  }

  @Test("preset best takes a second pass, and gains by it")
  func best() throws {
    var settings = RestorationSettings()
    (settings.preset, settings.iterations) = (.best, 20)
    var recipe = Recipe(settings: settings)
    // Separable terms find this scene in the first pass.
    recipe.estimators.removeAll { $0.id == .separableTerms }
    recipe.estimators = recipe.estimators.map { estimator in
      guard var blocks = estimator as? HardThresholdingEstimator else { return estimator }
      blocks.thresholding.rounds = 16
      return blocks
    }
    let secondPass = recipe.estimators.filter { $0.stage == .secondPass }.map(\.id)
    let (truth, seen, _, full) = scene()
    func solve(_ recipe: Recipe) throws -> (psnr: Double, ids: Set<EstimatorID>) {
      let solution = try SiteSolver(recipe: recipe, context: context).solve(full.samples, training: seen) {
        _ in
      }
      return (SyntheticVideo.psnr(solution.estimate, truth, in: full.samples), Set(solution.weights.keys))
    }
    let twice = try solve(recipe)
    #expect(!twice.ids.isDisjoint(with: secondPass), "\(twice.ids)")
    recipe.estimators.removeAll { $0.stage == .secondPass }
    #expect(try twice.psnr > solve(recipe).psnr + 8)
  }
}
