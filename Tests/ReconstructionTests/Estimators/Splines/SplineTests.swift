import Foundation
import Frames
import Testing

@testable import Reconstruction

@Suite struct SplineTests {
  /// A window of one row whose columns are the same line in time.
  private func window(_ line: [Float], known: [Int]) -> MaskedSamples {
    let states = line.indices.flatMap { t in
      Array(repeating: known.contains(t) ? SampleState.known : SampleState.missing, count: 3)
    }
    let values = line.indices.flatMap { t in Array(repeating: known.contains(t) ? line[t] : 0, count: 3) }
    let plane = MaskedSamples.Plane(
      role: .luma, height: 1, width: 3, values: values, states: states, rowPositions: [0],
      columnPositions: [0, 1, 2])
    return MaskedSamples(frames: line.count, height: 1, width: 3, planes: [plane])
  }

  private func fill(_ line: [Float], known: [Int]) throws -> [Float] {
    let plane = try SplineInterpolation().estimate(window(line, known: known), context: EstimatorContext())
      .planes[0]
    return stride(from: 1, to: plane.count, by: 3).map { plane[$0] }
  }

  /// Figures of scipy.interpolate.CubicSpline([0, 2, 3, 7, 9], [0.1, 0.9, 0.4, 0.6, 0.2], bc_type="clamped"), SciPy 1.17.
  @Test func agreesWithSciPy() throws {
    let line: [Float] = [0.1, 0, 0.9, 0.4, 0, 0, 0, 0.6, 0, 0.2]
    let filled = try fill(line, known: [0, 2, 3, 7, 9])
    let expected: [Float] = [
      0.1, 0.531127, 0.9, 0.4, 0.151471, 0.280392, 0.519118, 0.6, 0.378186, 0.2,
    ]
    for (a, b) in zip(filled, expected) { #expect(abs(a - b) < 1e-5) }
  }

  @Test func endsAreHeldAndFewKnownSlicesAreJoinedByLines() throws {
    let ends = try fill([0, 0.2, 0.5, 0.3, 0], known: [1, 2, 3])
    #expect(ends == [0.2, 0.2, 0.5, 0.3, 0.3])
    let line = try fill([0.2, 0, 0.4], known: [0, 2])
    #expect(abs(line[1] - 0.3) < 1e-6)
  }
}
