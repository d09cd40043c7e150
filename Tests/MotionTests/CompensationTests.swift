import Foundation
import Kernels
import Testing

@testable import Motion

@Suite("Compensation")
struct CompensationTests {
  /// Waves that are smooth enough for cubic interpolation.
  private func waves(height: Int, width: Int, dx: Float = 0, dy: Float = 0) -> Matrix {
    let values = (0..<height * width).map { i -> Float in
      let (y, x) = (Float(i / width) + dy, Float(i % width) + dx)
      return 120 + 40 * sin(x / 5) + 30 * cos(y / 7 + x / 11)
    }
    return Matrix(rows: height, columns: width, values: values)
  }

  private func flow(height: Int, width: Int, dx: Float, dy: Float) -> FlowField {
    FlowField(
      dx: Matrix(rows: height, columns: width, values: Array(repeating: dx, count: height * width)),
      dy: Matrix(rows: height, columns: width, values: Array(repeating: dy, count: height * width)))
  }

  @Test("a picture is moved along the flow of smaller ones, and what comes from outside is known")
  func moves() {
    let (height, width) = (90, 120)
    var inside = [UInt8](repeating: 1, count: height * width)
    // 2 samples to the right and 1 up in pictures half as large.
    let moved = Matrix(rows: height, columns: width)
    Compensation.move(
      waves(height: height, width: width), along: flow(height: 45, width: 60, dx: 2, dy: -1), scale: 2,
      into: moved, inside: &inside, threads: 2)
    let expected = waves(height: height, width: width, dx: 4, dy: -2)
    for y in 4..<height - 4 {
      for x in 4..<width - 8 { #expect(abs(moved[y, x] - expected[y, x]) < 0.3) }
    }
    #expect(inside[50 * width + 60] == 1)
    #expect(inside[50 * width + width - 1] == 0)
    #expect(inside[60] == 0)
  }

  @Test("a shift by a part of a sample is taken away, and a spot is not; strips don't show")
  func compares() {
    let (height, width) = (150, 120)
    let picture = waves(height: height, width: width)
    for y in 60..<66 { for x in 60..<66 { picture[y, x] += 50 } }
    let others = (
      waves(height: height, width: width, dx: 0.5), waves(height: height, width: width, dx: -0.4, dy: 0.3)
    )
    let comparison = Compensation.Comparison(height: height, width: width)
    Compensation.compare(picture, with: others, into: comparison, threads: 2)
    #expect(comparison.mean[62, 62] > 40)
    var (left, before): (Float, Float) = (0, 0)
    for y in 8..<height - 8 where !(50..<76).contains(y) {
      for x in 8..<width - 8 {
        left = max(left, abs(picture[y, x] - comparison.settled.0[y, x]))
        before = max(before, abs(picture[y, x] - others.0[y, x]))
        #expect(comparison.half[y, x] >= 0)
      }
    }
    #expect(before > 3.5)
    #expect(left < 0.5)
  }

  @Test("one flow after another leads where both lead")
  func chains() {
    let chained = flow(height: 20, width: 30, dx: 2, dy: 1).followed(
      by: flow(height: 20, width: 30, dx: -1, dy: 0.5))
    #expect(chained.dx[10, 10] == 1)
    #expect(chained.dy[10, 10] == 1.5)
  }
}
