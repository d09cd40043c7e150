internal import CVectorMath

/// One frame of one plane and its neighbours in time, as matrices (height, width) without gaps.
///
/// `target` is NaN where a sample's value is not known. At either end a frame is its own neighbour.
public struct VariationFrame {
  public var previous, current, next: Matrix
  public var previousTarget, currentTarget, nextTarget: Matrix

  public init(
    previous: Matrix, current: Matrix, next: Matrix, previousTarget: Matrix, currentTarget: Matrix,
    nextTarget: Matrix
  ) {
    self.previous = previous
    self.current = current
    self.next = next
    self.previousTarget = previousTarget
    self.currentTarget = currentTarget
    self.nextTarget = nextTarget
  }
}

extension VectorMath {
  /// Elements of scratch memory that `variation` needs.
  public static func variationScratch(width: Int) -> Int { variation_scratch(width) }

  /// Sum of (x - target)^2 where target is not NaN.
  public static func maskedSquareSum(_ x: Matrix, target: Matrix) -> Double {
    precondition(x.isContiguous && target.isContiguous && x.count == target.count, "shapes differ")
    return vm_kernels_best().pointee.elementwise.masked_square_sum(x.base, target.base, x.count)
  }

  /// Gradient of the data term and of total variation in space, and in space and time, at one frame.
  ///
  /// The sum over all frames is tv (|dy Z| + |dx Z|) + sstv (|dt dy Z| + |dt dx Z|), with Z the target where known, else x.
  /// Returns this frame's share of the sum; dt leads to the next frame. Gradient: residualScale (x - target) where known,
  /// elsewhere the subgradient, including the term with the previous frame.
  /// - Parameter softness: differences below it are penalised quadratically (Huber's function); 0 for none.
  public static func variation(
    _ frame: VariationFrame, residualScale: Float, tv: Float, sstv: Float, softness: Float, scratch: Matrix,
    gradient: Matrix
  ) -> Double {
    let (height, width) = (frame.current.rows, frame.current.columns)
    let all = [
      frame.previous, frame.current, frame.next, frame.previousTarget, frame.currentTarget, frame.nextTarget,
      gradient,
    ]
    precondition(all.allSatisfy { $0.isContiguous && $0.count == height * width }, "shapes differ")
    precondition(
      scratch.isContiguous && scratch.count >= variationScratch(width: width), "too little scratch")
    var arguments = variation_frame(
      x_previous: frame.previous.base, x: frame.current.base, x_next: frame.next.base,
      y_previous: frame.previousTarget.base, y: frame.currentTarget.base, y_next: frame.nextTarget.base,
      height: height, width: width, residual_scale: residualScale, tv: tv, sstv: sstv, softness: softness,
      scratch: scratch.base)
    var value = 0.0
    vm_kernels_best().pointee.variation.frame(&arguments, gradient.base, &value)
    return value
  }
}
