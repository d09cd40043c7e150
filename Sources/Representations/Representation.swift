import Kernels

/// Successive frames of one plane that are worked on in order, and whose gradients are summed together.
public struct FrameChunk: Sendable, Equatable {
  public var plane: Int
  public var frames: Range<Int>
}

/// A signal as a function of parameters: planes of frames, evaluated and differentiated frame by frame.
///
/// One step of a fit calls `prepare`; for each chunk `evaluate` and `accumulate` for each of its frames in order; then
/// `gatherSignalGradient` and `finish`. Different chunks may be worked on by different threads at a time; results do
/// not depend on the number of threads.
public protocol Representation: AnyObject {
  var grid: SignalGrid { get }
  var parameters: Parameters { get }
  var chunks: [FrameChunk] { get }

  /// Gets ready to evaluate the signal of the current parameters.
  func prepare(threads: Int)

  /// Writes one frame of a chunk, or a frame next to it, (rows, columns), into `x`.
  func evaluate(frame: Int, chunk: Int, into x: Matrix)

  /// Takes the gradient of a loss with respect to a frame of a chunk, (rows, columns). The first frame of a chunk
  /// starts its sums anew. Of the frames evaluated since, there may be one only, the next.
  func accumulate(_ gradient: Matrix, frame: Int, chunk: Int)

  /// Sums over the chunks, in order. Penalties on the model's insides add their gradients after this.
  func gatherSignalGradient(threads: Int)

  /// Completes `parameters.gradients`.
  func finish(threads: Int)
}

extension Representation {
  /// The whole signal of the current parameters: for each plane (frames, rows x columns).
  public func reconstruct(threads: Int) -> [Matrix] {
    prepare(threads: threads)
    let planes = grid.planes.indices.map {
      Matrix(rows: grid.frames, columns: grid.rowCount(ofPlane: $0) * grid.columnCount(ofPlane: $0))
    }
    parallelFor(chunks.count, threads: threads) { i in
      let plane = chunks[i].plane
      for frame in chunks[i].frames {
        let x = planes[plane].rows(frame..<frame + 1).reshaped(
          rows: grid.rowCount(ofPlane: plane), columns: grid.columnCount(ofPlane: plane))
        evaluate(frame: frame, chunk: i, into: x)
      }
    }
    return planes
  }
}
