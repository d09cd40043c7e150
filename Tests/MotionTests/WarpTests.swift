import Foundation
import Kernels
import Testing

@testable import Motion

@Suite("Warping along flow")
struct WarpTests {
  private func warped(_ picture: Matrix, along flow: FlowField) -> Matrix {
    let lattice = SampleLattice(height: picture.rows, width: picture.columns)
    return Matrix(
      rows: picture.rows, columns: picture.columns,
      values: warp(picture.values[...], on: lattice, along: flow, at: Array(0..<lattice.count)))
  }

  @Test("is bilinear, as computed by hand")
  func byHand() {
    let picture = Matrix(rows: 2, columns: 3, values: [0, 1, 2, 4, 8, 16])
    let flow = FlowField(
      dx: Matrix(rows: 2, columns: 3, values: [0.5, 1, -2, 0.25, 0, 1]),
      dy: Matrix(rows: 2, columns: 3, values: [0, 0.5, 0, -0.5, -1, 0]))
    // (0, 0.5), (0.5, 2), left of the picture, (0.5, 0.25), (0, 1), right of the picture.
    #expect(warped(picture, along: flow).values == [0.5, 9, 0, 2.625, 1, 16])
    // The last place alone lies outside.
    let agreement = consistency(of: flow, back: FlowField(still: 2, 3)).values
    #expect(agreement.map { $0 > 0 } == [true, true, true, true, true, false])
  }

  @Test("cubic convolution is exact for parabolas, and keeps samples")
  func cubic() {
    let picture = Matrix(rows: 6, columns: 7)
    func parabola(_ y: Float, _ x: Float) -> Float { 0.3 * y * y - 0.2 * x * x + 0.5 * x * y - y + 2 }
    for y in 0..<6 {
      for x in 0..<7 { picture[y, x] = parabola(Float(y), Float(x)) }
    }
    for (y, x) in [(2.25, 3.5), (1, 1), (3.9, 4.1), (2, 3.75)] as [(Float, Float)] {
      let value = BicubicCell(y: y, x: x, height: 6, width: 7).value(in: picture.base)
      #expect(abs(value - parabola(y, x)) < 1e-4, "\(y) \(x)")
    }
    // Beyond the edge is the edge.
    #expect(BicubicCell(y: -3, x: 9, height: 6, width: 7).value(in: picture.base) == picture[0, 6])
  }

  @Test("finds chroma where its luma has moved to")
  func subsampled() {
    let plane = Matrix(rows: 4, columns: 4, values: (0..<16).map { Float($0) })
    let flow = FlowField(still: 8, 8)
    flow.dy.fill(2)
    flow.dx.fill(1)
    let lattice = SampleLattice(height: 4, width: 4, rowOrigin: 0.5, rowStep: 2, columnStep: 2)
    // One row down, half a column to the right; the last column has nothing beside it.
    #expect(warp(plane.values[...], on: lattice, along: flow, at: [0, 5, 7]) == [4.5, 9.5, 11])
  }

  @Test("along no motion changes nothing")
  func still() {
    let picture = MovingTexture.picture(height: 9, width: 7)
    #expect(warped(picture, along: FlowField(still: 9, 7)).values == picture.values)
    #expect(
      consistency(of: FlowField(still: 9, 7), back: FlowField(still: 9, 7)).values.allSatisfy { $0 == 1 })
  }

  @Test("brings a translated texture back")
  func translated() {
    let (dy, dx): (Float, Float) = (0.5, -1.25)
    let flow = FlowField(still: 20, 24)
    flow.dy.fill(dy)
    flow.dx.fill(dx)
    let there = MovingTexture.picture(height: 20, width: 24, dy: dy, dx: dx)
    let back = warped(there, along: flow)
    let truth = MovingTexture.picture(height: 20, width: 24)
    for y in 2..<18 {
      for x in 2..<22 { #expect(abs(back[y, x] - truth[y, x]) < 0.016) }
    }
  }

  @Test("is trusted by how far forward and backward flow disagree")
  func disagreement() {
    let (forward, backward) = (FlowField(still: 8, 8), FlowField(still: 8, 8))
    forward.dx.fill(1)
    backward.dx.fill(-3)
    let trust = consistency(of: forward, back: backward, sigma: 2)
    #expect(abs(trust[4, 4] - exp(-1)) < 1e-6)
    #expect(trust[4, 7] == 0)
  }

  @Test("is not trusted where something is covered")
  func occlusion() {
    // A square of 8 samples that moves by 5 over a still ground, from column 4 to column 9.
    func flow(left: Int, dx: Float) -> FlowField {
      let flow = FlowField(still: 16, 32)
      for y in 4..<12 {
        for x in left..<left + 8 { flow.dx[y, x] = dx }
      }
      return flow
    }
    let trust = consistency(of: flow(left: 4, dx: 5), back: flow(left: 9, dx: -5))
    for y in 5..<11 {
      for x in 4..<12 { #expect(trust[y, x] == 1) }
      // Ground that the square hides afterwards.
      for x in 12..<17 { #expect(trust[y, x] < 0.004) }
      for x in 17..<32 { #expect(trust[y, x] == 1) }
    }
  }
}
