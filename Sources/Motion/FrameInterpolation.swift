import Foundation
import Kernels

/// Interpolates a picture between two others along the motion between them.
///
/// The flows both ways are splatted to the time t in between. A place p with the flow f (from the first picture to the second)
/// shows the first picture at p - t f and the second at p + (1 - t) f.
public struct FrameInterpolation: Sendable {
  /// The flow from the first picture to the second at the samples of the one in between, and its confidence, (height, width).
  private let flow: FlowField
  private let confidence: Matrix
  private let time: Float
  /// The difference of the two pictures along the motion, full scale = 1, at which confidence falls to 1 / e.
  private static let disagreement: Float = 0.3

  /// - Parameters:
  ///   - forward: from the first picture to the second.
  ///   - backward: from the second to the first.
  ///   - time: of the picture in between, 0 (the first) ... 1 (the second).
  public init(forward: FlowChain.Link, backward: FlowChain.Link, time: Float) {
    self.time = time
    let (height, width) = (forward.flow.height, forward.flow.width)
    flow = FlowField(still: height, width)
    confidence = Matrix(rows: height, columns: width)
    let weight = Matrix(rows: height, columns: width)
    splat(forward, share: time, sign: 1, near: 1 - time, weight: weight)
    splat(backward, share: 1 - time, sign: -1, near: time, weight: weight)
    for i in 0..<height * width {
      let w = weight[i]
      if w > 1e-3 {
        flow.dx[i] /= w
        flow.dy[i] /= w
        confidence[i] = min(1, confidence[i] / w)
      } else {
        // No flow leads here: the one that starts here is the best guess.
        flow.dx[i] = forward.flow.dx[i]
        flow.dy[i] = forward.flow.dy[i]
        confidence[i] = 0.5 * forward.confidence[i]
      }
    }
  }

  /// Adds displacements where they lead after `share` of the way, weighted by their confidence and by `near`.
  private func splat(_ link: FlowChain.Link, share: Float, sign: Float, near: Float, weight: Matrix) {
    let (height, width) = (flow.height, flow.width)
    for row in 0..<height {
      for column in 0..<width {
        let i = row * width + column
        let (dy, dx) = (link.flow.dy[i], link.flow.dx[i])
        let (y, x) = (Float(row) + share * dy, Float(column) + share * dx)
        if !isInside(y: y, x: x, height: height, width: width) { continue }
        let c = link.confidence[i]
        let cell = BilinearCell(y: y, x: x, height: height, width: width)
        let corners = [0, cell.right, cell.down, cell.down + cell.right]
        for k in 0..<4 {
          let j = cell.index + corners[k]
          let w = cell.weights[k] * near * (c + 0.01)
          weight[j] += w
          flow.dx[j] += w * sign * dx
          flow.dy[j] += w * sign * dy
          confidence[j] += w * c
        }
      }
    }
  }

  /// A plane of the picture in between.
  ///
  /// - Parameters:
  ///   - first: the plane in the first picture, (height, width).
  ///   - second: the plane in the second picture, (height, width).
  ///   - fill: what remains as far as confidence lacks, (height, width).
  public func picture(
    between first: Matrix, and second: Matrix, fill: Matrix, lattice: SampleLattice
  ) -> Matrix {
    let result = Matrix(rows: lattice.height, columns: lattice.width)
    for row in 0..<lattice.height {
      for column in 0..<lattice.width {
        let (y, x) = (lattice.y(ofRow: row), lattice.x(ofColumn: column))
        let cell = BilinearCell(y: y, x: x, height: flow.height, width: flow.width)
        let (dy, dx) = (cell.value(in: flow.dy.base), cell.value(in: flow.dx.base))
        let before = (y: y - time * dy, x: x - time * dx)
        let after = (y: y + (1 - time) * dy, x: x + (1 - time) * dx)
        let seen = (
          isInside(y: before.y, x: before.x, height: flow.height, width: flow.width),
          isInside(y: after.y, x: after.x, height: flow.height, width: flow.width)
        )
        let a = lattice.bicubicCell(y: before.y, x: before.x).value(in: first.base)
        let b = lattice.bicubicCell(y: after.y, x: after.x).value(in: second.base)
        let rest = fill[row, column]
        var trust = cell.value(in: confidence.base)
        let value: Float
        switch seen {
        case (true, true):
          value = a + time * (b - a)
          trust *= exp(-(a - b) * (a - b) / (Self.disagreement * Self.disagreement))
        case (true, false): value = a
        case (false, true): value = b
        case (false, false): (value, trust) = (rest, 0)
        }
        result[row, column] = rest + trust * (value - rest)
      }
    }
    return result
  }
}
