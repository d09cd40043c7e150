import Kernels
import Regularizers
import Representations

/// Told what a fit of the Tucker INR learns; nothing that it does changes a result.
///
/// Any number of `observe`, then at most one `fitEnds`, all from the thread that fits. What observations and fits refer
/// to changes afterwards: what is to be kept is copied.
public protocol FitObserver: AnyObject {
  func observe(_ observation: FitObservation)
  func fitEnds(_ fit: EndedFit)
}

/// A fit of the Tucker INR at one of its iterations.
public struct FitObservation {
  /// Which of the penalties that compete it is tried with, from 0.
  public var candidate: Int
  public var iteration: Int
  public var loss: Double
  /// The best so far, in dB; nil where no sample is held out.
  public var holdoutPSNR: Double?
  let energies: [INRR.FactorForm]
  let values: [Axis: Double]

  /// INRR's energy along an axis when it was last looked at, its weight left out; nil where it has none.
  public func energy(along axis: Axis) -> Double? { values[axis] }

  /// G, (positions, centres): the products of its rows say how alike slices along the axis are. nil before the first
  /// look at it.
  public func similarity(along axis: Axis) -> Matrix? {
    values[axis] == nil ? nil : energies.first { $0.axis == axis }?.similarity
  }
}

/// A Tucker INR whose fit is done, at its best iterate.
public struct EndedFit {
  public let model: TuckerINR
  public var candidate: Int
  public var result: FitResult
  public var settings: FitSettings
  /// What is added to each plane of the signal.
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
