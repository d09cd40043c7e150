import CVectorMath
import Kernels
import Motion

/// Where the squares of a block that follows the motion lie, frame by frame.
struct BlockMotion {
  /// The side of a square in samples, and its middle from its first sample.
  private static let (side, middle) = (16, Float(7.5))
  /// Mean flow over a square, from each frame to the next and back.
  private let forward: [MeanFlow]
  private let backward: [MeanFlow]
  private let height: Int
  private let width: Int

  /// - Parameters:
  ///   - chain: from each frame to the next and back.
  ///   - lattice: of the planes that are transformed.
  init(chain: FlowChain, lattice: SampleLattice, threads: Int) {
    (height, width) = (lattice.height, lattice.width)
    func means(_ links: [FlowChain.Link]) -> [MeanFlow] {
      parallelMap(links.count, threads: threads) { MeanFlow(of: links[$0].flow, lattice: lattice) }
    }
    forward = means(chain.forward)
    backward = means(chain.backward)
  }

  /// The offset of each square in rows and columns, (blocks, depth, 2), from its place in the tiling: 0 in the block's middle
  /// frame, from which the others follow the flow.
  func offsets(_ tiling: block_tiling, threads: Int) -> [Int32] {
    var tiling = tiling
    let depth = Int(tiling.depth)
    let (rows, columns) = (tiling_slab_rows(&tiling), tiling_columns(&tiling))
    let (shiftT, shiftY, shiftX) = (Int(tiling.shift_t), Int(tiling.shift_y), Int(tiling.shift_x))
    let (total, count) = (Int(tiling.frames), tiling_rows(&tiling))
    var result = [Int32](repeating: 0, count: count * columns * depth * 2)
    parallelFor(count, threads: threads, writing: &result) { line, result in
      let start = line / rows * depth - shiftT
      let frames = max(0, start)..<min(total, start + depth)
      let middle = min(max(start + depth / 2, frames.lowerBound), frames.upperBound - 1)
      let y = Float(line % rows * Self.side - shiftY) + Self.middle
      for column in 0..<columns {
        let x = Float(column * Self.side - shiftX) + Self.middle
        let block = (line * columns + column) * depth * 2
        follow(from: middle, through: frames, y: y, x: x) { frame, dy, dx in
          result[block + (frame - start) * 2] = dy
          result[block + (frame - start) * 2 + 1] = dx
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
      step(forward[t], &row, &column)
      place(t + 1, Int32((row - y).rounded()), Int32((column - x).rounded()))
    }
    (row, column) = (y, x)
    for t in (frames.lowerBound..<middle).reversed() {
      step(backward[t], &row, &column)
      place(t, Int32((row - y).rounded()), Int32((column - x).rounded()))
    }
  }

  /// Moves the middle of a square along the mean flow there, half a square beyond the frame's edge at most.
  private func step(_ flow: MeanFlow, _ row: inout Float, _ column: inout Float) {
    let d = flow.displacement(row: row, column: column)
    let half = Self.side / 2
    row = min(max(row + d.dy, Float(-half)), Float(height + half))
    column = min(max(column + d.dx, Float(-half)), Float(width + half))
  }
}
