import Foundation
import Frames
import Kernels
import Testing

@testable import Fitting
@testable import Reconstruction

/// Estimators that see a volume's distances.
@Suite struct VolumetricTests {
  /// A window of `value(t, y, x)` at distances of a spacing, in which `missing` says what is to be found.
  private func window(
    _ frames: Int, _ height: Int, _ width: Int, spacing: SampleSpacing,
    value: (Double, Double, Double) -> Double, missing: (Int, Int, Int) -> Bool
  ) -> MaskedSamples {
    var (values, states): ([Float], [UInt8]) = ([], [])
    for t in 0..<frames {
      for y in 0..<height {
        for x in 0..<width {
          let isMissing = missing(t, y, x)
          let truth = value(Double(t) * spacing.frame, Double(y) * spacing.row, Double(x) * spacing.column)
          values.append(isMissing ? 0 : Float(truth))
          states.append(isMissing ? SampleState.missing : SampleState.known)
        }
      }
    }
    let plane = MaskedSamples.Plane(
      role: .luma, height: height, width: width, values: values, states: states,
      rowPositions: (0..<height).map(Float.init), columnPositions: (0..<width).map(Float.init))
    var window = MaskedSamples(frames: frames, height: height, width: width, planes: [plane])
    window.spacing = spacing
    return window
  }

  private func error(
    of estimate: Estimate, in window: MaskedSamples, value: (Double, Double, Double) -> Double
  ) -> Double {
    let (height, width) = (window.height, window.width)
    var (sum, count) = (0.0, 0)
    for i in window.planes[0].states.indices where window.planes[0].states[i] == SampleState.missing {
      let (t, y, x) = (i / (height * width), i / width % height, i % width)
      let truth = value(
        Double(t) * window.spacing.frame, Double(y) * window.spacing.row, Double(x) * window.spacing.column)
      sum += (Double(estimate.planes[0][i]) - truth) * (Double(estimate.planes[0][i]) - truth)
      count += 1
    }
    return (sum / Double(count)).squareRoot()
  }

  /// Smooth, and different along all axes.
  private func wave(_ t: Double, _ y: Double, _ x: Double) -> Double {
    0.5 + 0.2 * sin(0.23 * x + 0.1 * t) + 0.2 * cos(0.19 * y - 0.13 * t)
  }

  @Test func linearSlopesAreFoundWhateverTheDistances() throws {
    func slope(_ t: Double, _ y: Double, _ x: Double) -> Double { 0.1 + 0.01 * t + 0.02 * y + 0.015 * x }
    for spacing in [SampleSpacing.even, SampleSpacing(frame: 3, row: 1, column: 1)] {
      let window = window(10, 12, 14, spacing: spacing, value: slope) { t, y, x in
        (3...6).contains(t) && (4...7).contains(y) && (5...9).contains(x)
      }
      let estimate = try LevelLineInterpolation.surfaces(steps: 200).estimate(
        window, context: EstimatorContext())
      #expect(error(of: estimate, in: window, value: slope) < 1e-6)
    }
  }

  /// Tells whether the weights follow the distances: with those of a cube, slices three times as far apart would be
  /// trusted as much as rows beside the hole.
  @Test func distancesDecideWhatIsTrusted() throws {
    func layered(_ t: Double, _ y: Double, _ x: Double) -> Double { 0.5 + 0.3 * sin(0.9 * t) }
    func hole(_ t: Int, _ y: Int, _ x: Int) -> Bool { t == 6 && (4...7).contains(y) && (4...7).contains(x) }
    let far = SampleSpacing(frame: 3, row: 1, column: 1)
    var aware = window(12, 12, 12, spacing: far, value: layered, missing: hole)
    let truth = try error(
      of: LevelLineInterpolation.surfaces(steps: 200).estimate(aware, context: EstimatorContext()), in: aware,
      value: layered)
    let planes = aware.planes
    aware.spacing = .even
    let unaware = try LevelLineInterpolation.surfaces(steps: 200).estimate(aware, context: EstimatorContext())
    aware.spacing = far
    aware.planes = planes
    #expect(truth < 0.02 * error(of: unaware, in: aware, value: layered))
  }

  @Test func theSameObjectIsReconstructedAlikeAtBothSamplings() throws {
    // A box of the same size in space: 12 x 6 x 6, in slices one and three apart.
    let fine = window(36, 24, 24, spacing: .even, value: wave) { t, y, x in
      (12..<24).contains(t) && (9..<15).contains(y) && (9..<15).contains(x)
    }
    let coarse = window(12, 24, 24, spacing: SampleSpacing(frame: 3, row: 1, column: 1), value: wave) {
      t, y, x in
      (4..<8).contains(t) && (9..<15).contains(y) && (9..<15).contains(x)
    }
    let context = EstimatorContext(threads: 2)
    let (a, b) = try (
      LevelLineInterpolation.surfaces(steps: 200).estimate(fine, context: context),
      LevelLineInterpolation.surfaces(steps: 200).estimate(coarse, context: context)
    )
    var (sum, count) = (0.0, 0)
    for t in 4..<8 {
      for y in 9..<15 {
        for x in 9..<15 {
          let difference = a.planes[0][(3 * t * 24 + y) * 24 + x] - b.planes[0][(t * 24 + y) * 24 + x]
          sum += Double(difference * difference)
          count += 1
        }
      }
    }
    // Far less than what the signal does in the box.
    #expect((sum / Double(count)).squareRoot() < 0.001)
    #expect(error(of: a, in: fine, value: wave) < 0.003 && error(of: b, in: coarse, value: wave) < 0.003)
  }

  @Test func theResultIsTheSameForAnyNumberOfThreads() throws {
    let window = window(9, 40, 33, spacing: SampleSpacing(frame: 2, row: 1, column: 1.5), value: wave) {
      t, y, x in
      (t * 7 + y * 5 + x * 3) % 4 != 0
    }
    let one = try LevelLineInterpolation.surfaces(steps: 200).estimate(
      window, context: EstimatorContext(threads: 1))
    let three = try LevelLineInterpolation.surfaces(steps: 200).estimate(
      window, context: EstimatorContext(threads: 3))
    #expect(one.planes == three.planes)
  }

  @Test func anEvenSpacingChangesNothingAndAWideOneWeakensDifferences() {
    #expect(SampleSpacing.even.strengths(.firm) == .firm)
    let wide = SampleSpacing(frame: 3, row: 1, column: 1).strengths(.firm)
    #expect(wide.tv == PenaltyStrengths.firm.tv && abs(wide.sstv - PenaltyStrengths.firm.sstv / 3) < 1e-9)
    #expect(SampleSpacing(frame: 6, row: 2, column: 2) == SampleSpacing(frame: 3, row: 1, column: 1))
  }
}
