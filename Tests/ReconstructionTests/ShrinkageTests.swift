import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("Transform shrinkage")
struct ShrinkageTests {
  private func sparseWindow(seed: UInt64 = 2) -> (window: MaskedWindow, truth: WindowEstimate) {
    var random = RandomSource(seed: seed)
    let draws = (0..<10 * 32 * 40).map { _ in random.uniform() }
    return SyntheticVideo.window(frames: 10, height: 32, width: 40, roles: [.red, .green, .blue]) { t, y, x in
      draws[(t * 32 + y) * 40 + x] < 0.7
    }
  }

  private var settings: Shrinkage {
    var s = Shrinkage()
    (s.rounds, s.tilings, s.firstThreshold) = (15, 2, 0.15)
    return s
  }

  @Test("brings interpolation closer to the truth", arguments: [(8, false), (16, true)])
  func improves(depth: Int, opponent: Bool) throws {
    let (window, truth) = sparseWindow()
    let start = try TemporalInterpolation().estimate(window, context: EstimatorContext())
    var shrinkage = settings
    shrinkage.depth = depth
    shrinkage.opponentColours = opponent
    let refined = try shrinkage.refine(start, in: window, context: EstimatorContext(threads: 2))
    let before = SyntheticVideo.psnr(start, truth, in: window)
    let after = SyntheticVideo.psnr(refined, truth, in: window)
    #expect(after > before + 3, "\(before) dB became \(after) dB")
    for (p, plane) in window.planes.enumerated() {
      for i in plane.states.indices where plane.states[i] == SampleState.known {
        #expect(refined.planes[p][i] == plane.values[i])
      }
    }
  }

  @Test("gives the same for any number of threads")
  func threads() throws {
    let (window, _) = sparseWindow()
    let start = try TemporalInterpolation().estimate(window, context: EstimatorContext())
    let one = try settings.refine(start, in: window, context: EstimatorContext(threads: 1, seed: 5))
    let three = try settings.refine(start, in: window, context: EstimatorContext(threads: 3, seed: 5))
    #expect(one.planes == three.planes)
  }

  @Test("stops when asked to")
  func cancellation() throws {
    let (window, truth) = sparseWindow()
    #expect(throws: RestorationError.cancelled) {
      try settings.refine(truth, in: window, context: EstimatorContext(isCancelled: { true }))
    }
  }

  @Test("leaves a window of known samples alone")
  func nothingMissing() throws {
    let (window, truth) = SyntheticVideo.window(frames: 3, height: 9, width: 9) { _, _, _ in false }
    let zeros = WindowEstimate(planes: [Array(repeating: 0, count: truth.planes[0].count)])
    #expect(try settings.refine(zeros, in: window, context: EstimatorContext()).planes == zeros.planes)
  }
}
