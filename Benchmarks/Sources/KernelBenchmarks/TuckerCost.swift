import Representations

/// What one step of the Tucker fit with total variation must compute and move, from its shapes.
struct TuckerCost {
  /// Floating-point operations of the matrix products.
  let flops: Double
  /// Those of them whose operands may be rounded to bfloat16.
  let reducedFlops: Double
  /// Bytes that must come from or go to memory if every array is streamed once for each pass over it.
  let bytes: Double

  init(grid: SignalGrid, configuration: TuckerConfiguration, parameters: Int) {
    let (height, width, frames) = (Double(grid.height), Double(grid.width), Double(grid.frames))
    let planes = Double(grid.planes.count)
    let ranks = configuration.ranks
    let (ry, rx, rt) = (Double(ranks.row), Double(ranks.column), Double(ranks.time))
    let w = Double(configuration.width)

    // Factor nets 1 -> w -> w -> r: forward, gradients of activations, gradients of weights.
    let nets = [(height, ry), (width, rx), (frames, rt)].reduce(0.0) { sum, axis in
      let (n, r) = axis
      return sum + 2 * n * ((w + w * w + w * r) + (w * r + w * w) + (w + w * w + w * r))
    }
    let core = planes * ry * rx
    // W C, and in the backward pass the gradients of C and of W.
    let mixing = 3 * 2 * frames * rt * core
    // U (W C) V^T, and in the backward pass the gradients of U, of W C and of V: three products of each of two shapes.
    let frame = 3 * 2 * (ry * rx * width + height * ry * width)
    flops = nets + mixing + planes * frames * frame
    // All that makes the signal of the factors and carries its gradient back, but for the gradient of W.
    reducedFlops = flops - nets - mixing / 3

    let samples = planes * frames * height * width
    // The signal is written, then read for residual and for variation; targets are read for both.
    let signal =
      4 * samples
      + samples
    // W C and its gradient: each written once and read twice or thrice; (W C) V^T written and read.
    let products = 6 * frames * core + 2 * planes * frames * ry * width
    // Core read twice, its gradient written. Adam reads the gradient, reads and writes parameters and two moments.
    let rest = 3 * rt * core + 7 * Double(parameters)
    bytes = 4 * (signal + products + rest)
  }
}
