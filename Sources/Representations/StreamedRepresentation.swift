import Kernels

/// Successive frames of one plane that are worked on in order, and whose gradients are summed together.
public struct FrameChunk: Sendable, Equatable {
  public var plane: Int
  public var frames: Range<Int>
}

/// A representation that is evaluated and differentiated frame by frame, so that the whole signal is never in memory.
///
/// One step of such a fit calls `prepare`; for each chunk `evaluate` and `accumulate` for each of its frames in order; then
/// `gatherSignalGradient` and `finish`. Different chunks may be worked on by different threads at a time; results do
/// not depend on the number of threads.
///
/// Sendable because loops over pieces and chunks share a model; its methods are still called one at a time, but for
/// `evaluate` and `accumulate` of different chunks.
public protocol StreamedRepresentation: Representation, Sendable {
  var chunks: [FrameChunk] { get }

  /// Gets ready to evaluate the signal of the current parameters.
  func prepare(threads: Int)

  /// Writes one frame of a chunk, or a frame next to it, (rows, columns), into `x`.
  func evaluate(frame: Int, chunk: Int, into x: Matrix)

  /// Adds the gradient of a loss with respect to a frame of a chunk, (rows, columns), to the chunk's sums, which the first
  /// frame of the chunk starts anew. After the frame itself only the next one may have been evaluated.
  func accumulate(_ gradient: Matrix, frame: Int, chunk: Int)

  /// Sums over the chunks, in order. Penalties on the model's insides add their gradients after this.
  func gatherSignalGradient(threads: Int)

  /// Completes `parameters.gradients`.
  func finish(threads: Int)
}

extension StreamedRepresentation {
  public func evaluate(into signal: Signal, threads: Int) {
    precondition(signal.lattice == Lattice(of: grid), "frames are evaluated as a whole")
    prepare(threads: threads)
    parallelFor(chunks.count, threads: threads) { i in
      for frame in chunks[i].frames {
        evaluate(frame: frame, chunk: i, into: signal.frame(frame, ofPlane: chunks[i].plane))
      }
    }
  }

  public func differentiate(_ gradient: Signal, threads: Int, insides: () -> Void) {
    precondition(gradient.lattice == Lattice(of: grid), "frames are differentiated as a whole")
    parallelFor(chunks.count, threads: threads) { i in
      let plane = chunks[i].plane
      let x = Matrix(rows: grid.rowCount(ofPlane: plane), columns: grid.columnCount(ofPlane: plane))
      for frame in chunks[i].frames {
        // What `accumulate` needs of a frame is not kept for all of them.
        evaluate(frame: frame, chunk: i, into: x)
        accumulate(gradient.frame(frame, ofPlane: plane), frame: frame, chunk: i)
      }
    }
    gatherSignalGradient(threads: threads)
    insides()
    finish(threads: threads)
  }

  /// The whole signal of the current parameters: for each plane (frames, rows x columns).
  public func reconstruct(threads: Int) -> [Matrix] {
    let signal = Signal(grid: grid)
    evaluate(into: signal, threads: threads)
    return signal.planes
  }
}
