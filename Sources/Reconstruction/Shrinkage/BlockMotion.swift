import CVectorMath
import Motion

/// Where the squares of a block lie when it follows the motion of the picture, frame by frame.
struct BlockMotion {
  /// Between all frames of the window.
  let chain: FlowChain
  /// Where the samples of the planes that are transformed sit in the pictures of the flow.
  let lattice: SampleLattice

  /// How far from the middle of a square the flow is looked at, besides in the middle; in samples of the plane.
  private static let reach: Float = 5

  /// For each block of a tiling, in their order, and each of its frames: rows and columns from where the tiling puts
  /// the square to where it lies. A block stays where it is in its middle frame and follows the flow from there.
  func offsets(_ tiling: shrink_tiling) -> [Int32] {
    var tiling = tiling
    let depth = Int(tiling.depth)
    let (rows, columns) = (shrink_slab_rows(&tiling), shrink_columns(&tiling))
    let slabs = shrink_rows(&tiling) / rows
    var result = [Int32](repeating: 0, count: slabs * rows * columns * depth * 2)
    for slab in 0..<slabs {
      let start = slab * depth - Int(tiling.shift_t)
      let frames = max(0, start)..<min(Int(tiling.frames), start + depth)
      let middle = min(max(start + depth / 2, frames.lowerBound), frames.upperBound - 1)
      for row in 0..<rows {
        let y = Float(row * 16 - Int(tiling.shift_y)) + 7.5
        for column in 0..<columns {
          let x = Float(column * 16 - Int(tiling.shift_x)) + 7.5
          let block = ((slab * rows + row) * columns + column) * depth * 2
          follow(from: middle, through: frames, y: y, x: x) { frame, dy, dx in
            result[block + (frame - start) * 2] = dy
            result[block + (frame - start) * 2 + 1] = dx
          }
        }
      }
    }
    return result
  }

  private func follow(
    from middle: Int, through frames: Range<Int>, y: Float, x: Float, place: (Int, Int32, Int32) -> Void
  ) {
    var (row, column) = (y, x)
    for t in middle..<max(middle, frames.upperBound - 1) {
      step(chain.forward[t].flow, &row, &column)
      place(t + 1, Int32((row - y).rounded()), Int32((column - x).rounded()))
    }
    (row, column) = (y, x)
    for t in (frames.lowerBound..<middle).reversed() {
      step(chain.backward[t].flow, &row, &column)
      place(t, Int32((row - y).rounded()), Int32((column - x).rounded()))
    }
  }

  /// Moves the middle of a square along the mean flow there, but not out of the picture.
  private func step(_ flow: FlowField, _ row: inout Float, _ column: inout Float) {
    var (dy, dx) = (Float(0), Float(0))
    for i in [-Self.reach, 0, Self.reach] {
      for j in [-Self.reach, 0, Self.reach] {
        let d = flow.displacement(
          y: lattice.rowOrigin + (row + i) * lattice.rowStep,
          x: lattice.columnOrigin + (column + j) * lattice.columnStep)
        dy += d.dy
        dx += d.dx
      }
    }
    row = min(max(row + dy / (9 * lattice.rowStep), -8), Float(lattice.height + 8))
    column = min(max(column + dx / (9 * lattice.columnStep), -8), Float(lattice.width + 8))
  }
}
