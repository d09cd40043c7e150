/// A family of representations.
public enum ModelKind: String, Sendable, Codable, CaseIterable {
  /// A Tucker decomposition whose factors are sine networks of one coordinate.
  case tucker
  /// A sine network of all coordinates (Sitzmann et al., NeurIPS 2020).
  case siren
  /// A ReLU network of random Fourier features of the coordinates (Tancik et al., NeurIPS 2020).
  case fourier
  /// Deep matrix factorisation: a product of linear maps (Arora et al., NeurIPS 2019); for a volume its tensor form.
  case dmf
}

/// What is represented at once.
public enum CoordinateMode: String, Sendable, Codable, CaseIterable {
  /// All frames of a site, with time as a coordinate.
  case volume
  /// Frame by frame, each starting from the parameters of the one before.
  case frame
}

/// A representation's kind and size.
public struct ModelSettings: Sendable, Codable, Equatable {
  public var kind: ModelKind
  /// Units of a hidden layer.
  public var width = 256
  /// Sine or ReLU layers; linear maps of a deep matrix factorisation.
  public var layers = 5
  /// SIREN's angular frequency of the first layer, omega_0.
  public var frequency: Float = 30
  /// SIREN's angular frequency of the layers after it.
  public var hiddenFrequency: Float = 1
  /// Random Fourier features: their number, and the standard deviation of their frequencies.
  public var features = 256
  public var featureDeviation: Float = 10
  /// Inner size of a factorisation; nil for the largest.
  public var rank: Int?

  public init(_ kind: ModelKind) {
    self.kind = kind
    if kind == .dmf { layers = 3 }
  }
}
