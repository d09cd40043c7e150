import Kernels

/// Interpolation of a volume's missing samples in all three dimensions at once, with its distances: the smoothest
/// signal through the known samples.
///
/// With D the second difference along an axis divided by the squared distance of samples, and L their sum over the
/// axes: harmonic is L u = 0 at missing samples (a stretched membrane), biharmonic the least sum of (L u)^2 over all
/// samples (a bent plate; Sobolev's seminorm of order two, as in Bertalmio's and in scikit-image's biharmonic
/// inpainting). At the window's ends the second difference across them is left out.
struct VolumetricInterpolation: Estimator, Sendable {
  enum Kind: String, Sendable { case harmonic, biharmonic }

  let kind: Kind

  var name: String { kind.rawValue }

  init(_ kind: Kind) { self.kind = kind }

  func estimate(_ window: MaskedWindow, context: EstimatorContext) throws -> WindowEstimate {
    // A start with everything filled: sums converge in a fraction of the steps.
    var result = try TemporalInterpolation().estimate(window, context: context)
    for (p, plane) in window.planes.enumerated() {
      let energy = SmoothnessEnergy(
        kind: kind, shape: (window.frames, plane.height, plane.width), states: plane.states,
        spacing: window.spacing, threads: context.threads)
      try result.planes[p].withUnsafeMutableBufferPointer {
        try ConjugateGradient(energy: energy).minimise($0, context: context)
      }
    }
    return result
  }
}
