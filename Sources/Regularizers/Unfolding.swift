import Kernels
import Representations

/// The planes of one group as matrices (positions on an axis, everything else), in blocks of some columns each.
///
/// The partition does not depend on the number of threads. Row i of a block is a part of the slice at position i.
struct Unfolding {
  /// Most columns of a block: enough for the matrix product, few enough to share a single frame out.
  static let blockWidth = 64

  /// Some columns of the unfolding: of a frame of a plane, or of all frames for the axis of time.
  struct Block {
    let plane, frame: Int
    let range: Range<Int>
  }

  let axis: Axis
  let blocks: [Block]

  init(_ signal: Signal, along axis: Axis, group: Int) {
    self.axis = axis
    blocks = signal.grid.planes.filter { signal.grid.groupOfPlane[$0] == group }.flatMap { plane in
      let frames = axis == .time ? 0..<1 : signal.lattice.frames.indices
      let columns =
        switch axis {
        case .row: signal.columnCount(ofPlane: plane)
        case .column: signal.rowCount(ofPlane: plane)
        case .time: signal.planes[plane].columns
        }
      return frames.flatMap { frame in
        stride(from: 0, to: columns, by: Self.blockWidth).map {
          Block(plane: plane, frame: frame, range: $0..<min($0 + Self.blockWidth, columns))
        }
      }
    }
  }

  /// Copies a block of a signal into `x`, (positions, columns).
  func copy(_ block: Block, of signal: Signal, into x: Matrix) {
    let slice = slice(block, of: signal)
    if axis == .column { transpose(slice, into: x) } else { x.copy(from: slice) }
  }

  /// Adds `factor` times `x`, (positions, columns), to a block of a signal.
  /// - Parameter transposed: scratch memory of the shape (columns, positions).
  func add(_ x: Matrix, times factor: Float, to block: Block, of signal: Signal, transposed: Matrix) {
    let slice = slice(block, of: signal)
    if axis == .column {
      transpose(x, into: transposed)
      VectorMath.add(transposed, times: factor, to: slice)
    } else {
      for i in 0..<x.rows { VectorMath.add(x.rows(i..<i + 1), times: factor, to: slice.rows(i..<i + 1)) }
    }
  }

  /// The block where it lies in the signal: for columns of the frame its transpose.
  private func slice(_ block: Block, of signal: Signal) -> Matrix {
    switch axis {
    case .row: signal.frame(block.frame, ofPlane: block.plane).columns(block.range)
    case .column: signal.frame(block.frame, ofPlane: block.plane).rows(block.range)
    case .time: signal.planes[block.plane].columns(block.range)
    }
  }
}
