import Kernels

extension TuckerINR: FactorisedRepresentation {
  public func factor(along axis: Axis) -> Matrix { product.factor(along: axis) }

  public func factorGradient(along axis: Axis) -> Matrix { product.factorGradient(along: axis) }

  public func gram(along axis: Axis, threads: Int) -> Matrix {
    product.grams.gram(along: axis, threads: threads)
  }

  public func addGramGradient(_ gradient: Matrix, along axis: Axis, threads: Int) {
    product.grams.addGradient(gradient, along: axis, threads: threads)
  }
}
