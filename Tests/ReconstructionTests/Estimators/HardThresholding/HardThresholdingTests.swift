import Frames
import Foundation
import Kernels
import Motion
import Testing

@testable import Reconstruction

@Suite("Hard thresholding")
struct HardThresholdingTests {
  private var settings: HardThresholding {
    var s = HardThresholding()
    (s.rounds, s.tilings, s.firstThreshold) = (15, 2, 0.15)
    return s
  }

  /// Seven in ten samples of a picture in colour are missing, from interpolation in time on.
  private func trial(_ change: (inout HardThresholding) -> Void = { _ in }) throws -> RefinementTrial {
    var thresholding = settings
    change(&thresholding)
    let (window, truth) = SyntheticVideo.scattered(
      frames: 10, height: 32, width: 40, roles: [.red, .green, .blue], share: 0.7, seed: 2)
    let start = try TemporalInterpolation().estimate(window, context: EstimatorContext())
    return RefinementTrial(window: window, truth: truth, start: start) { [thresholding] in
      try thresholding.refine($0, in: $1, context: $2)
    }
  }

  @Test("brings interpolation closer to the truth", arguments: [(8, false, 17.7), (16, true, 12.7)])
  func improves(depth: Int, opponent: Bool, least: Double) throws {
    let gain = try trial { ($0.depth, $0.opponentColours) = (depth, opponent) }.gain()
    #expect(gain.decibels > least, "\(gain.decibels) dB")
    #expect(gain.keepsKnown)
  }

  @Test("gives the same for any number of threads")
  func threads() throws { #expect(try trial().isSameForAnyThreads()) }

  /// Squares of 6 x 6 are missing from a texture that moves by (1, 2) samples a frame.
  private func movingWindow() -> (window: MaskedSamples, truth: Estimate, chain: FlowChain) {
    let (frames, height, width) = (12, 48, 56)
    var truth: [Float] = []
    var states: [UInt8] = []
    for t in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          let (v, u) = (Float(y - t), Float(x - 2 * t))
          truth.append(
            0.5 + 0.15 * (sin(0.9 * v + 0.3 * u) + sin(1.1 * u - 0.4 * v) + sin(0.7 * v + 0.8 * u)))
          let isMissing = (y + 11 * t) % 16 < 6 && (x + 5 * t) % 20 < 6
          states.append(isMissing ? SampleState.missing : SampleState.known)
        }
      }
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: height, width: width, values: zip(truth, states).map { $0 * Float($1) },
      states: states, rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init)
    )
    func flow(_ dy: Float, _ dx: Float) -> FlowField {
      func constant(_ value: Float) -> Matrix {
        Matrix(rows: height, columns: width, values: Array(repeating: value, count: height * width))
      }
      return FlowField(dx: constant(dx), dy: constant(dy))
    }
    let chain = FlowChain(
      flows: (0..<2 * (frames - 1)).map { $0 % 2 == 0 ? flow(1, 2) : flow(-1, -2) }, threads: 1)
    return (
      MaskedSamples(frames: frames, height: height, width: width, planes: [plane]),
      Estimate(planes: [truth]), chain
    )
  }

  @Test("blocks that follow the motion beat straight ones where the picture moves")
  func followsMotion() throws {
    let (window, truth, chain) = movingWindow()
    var emptying = settings
    emptying.firstThreshold = 0.8
    let context = EstimatorContext(threads: 2)
    let start = try SpatialInterpolation().estimate(window, context: context)
    let straight = try emptying.refine(start, in: window, context: context)
    let moving = try emptying.refine(start, in: window, along: chain, context: context)
    let without = SyntheticVideo.psnr(straight, truth, in: window)
    let with = SyntheticVideo.psnr(moving, truth, in: window)
    #expect(with > without + 3.4, "\(without) dB with straight blocks, \(with) dB with moving ones")
    let alone = try emptying.refine(start, in: window, along: chain, context: EstimatorContext(threads: 1))
    #expect(alone.planes == moving.planes)
    #expect(SyntheticVideo.isKnownKept(moving, in: window))
  }

  @Test("where samples are held out, only what blocks join with them is worked on")
  func judging() throws {
    var (window, _) = SyntheticVideo.window(frames: 10, height: 32, width: 80) { _, y, x in
      (10..<16).contains(y) && ((8..<14).contains(x) || (60..<70).contains(x))
    }
    for i in window.planes[0].states.indices
    where i % 80 == 10 && window.planes[0].states[i] != SampleState.known {
      window.planes[0].states[i] = SampleState.heldOut
    }
    let start = Estimate(planes: [window.planes[0].values])
    let refined = try settings.refine(start, in: window, context: EstimatorContext())
    let changed = refined.planes[0].indices.filter { refined.planes[0][$0] != start.planes[0][$0] }
    #expect(!changed.isEmpty)
    #expect(Set(changed.map { $0 % 80 }) == Set(8..<14))
  }

  @Test("takes fewer rounds where most of what is missing are whole frames")
  func roundsOfFrames() throws {
    func refined(rounds: Int, most: Int, missing: (Int, Int, Int) -> Bool) throws -> Estimate {
      let (window, _) = SyntheticVideo.window(frames: 8, height: 16, width: 16, missing: missing)
      var thresholding = settings
      thresholding.rounds = rounds
      let estimator = HardThresholdingEstimator(.blocks, thresholding, mostRoundsOfFrames: most)
      return try estimator.estimate(
        SiteInputs(
          window, holes: HoleShape(of: window), estimators: [TemporalInterpolation(fallback: nil)],
          context: EstimatorContext()))
    }
    func frame(_ t: Int, _: Int, _: Int) -> Bool { t % 4 == 2 }
    func block(_: Int, _ y: Int, _ x: Int) -> Bool { (4..<9).contains(y) && (4..<9).contains(x) }
    let few = try refined(rounds: 2, most: .max, missing: frame)
    #expect(try refined(rounds: 9, most: 2, missing: frame).planes == few.planes)
    #expect(try refined(rounds: 9, most: .max, missing: frame).planes != few.planes)
    let all = try refined(rounds: 9, most: .max, missing: block)
    #expect(try refined(rounds: 9, most: 2, missing: block).planes == all.planes)
  }

  @Test("stops when asked to")
  func cancellation() throws {
    #expect(throws: RestorationError.cancelled) { try trial().refineCancelled() }
  }

  @Test("leaves a window of known samples alone")
  func nothingMissing() throws {
    let (window, truth) = SyntheticVideo.window(frames: 3, height: 9, width: 9) { _, _, _ in false }
    let zeros = Estimate(planes: [Array(repeating: 0, count: truth.planes[0].count)])
    #expect(try settings.refine(zeros, in: window, context: EstimatorContext()).planes == zeros.planes)
  }
}
