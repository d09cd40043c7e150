import Frames
import Kernels
import Representations

/// A fit at one of its iterations.
public struct SignalFitObservation {
  /// A penalty along an axis; `axis` is nil for a penalty of the whole signal or of the parameters.
  public struct Energy {
    public var kind: RegularizerKind
    public var axis: Axis?
    /// Weight times penalty per sample, as the loss has it.
    public var value: Double
    /// INRR's G, (positions, centres), and AIR's A, (positions, positions); nil for other penalties.
    public var similarity: Matrix?
    /// Effective rank of the Laplacian's A, exp(entropy of its normalised spectrum) (Roy, Vetterli, EUSIPCO 2007).
    public var effectiveRank: () -> Double?
  }

  /// Iterations done. Zero is the start.
  public var iteration: Int
  /// The frame that is being fitted, frame by frame; nil where all are.
  public var frame: Int?
  public var loss: Double
  /// Seconds spent on the fit so far, without those of observers.
  public var seconds: Double
  /// PSNR in dB on the hold-out samples; nil where there are none.
  public var holdoutPSNR: Double?
  public var energies: [Energy]
  /// The window as the model sees it, known samples included; not clipped.
  public var estimate: () -> Estimate
}

/// What a fit made of a window.
public struct SignalFitResult: Sendable {
  /// The window as the model sees it, known samples included; not clipped.
  public var estimate: Estimate
  /// Iterations of all frames together, without trials of weights.
  public var iterations: Int
  /// Seconds spent on the fit, trials included, observers not.
  public var seconds: Double
  /// The penalties with the weights that were used.
  public var regularizers: [RegularizerSettings]
  public var holdoutPSNR: Double?
}
