import Frames
import Testing

@testable import Reconstruction

@Suite("Hard thresholding of groups")
struct GroupedThresholdingTests {
  private var settings: GroupedThresholding {
    var grouping = GroupedThresholding()
    (grouping.rounds, grouping.roundsOfMatches, grouping.lastThreshold) = (12, 4, 0.01)
    return grouping
  }

  /// A texture that repeats, of which seven in ten samples are missing, from interpolation in space on.
  private func trial(roles: [PlaneRole] = [.luma]) throws -> RefinementTrial {
    let (window, truth) = SyntheticVideo.scattered(
      frames: 5, height: 32, width: 36, roles: roles, share: 0.7, seed: 6)
    let start = try SpatialInterpolation().estimate(window, context: EstimatorContext())
    return RefinementTrial(window: window, truth: truth, start: start) {
      try settings.refine($0, in: $1, context: $2)
    }
  }

  @Test(
    "brings an interpolation closer to the truth and keeps what is known",
    arguments: [[PlaneRole.luma], [.red, .green, .blue]])
  func improves(roles: [PlaneRole]) throws {
    let gain = try trial(roles: roles).gain()
    #expect(gain.decibels > 16)
    #expect(gain.keepsKnown)
  }

  @Test("gives the same for any number of threads")
  func threads() throws { #expect(try trial().isSameForAnyThreads()) }

  @Test("leaves planes alone that are smaller than a patch, and stops when asked to")
  func edges() throws {
    let (small, truth) = SyntheticVideo.window(frames: 3, height: 7, width: 20) { _, _, x in x == 3 }
    let start = Estimate(planes: truth.planes.map { $0.map { _ in 0.25 } })
    let refined = try settings.refine(start, in: small, context: EstimatorContext())
    #expect(refined.planes == small.completed(by: start).planes)
    #expect(throws: RestorationError.cancelled) { try trial().refineCancelled() }
  }

  @Test("the samples near a state are those within a box around it")
  func near() {
    var (window, _) = SyntheticVideo.window(frames: 5, height: 6, width: 9) { _, _, _ in true }
    for i in [2 * 54 + 3 * 9 + 4, 53] { window.planes[0].states[i] = SampleState.heldOut }
    let near = window.planes[0].near(SampleState.heldOut, frames: 5, reach: (t: 1, y: 2, x: 1))
    for t in 0..<5 {
      for y in 0..<6 {
        for x in 0..<9 {
          let isNear = [(2, 3, 4), (0, 5, 8)].contains {
            abs($0.0 - t) <= 1 && abs($0.1 - y) <= 2 && abs($0.2 - x) <= 1
          }
          #expect(near[t * 54 + y * 9 + x] == isNear, "\(t) \(y) \(x)")
        }
      }
    }
  }
}
