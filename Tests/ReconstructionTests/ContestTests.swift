import Frames
import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("Contest of estimators")
struct ContestTests {
  private let context = EstimatorContext(threads: 2)

  /// A window, the same with a tenth held out, the truth, and both as entrants see them.
  private func scene() -> (truth: Estimate, seen: MaskedSamples, judging: SiteInputs, full: SiteInputs) {
    var random = RandomSource(seed: 3)
    let (frames, height, width) = (8, 32, 48)
    let draws = (0..<frames * height * width).map { _ in random.uniform() }
    let (window, truth) = SyntheticVideo.window(frames: frames, height: height, width: width) { t, y, x in
      draws[(t * height + y) * width + x] < 0.5
    }
    var seen = window
    for i in draws.indices where draws[i] > 0.9 { seen.planes[0].states[i] = SampleState.heldOut }
    let flat = Estimate(planes: [[Float](repeating: 0.5, count: draws.count)])
    let starts = StackedStarts(names: ["flat"], interpolations: [flat], fit: flat, window: seen)
    func base(_ window: MaskedSamples) -> SiteInputs {
      SiteInputs(
        window, interpolations: [flat], starts: starts, fallback: nil, isStatic: false, context: context)
    }
    return (truth, seen, base(seen), base(window))
  }

  /// The truth with noise of that size.
  private func noisy(_ truth: Estimate, _ size: Float, seed: UInt64) -> Estimate {
    var random = RandomSource(seed: seed)
    return Estimate(planes: truth.planes.map { $0.map { $0 + random.uniform(bound: size) } })
  }

  @Test("what loses is left out, and only what wins is made anew with all that is known")
  func losers() throws {
    let (truth, seen, judging, full) = scene()
    var made: [String: Int] = [:]
    func entrant(_ name: String, _ size: Float, _ seed: UInt64) -> Entrant {
      Entrant(name: name) { _ in
        made[name, default: 0] += 1
        return noisy(truth, size, seed: seed)
      }
    }
    var contest = Contest(window: seen, negligibleWeight: 0.03)
    let first = try contest.add(
      [entrant("poor", 0.5, 1), entrant("fair", 0.05, 2)], judging: judging, full: full, observe: { _ in })
    #expect(first.names == ["fair"] && made == ["poor": 1, "fair": 2])
    #expect(contest.seen.count == 1 && contest.final.count == 1)
    var shares: [Double] = []
    let second = try contest.add(
      [entrant("good", 0.04, 3)], judging: judging, full: full, observe: { shares.append($0) })
    #expect(second.names == ["fair", "good"] && made == ["poor": 1, "fair": 2, "good": 2])
    #expect(contest.final.map { $0.planes[0][7] } == contest.seen.map { $0.planes[0][7] })
    #expect(second.squaredError < first.squaredError)
    #expect(shares == shares.sorted() && shares.allSatisfy { (0..<1).contains($0) })
  }

  @Test("a second pass starts from what the first one made")
  func secondPass() throws {
    let (truth, seen, judging, _) = scene()
    let fused = noisy(truth, 0.02, seed: 5)
    let again = judging.again(fused)
    for i in truth.planes[0].indices {
      let isKnown = seen.planes[0].states[i] == SampleState.known
      #expect(again.blend.planes[0][i] == (isKnown ? seen.planes[0].values[i] : fused.planes[0][i]))
    }
    let start = SyntheticVideo.psnr(fused, truth, in: again.window)
    var shrinkage = HardThresholding()
    (shrinkage.rounds, shrinkage.firstThreshold) = (20, 0.06)
    let refined = try shrinkage.refine(
      again.blend, in: again.window, along: again.chain.value(), context: context)
    #expect(SyntheticVideo.psnr(refined, truth, in: again.window) > start + 1)
  }

  @Test("preset best takes a second pass, and loses nothing by it")
  func best() throws {
    var settings = RestorationSettings()
    (settings.preset, settings.iterations) = (.best, 20)
    var plan = Recipe(settings: settings)
    #expect(!plan.again.isEmpty)
    for k in plan.refinements.indices { plan.refinements[k].rounds = 16 }
    for k in plan.again.indices { plan.again[k].rounds = 16 }
    let (truth, seen, _, _) = scene()
    var window = seen
    for i in window.planes[0].states.indices where window.planes[0].states[i] == SampleState.heldOut {
      window.planes[0].states[i] = SampleState.known
    }
    func solve(_ plan: Recipe) throws -> (psnr: Double, names: Set<String>) {
      let solution = try SiteSolver(plan: plan, context: context).solve(window, training: seen) { _ in }
      return (SyntheticVideo.psnr(solution.estimate, truth, in: window), Set(solution.weights.keys))
    }
    let twice = try solve(plan)
    #expect(!twice.names.isDisjoint(with: plan.again.map(\.name)), "\(twice.names)")
    plan.again = []
    #expect(try twice.psnr > solve(plan).psnr - 0.1)
  }
}
