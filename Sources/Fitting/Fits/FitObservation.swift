import Frames
import Kernels
import Regularizers
import Representations

/// A fit at one of its iterations. Closures and matrices refer to the fit itself, which goes on: copy what is to be kept.
public struct FitObservation {
  /// A penalty along an axis; `axis` is nil for a penalty of the whole signal or of the parameters.
  public struct Energy {
    public var kind: RegularizerKind
    public var axis: Axis?
    /// Weight times penalty, when the penalty was last evaluated.
    public var value: Double
    public var weight: Double
    /// INRR's G, (positions, centres), and AIR's A, (positions, positions); nil for other penalties.
    public var similarity: () -> Matrix?
    /// Effective rank of the Laplacian's A, exp(entropy of its normalised spectrum) (Roy, Vetterli, EUSIPCO 2007).
    public var effectiveRank: () -> Double?
  }

  /// Number of the candidate weights that it is fitted with, from 0.
  public var candidate = 0
  /// Iterations done. Zero is the start.
  public var iteration: Int
  /// The frame that is being fitted, frame by frame; nil where all are.
  public var frame: Int?
  public var loss: Double
  /// Seconds spent on the fit so far, without those of observers.
  public var seconds: Double
  /// The best so far, in dB; nil where no sample is held out.
  public var holdoutPSNR: Double?
  public var energies: [Energy]
  /// The site as the model has it, known samples included.
  public var estimate: () -> Estimate
}

/// Told what a fit of the Tucker INR learns; nothing that it does changes a result.
///
/// Any number of `observe`, then at most one `fitEnds`, all from the thread that fits.
public protocol FitObserver: AnyObject {
  func observe(_ observation: FitObservation)
  func fitEnds(_ fit: EndedFit)
}

/// A Tucker INR whose fit is done, at its best iterate.
public struct EndedFit {
  public let model: TuckerINR
  public var candidate: Int
  public var result: FusedFitResult
  public var settings: FusedFitSettings
  /// For each plane the mean that was subtracted before the fit.
  public var centres: [Float]
  let threads: Int

  /// The signal's singular values along an axis, falling: those of the core once the factors are made orthonormal.
  ///
  /// With the factor U and the Gram matrix K of the rest they are the roots of the eigenvalues of U K U^T.
  public func spectrum(along axis: Axis) -> [Float] {
    let factor = model.factor(along: axis)
    let pulled = Matrix(rows: factor.rows, columns: factor.columns)
    multiply(factor, model.gram(along: axis, threads: threads), into: pulled)
    let product = Matrix(rows: factor.rows, columns: factor.rows)
    multiply(pulled, factor, transposing: .second, into: product)
    let values = symmetricEigenvalues(product).reversed().prefix(factor.columns)
    return values.map { max($0, 0).squareRoot() }
  }
}
