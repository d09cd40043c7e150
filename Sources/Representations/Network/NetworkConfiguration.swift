/// The shape of a `CoordinateNetwork`.
public struct NetworkConfiguration: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// h = sin(first (W z + b)), then h = sin(hidden (W h + b)).
    ///
    /// Weights and biases of the first layer are drawn from U(+-1 / inputs), those of all others from
    /// U(+-sqrt(6 / inputs) / hidden) (Sitzmann et al., NeurIPS 2020, arXiv 2006.09661).
    case sine(first: Float, hidden: Float)
    /// h = [sin(2 pi B z), cos(2 pi B z)], B ~ N(0, deviation^2) fixed, (features, coordinates); then layers
    /// h = max(W h + b, 0) (Tancik et al., NeurIPS 2020, arXiv 2006.10739). Weights are drawn from
    /// U(+-sqrt(6 / inputs)) (He et al., ICCV 2015), biases are zero.
    case fourier(features: Int, deviation: Float)
  }

  public var kind: Kind
  /// Units of a hidden layer.
  public var width: Int
  /// Sine or ReLU layers before the last, linear one; at least 1.
  public var layers: Int
  /// True if the output goes through a sigmoid, into 0 ... 1.
  public var hasSigmoid: Bool

  public init(kind: Kind, width: Int = 256, layers: Int = 5, hasSigmoid: Bool = true) {
    self.kind = kind
    self.width = width
    self.layers = layers
    self.hasSigmoid = hasSigmoid
  }
}
