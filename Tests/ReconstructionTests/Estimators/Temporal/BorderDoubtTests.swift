import Frames
import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("Doubt of what other frames show")
struct BorderDoubtTests {
  private static let side = 40
  private static let hole = 14..<26

  /// Waves of a contrast, `shift` samples to the side.
  private func waves(contrast: Float, shift: Float) -> [Float] {
    (0..<Self.side * Self.side).map { i in
      let (y, x) = (Float(i / Self.side), Float(i % Self.side) + shift)
      return 0.5 + contrast * (sin(0.6 * x + 0.2 * y) + sin(0.5 * y - 0.3 * x)) / 2
    }
  }

  /// 1 but in the hole; and the samples beside it.
  private var flags: (known: [UInt8], compared: [UInt8]) {
    let known = (0..<Self.side * Self.side).map {
      Self.hole.contains($0 / Self.side) && Self.hole.contains($0 % Self.side) ? UInt8(0) : 1
    }
    return (known, BorderDoubt(height: Self.side, width: Self.side).border(of: known, threads: 1))
  }

  @Test("is judged by what lies within two samples of a hole")
  func border() {
    let compared = flags.compared
    for i in compared.indices {
      func distance(_ k: Int) -> Int { max(Self.hole.lowerBound - k, k - Self.hole.upperBound + 1, 0) }
      let far = max(distance(i / Self.side), distance(i % Self.side))
      #expect(compared[i] == ((1...2).contains(far) ? 1 : 0))
    }
  }

  private func doubts(found: [Float], truth: [Float]) -> [Float] {
    let (known, compared) = flags
    let all = BorderDoubt(height: Self.side, width: Self.side).doubt(
      frame: 0, found: [found], truth: [truth], known: known,
      within: [FramePart(rows: 0..<Self.side, columns: 0..<Self.side)], compared: compared[...])
    return all.indices.filter { known[$0] == 0 }.map { all[$0] }
  }

  @Test("is in samples of displacement, whatever the contrast", arguments: [Float(0.1), 0.2, 0.4])
  func displacement(contrast: Float) {
    let truth = waves(contrast: contrast, shift: 0)
    let near = doubts(found: waves(contrast: contrast, shift: 0.5), truth: truth)
    #expect((near.max() ?? 1) < 0.03, "\(near)")
    let far = doubts(found: waves(contrast: contrast, shift: 5), truth: truth)
    #expect(far.reduce(0, +) / Float(far.count) > 0.62, "\(far)")
  }

  @Test("rises with the error, and falls with the contrast")
  func monotone() {
    let errors: [Float] = [0, 0.01, 0.03, 0.1, 0.3, 1]
    let rising = errors.map { BorderDoubt.doubt(error: $0, change: 0.02) }
    #expect(rising == rising.sorted() && rising[0] == 0 && rising[5] > 0.9999)
    let falling = errors.map { BorderDoubt.doubt(error: 0.1, change: $0) }
    #expect(falling == falling.sorted(by: >))
    // As far off as is tolerated: half of it.
    let half = BorderDoubt.doubt(
      error: BorderDoubt.tolerance * (0.05 + BorderDoubt.noise), change: 0.05)
    #expect(abs(half - 0.5) < 1e-4)
  }

  @Test("is none where nothing compared")
  func noJudges() {
    let truth = waves(contrast: 0.3, shift: 0)
    let all = BorderDoubt(height: Self.side, width: Self.side).doubt(
      frame: 0, found: [truth.map { 1 - $0 }], truth: [truth], known: flags.known,
      within: [FramePart(rows: 0..<Self.side, columns: 0..<Self.side)],
      compared: [UInt8](repeating: 0, count: truth.count)[...])
    #expect(all.allSatisfy { $0 == 0 })
  }

  /// A block that is bright in one frame and dark in all others, with a hole in it.
  private var flash: MaskedSamples {
    let (side, frames) = (48, 4)
    var (values, states): ([Float], [UInt8]) = ([], [])
    for i in 0..<frames * side * side {
      let (t, y, x) = (i / (side * side), i / side % side, i % side)
      let isBright = t == 0 && (12..<36).contains(x) && (12..<36).contains(y)
      let isMissing = t == 0 && (20..<28).contains(x) && (20..<28).contains(y)
      values.append(isMissing ? 0 : isBright ? 0.9 : 0.3 + 0.05 * sin(0.7 * Float(x)) * cos(0.6 * Float(y)))
      states.append(isMissing ? SampleState.missing : SampleState.known)
    }
    let positions = (0..<side).map(Float.init)
    return MaskedSamples(
      frames: frames, height: side, width: side,
      planes: [
        MaskedSamples.Plane(
          role: .luma, height: side, width: side, values: values, states: states, rowPositions: positions,
          columnPositions: positions)
      ])
  }

  private func worst(_ estimate: Estimate, of truth: Float, in window: MaskedSamples) -> Float {
    let states = window.planes[0].states
    return states.indices.filter { states[$0] == SampleState.missing }
      .map { abs(estimate.planes[0][$0] - truth) }.max() ?? 1
  }

  @Test("keeps motion from carrying over what other frames show")
  func motion() throws {
    let window = flash
    let context = EstimatorContext(threads: 2)
    var propagation = MotionPropagation(fill: try TemporalInterpolation().estimate(window, context: context))
    #expect(worst(try propagation.estimate(window, context: context), of: 0.9, in: window) > 0.4)
    propagation.fallback = try SpatialInterpolation().estimate(window, context: context)
    #expect(worst(try propagation.estimate(window, context: context), of: 0.9, in: window) < 0.002)
  }

  @Test("keeps interpolation in time to where frames are alike")
  func interpolation() throws {
    var window = flash
    // Another hole, where nothing changes.
    let still = (0..<4).flatMap { y in (0..<4).map { x in (4 + y) * 48 + 4 + x } }
    let truth = still.map { window.planes[0].values[$0] }
    for i in still { window.planes[0].states[i] = SampleState.missing }
    let context = EstimatorContext(threads: 2)
    let temporal = try TemporalInterpolation().estimate(window, context: context)
    let doubted = try DoubtedInterpolation(
      temporal: temporal, fallback: SpatialInterpolation().estimate(window, context: context)
    ).estimate(window, context: context)
    for (i, value) in zip(still, truth) { #expect(abs(doubted.planes[0][i] - value) < 0.007) }
    for i in still { window.planes[0].states[i] = SampleState.known }
    #expect(worst(temporal, of: 0.9, in: window) > 0.6)
    #expect(worst(doubted, of: 0.9, in: window) < 0.002)
  }

  @Test("is asked of interpolation in time in compact holes that move, if it has a fallback")
  func estimators() throws {
    let context = EstimatorContext(threads: 2)
    func temporal(_ samples: MaskedSamples, fallback: EstimatorID?) throws -> [Float]? {
      let estimators: [any Estimator] = [TemporalInterpolation(fallback: fallback), SpatialInterpolation()]
      return try SiteInputs(
        samples, holes: HoleShape(of: samples), estimators: estimators, context: context
      ).estimate(by: .temporal)?.planes[0]
    }
    #expect(try temporal(flash, fallback: .spatial) != temporal(flash, fallback: nil))
    #expect(try temporal(flash, fallback: .surfaces) == temporal(flash, fallback: nil))
    var still = flash
    for i in still.planes[0].states.indices {
      still.planes[0].states[i] = still.planes[0].states[i % (48 * 48)]
    }
    #expect(try temporal(still, fallback: .spatial) == temporal(still, fallback: nil))
  }

  @Test("is asked of motion too, if it has a fallback")
  func motionEstimator() throws {
    let (window, context) = (flash, EstimatorContext(threads: 2))
    func error(fallback: EstimatorID) throws -> Float {
      let estimators: [any Estimator] = [
        TemporalInterpolation(fallback: nil), SpatialInterpolation(), MotionEstimator(fallback: fallback),
      ]
      let site = SiteInputs(window, holes: HoleShape(of: window), estimators: estimators, context: context)
      return worst(try #require(try site.estimate(by: .motion)), of: 0.9, in: window)
    }
    #expect(try error(fallback: .spatial) < 0.01)
    #expect(try error(fallback: .surfaces) > 0.1)
  }

  @Test("is carried into a part of a frame as into a frame of that size")
  func part() {
    let (known, compared) = flags
    let doubt = BorderDoubt(height: Self.side, width: Self.side)
    let wide = Self.hole.lowerBound - 2..<Self.hole.upperBound + 2
    let parts = doubt.parts(of: known[...])
    #expect(parts.count == 1 && parts[0].rows == wide && parts[0].columns == wide)
    #expect(doubt.parts(of: [UInt8](repeating: 1, count: known.count)[...]).isEmpty)
    var whole = waves(contrast: 0.3, shift: 0)
    var cut = wide.flatMap { y in wide.map { whole[y * Self.side + $0] } }
    let cutJudges = wide.flatMap { y in wide.map { compared[y * Self.side + $0] } }
    whole.withUnsafeMutableBufferPointer { whole in
      compared.withUnsafeBufferPointer {
        PullPush(height: Self.side, width: Self.side).fill(
          whole, known: $0, within: FramePart(rows: wide, columns: wide))
      }
    }
    cut.withUnsafeMutableBufferPointer { cut in
      cutJudges.withUnsafeBufferPointer {
        PullPush(height: wide.count, width: wide.count).fill(cut, known: $0)
      }
    }
    #expect(wide.flatMap { y in wide.map { whole[y * Self.side + $0] } } == cut)
    #expect(whole[0] == waves(contrast: 0.3, shift: 0)[0])
  }
}
