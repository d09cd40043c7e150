import Foundation
import Frames
import Kernels
import Testing

@testable import Reconstruction

/// Patches estimated by those that look like them.
@Suite struct AlikePatchesTests {
  /// Bricks of several colours in rows that are offset, of which a share of the samples, each plane's own, is missing.
  private static func bricks(
    roles: [PlaneRole] = [.red, .green, .blue], frames: Int = 1, share: Float, heldOut: Float = 0
  ) -> (window: MaskedSamples, truth: Estimate) {
    let (height, width) = (60, 72)
    var (window, truth) = SyntheticVideo.scattered(
      frames: frames, height: height, width: width, roles: roles, share: 0, seed: 1)
    var random = RandomSource(seed: 7)
    let tones = (0..<200).map { _ in random.uniform(bound: 0.1) }
    for p in roles.indices {
      for i in truth.planes[p].indices {
        let (y, x) = (i / width % height, i % width)
        let along = x + y / 9 % 2 * 7 + i / (height * width)
        let isMortar = y % 9 < 2 || along % 14 < 2
        let tone = 0.55 - 0.1 * Float(p) + tones[(y / 9 * 11 + along / 14) % 200]
        truth.planes[p][i] = isMortar ? 0.8 : tone + 0.05 * sin(Float(y % 9))
        window.planes[p].values[i] = truth.planes[p][i]
        let draw = random.uniform()
        if draw < share {
          (window.planes[p].states[i], window.planes[p].values[i]) = (SampleState.missing, 0)
        } else if draw < share + heldOut {
          window.planes[p].states[i] = SampleState.heldOut
        }
      }
    }
    return (window, truth)
  }

  private static func site(_ samples: MaskedSamples, threads: Int = 1) -> SiteInputs {
    SiteInputs(
      samples, holes: HoleShape(of: samples), estimators: [],
      context: EstimatorContext(threads: threads, seed: 3))
  }

  private static func trial(roles: [PlaneRole], frames: Int, rounds: Int = 3) throws -> RefinementTrial {
    let (window, truth) = bricks(roles: roles, frames: frames, share: 0.7)
    let start = try SpatialInterpolation().estimate(window, context: EstimatorContext())
    return RefinementTrial(window: window, truth: truth, start: start) { start, samples, context in
      let site = SiteInputs(samples, holes: HoleShape(of: samples), estimators: [], context: context)
        .secondPass(from: start)
      site.alikeRounds = [rounds]
      return try AlikePatchesEstimator(most: rounds).estimate(site)
    }
  }

  @Test(
    "bring an interpolation closer to the truth and keep what is known",
    arguments: [([PlaneRole.luma], 1), ([.luma], 4), ([.red, .green, .blue], 1)])
  func improves(roles: [PlaneRole], frames: Int) throws {
    let gain = try Self.trial(roles: roles, frames: frames).gain()
    #expect(gain.decibels > 2, "\(gain.decibels) dB")
    #expect(gain.keepsKnown)
  }

  @Test("give the same for any number of threads, and stop when asked to") func threads() throws {
    let trial = try Self.trial(roles: [.red, .green, .blue], frames: 1, rounds: 2)
    #expect(try trial.isSameForAnyThreads())
    #expect(throws: RestorationError.cancelled) { try trial.refineCancelled() }
  }

  @Test("take as many rounds as held-out samples are better for, and the same with all known samples")
  func rounds() throws {
    let (window, truth) = Self.bricks(share: 0.7, heldOut: 0.03)
    let estimator = AlikePatchesEstimator(most: 4)
    let judging = Self.site(window)
    var all = window
    for p in all.planes.indices {
      for i in all.planes[p].states.indices where all.planes[p].states[i] == SampleState.heldOut {
        all.planes[p].states[i] = SampleState.known
      }
    }
    let start = try SpatialInterpolation().estimate(window, context: EstimatorContext())
    let full = judging.complete(all)
    let second = judging.secondPass(from: start)
    #expect(try estimator.competes(at: second))
    let chosen = try #require(second.alikeRounds)
    #expect((1...4).contains(chosen[0]))
    #expect(full.secondPass(from: start).alikeRounds == chosen)
    let found = try estimator.estimate(full.secondPass(from: start))
    #expect(SyntheticVideo.psnr(found, truth, in: all) > SyntheticVideo.psnr(start, truth, in: all) + 2)
    #expect(SyntheticVideo.isKnownKept(found, in: all))
  }

  @Test("do not compete where nothing is alike") func noise() throws {
    var (window, _) = Self.bricks(share: 0.7, heldOut: 0.05)
    var random = RandomSource(seed: 4)
    for p in window.planes.indices {
      for i in window.planes[p].values.indices { window.planes[p].values[i] = random.uniform() }
    }
    // The best that can be said of noise.
    let mean = Estimate(planes: window.planes.map { $0.values.map { _ in 0.5 } })
    let site = Self.site(window).secondPass(from: mean)
    #expect(try !AlikePatchesEstimator(most: 4).competes(at: site))
    #expect(site.alikeRounds == [0])
  }

  @Test("small planes, long clips and many samples are left to others") func suits() {
    let estimator = AlikePatchesEstimator(most: 4, mostFrames: 1)
    #expect(estimator.suits(Self.bricks(share: 0.5).window))
    #expect(!estimator.suits(Self.bricks(frames: 2, share: 0.5).window))
    let (small, _) = SyntheticVideo.scattered(frames: 1, height: 6, width: 80, share: 0.5, seed: 1)
    #expect(!estimator.suits(small))
    let (many, _) = SyntheticVideo.scattered(frames: 1, height: 1100, width: 1100, share: 0.5, seed: 1)
    #expect(!estimator.suits(many))
  }

  @Test("a picture of bricks gains half a decibel at least by them") func picture() throws {
    let (seen, truth) = Self.bricks(share: 0.8, heldOut: 0.02)
    var all = seen
    for p in all.planes.indices {
      for i in all.planes[p].states.indices where all.planes[p].states[i] == SampleState.heldOut {
        all.planes[p].states[i] = SampleState.known
      }
    }
    var settings = RestorationSettings()
    settings.iterations = 20
    var recipe = Recipe(settings: settings)
    func psnr() throws -> Double {
      let solver = SiteSolver(recipe: recipe, context: EstimatorContext(threads: 2))
      return SyntheticVideo.psnr(try solver.solve(all, training: seen) { _ in }.estimate, truth, in: all)
    }
    let with = try psnr()
    recipe.estimators.removeAll { $0.id == .alikePatches }
    let without = try psnr()
    #expect(with > without + 0.5, "\(with) dB with, \(without) dB without")
  }
}
