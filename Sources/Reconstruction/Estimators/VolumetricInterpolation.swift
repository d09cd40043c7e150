import Kernels

/// Biharmonic interpolation of a volume's missing samples in all three dimensions at once, with its distances: the
/// least bent signal through the known samples.
///
/// The sum of (L u)^2 over all samples is least, L the sum over the axes of the second difference divided by the
/// squared distance of samples.
struct VolumetricInterpolation: Estimator, Sendable {
  let name = "biharmonic"

  func estimate(_ window: MaskedWindow, context: EstimatorContext) throws -> WindowEstimate {
    // From a start with everything filled, few steps are left.
    var result = try TemporalInterpolation().estimate(window, context: context)
    for (p, plane) in window.planes.enumerated() {
      let energy = BendingEnergy(
        shape: (window.frames, plane.height, plane.width), states: plane.states, spacing: window.spacing,
        threads: context.threads)
      try result.planes[p].withUnsafeMutableBufferPointer {
        try ConjugateGradient(energy: energy).minimise($0, context: context)
      }
    }
    return result
  }
}
