import Foundation
import Kernels

/// What `picture` shows where `flow` leads: result(y, x) = picture(y + dy, x + dx), linear between samples.
///
/// Places beyond the picture's edge take the edge's value.
public func warp(_ picture: Matrix, along flow: FlowField) -> Matrix {
  precondition(
    picture.rows == flow.height && picture.columns == flow.width, "picture and flow differ in size")
  precondition(picture.isContiguous, "gaps between rows")
  let result = Matrix(rows: flow.height, columns: flow.width)
  for y in 0..<flow.height {
    for x in 0..<flow.width {
      let i = y * flow.width + x
      let cell = BilinearCell(
        y: Float(y) + flow.dy.base[i], x: Float(x) + flow.dx.base[i], height: flow.height, width: flow.width)
      result.base[i] = cell.value(in: picture.base)
    }
  }
  return result
}

/// How well `flow` and the flow back agree, exp(-|f(p) + b(p + f(p))|^2 / sigma^2), (height, width): near one where
/// both say the same, near zero where something is covered on the way; zero where the flow leaves the picture.
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
      // Of most samples both flows say all but the same: there the exponential is a line.
      base[i] = e < 1e-3 ? 1 - e : exp(-e)
    }
  }
  return result
}

/// Half a sample beyond the outermost samples still belongs to the picture.
@inline(__always)
func isInside(y: Float, x: Float, height: Int, width: Int) -> Bool {
  y >= -0.5 && x >= -0.5 && y <= Float(height) - 0.5 && x <= Float(width) - 0.5
}
