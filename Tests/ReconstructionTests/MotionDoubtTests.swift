import Foundation
import Kernels
import Testing

@testable import Reconstruction

@Suite("Doubt of motion")
struct MotionDoubtTests {
  private static let side = 40
  private static let hole = 14..<26

  /// Waves of a contrast, `shift` samples to the side.
  private func waves(contrast: Float, shift: Float) -> [Float] {
    (0..<Self.side * Self.side).map { i in
      let (y, x) = (Float(i / Self.side), Float(i % Self.side) + shift)
      return 0.5 + contrast * (sin(0.6 * x + 0.2 * y) + sin(0.5 * y - 0.3 * x)) / 2
    }
  }

  /// 1 but in the hole, and at samples within two of it.
  private var flags: (known: [UInt8], judges: [UInt8]) {
    func isIn(_ i: Int, grownBy n: Int) -> Bool {
      let range = Self.hole.lowerBound - n..<Self.hole.upperBound + n
      return range.contains(i / Self.side) && range.contains(i % Self.side)
    }
    let known = (0..<Self.side * Self.side).map { isIn($0, grownBy: 0) ? UInt8(0) : 1 }
    return (known, known.indices.map { known[$0] == 1 && isIn($0, grownBy: 2) ? 1 : 0 })
  }

  private func doubts(found: [Float], truth: [Float]) -> [Float] {
    let (known, judges) = flags
    let all = MotionDoubt(height: Self.side, width: Self.side).doubt(
      frame: 0, found: [found], truth: [truth], known: known, judges: judges)
    return all.indices.filter { known[$0] == 0 }.map { all[$0] }
  }

  @Test("is in samples of displacement, whatever the contrast", arguments: [Float(0.1), 0.2, 0.4])
  func displacement(contrast: Float) {
    let truth = waves(contrast: contrast, shift: 0)
    let near = doubts(found: waves(contrast: contrast, shift: 0.5), truth: truth)
    #expect((near.max() ?? 1) < 0.1, "\(near)")
    let far = doubts(found: waves(contrast: contrast, shift: 5), truth: truth)
    #expect(far.reduce(0, +) / Float(far.count) > 0.6, "\(far)")
  }

  @Test("rises with the error, and falls with the contrast")
  func monotone() {
    let errors: [Float] = [0, 0.01, 0.03, 0.1, 0.3, 1]
    let rising = errors.map { MotionDoubt.doubt(error: $0, change: 0.02) }
    #expect(rising == rising.sorted() && rising[0] == 0 && rising[5] > 0.99)
    let falling = errors.map { MotionDoubt.doubt(error: 0.1, change: $0) }
    #expect(falling == falling.sorted(by: >))
    // As far off as is tolerated: half of it.
    let half = MotionDoubt.doubt(
      error: MotionDoubt.tolerance * (0.05 + MotionDoubt.noise), change: 0.05)
    #expect(abs(half - 0.5) < 1e-4)
  }

  @Test("is none where nothing judges")
  func noJudges() {
    let truth = waves(contrast: 0.3, shift: 0)
    let all = MotionDoubt(height: Self.side, width: Self.side).doubt(
      frame: 0, found: [truth.map { 1 - $0 }], truth: [truth], known: flags.known,
      judges: [UInt8](repeating: 0, count: truth.count))
    #expect(all.allSatisfy { $0 == 0 })
  }

  /// What is bright in one frame is dark in all others: motion finds nothing there that is like it.
  @Test("takes the fallback where other frames show something else")
  func fallback() throws {
    let (side, frames) = (48, 4)
    var values: [Float] = []
    var states: [UInt8] = []
    for t in 0..<frames {
      for y in 0..<side {
        for x in 0..<side {
          let isBright = t == 0 && (12..<36).contains(x) && (12..<36).contains(y)
          let isMissing = t == 0 && (20..<28).contains(x) && (20..<28).contains(y)
          values.append(
            isMissing ? 0 : isBright ? 0.9 : 0.3 + 0.05 * sin(0.7 * Float(x)) * cos(0.6 * Float(y)))
          states.append(isMissing ? SampleState.missing : SampleState.known)
        }
      }
    }
    let positions = (0..<side).map(Float.init)
    let window = MaskedWindow(
      frames: frames, height: side, width: side,
      planes: [
        MaskedWindow.Plane(
          role: .luma, height: side, width: side, values: values, states: states, rowPositions: positions,
          columnPositions: positions)
      ])
    let context = EstimatorContext(threads: 2)
    var propagation = MotionPropagation(fill: try TemporalInterpolation().estimate(window, context: context))
    func worst() throws -> Float {
      let result = try propagation.estimate(window, context: context)
      return states.indices.filter { states[$0] == SampleState.missing }.map {
        abs(result.planes[0][$0] - 0.9)
      }
      .max() ?? 1
    }
    #expect(try worst() > 0.3)
    propagation.fallback = try SpatialInterpolation().estimate(window, context: context)
    #expect(try worst() < 0.05)
  }
}
