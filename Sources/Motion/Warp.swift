import Foundation
import Kernels

/// Backward warping at some samples: result(k) = plane(p + f(p)), p = places[k], with bilinear interpolation.
///
/// Places beyond the plane's edge take the edge's value.
///
/// - Parameters:
///   - plane: the samples of `lattice`.
///   - flow: of the pictures that the plane lies in.
///   - places: samples of the plane, row by row.
public func warp(
  _ plane: ArraySlice<Float>, on lattice: SampleLattice, along flow: FlowField, at places: [Int]
) -> [Float] {
  precondition(plane.count == lattice.count, "as many samples as places")
  return plane.withUnsafeBufferPointer { plane in
    guard let samples = plane.baseAddress else { return [] }
    return places.map { place in
      let y = lattice.y(ofRow: place / lattice.width)
      let x = lattice.x(ofColumn: place % lattice.width)
      let (dy, dx) = flow.displacement(y: y, x: x)
      return lattice.cell(y: y + dy, x: x + dx).value(in: samples)
    }
  }
}

/// Forward-backward consistency of a flow f with the flow b back, exp(-|f(p) + b(p + f(p))|^2 / sigma^2), (height, width): near 1
/// where they agree, near 0 where something becomes covered, 0 where the flow leaves the picture.
///
/// - Parameter sigma: samples.
public func consistency(of flow: FlowField, back: FlowField, sigma: Float = 2) -> Matrix {
  precondition(flow.height == back.height && flow.width == back.width, "flows differ in size")
  let (height, width) = (flow.height, flow.width)
  let result = Matrix(rows: height, columns: width)
  let (base, rows, columns) = (result.base, flow.dy.base, flow.dx.base)
  let (backRows, backColumns) = (back.dy.base, back.dx.base)
  let scale = 1 / (sigma * sigma)
  for y in 0..<height {
    for x in 0..<width {
      let i = y * width + x
      let (dy, dx) = (rows[i], columns[i])
      let (thereY, thereX) = (Float(y) + dy, Float(x) + dx)
      if !isInside(y: thereY, x: thereX, height: height, width: width) { continue }
      let cell = BilinearCell(y: thereY, x: thereX, height: height, width: width)
      let (ey, ex) = (dy + cell.value(in: backRows), dx + cell.value(in: backColumns))
      let e = (ey * ey + ex * ex) * scale
      // At most samples e is tiny, and exp(-e) is 1 - e to within rounding.
      base[i] = e < 1e-3 ? 1 - e : exp(-e)
    }
  }
  return result
}

/// True within the picture, which reaches half a sample beyond the outermost samples.
@inline(__always)
func isInside(y: Float, x: Float, height: Int, width: Int) -> Bool {
  y >= -0.5 && x >= -0.5 && y <= Float(height) - 0.5 && x <= Float(width) - 0.5
}
