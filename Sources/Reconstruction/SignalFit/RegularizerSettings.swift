/// A family of penalties.
public enum RegularizerKind: String, Sendable, Codable, CaseIterable {
  /// Dirichlet energy whose Laplacian comes from a tiny INR (Li et al., CVPR 2023).
  case inrr
  /// Dirichlet energy whose Laplacian is learned entry by entry (Li et al., arXiv 2208.05640).
  case air
  /// Total variation in space.
  case tv
  /// Differences in time of differences in space.
  case sstv
  /// Squared norm of the weights.
  case l2
  /// Dirichlet energy of a fixed Laplacian, from the similarity of rows and of columns of what is known.
  case de
}

/// A penalty and its weight.
public struct RegularizerSettings: Sendable, Equatable {
  public enum Weight: Sendable, Equatable {
    /// On the penalty per sample along each axis. `tv`, `sstv` and `l2` have one weight, that of rows.
    case fixed(row: Float, column: Float, time: Float)
    /// Chosen by the error on hold-out samples.
    case automatic
  }

  public var kind: RegularizerKind
  public var weight: Weight
  /// Columns of INRR's G; nil for one a position, up to 256.
  public var centres: Int?
  /// Units of a layer of INRR's tiny network.
  public var width = 32
  /// Learning rate of the penalty's own Adam; nil for 1e-4 (INRR) or 1e-3 (AIR).
  public var rate: Float?

  public init(_ kind: RegularizerKind, weight: Weight) {
    self.kind = kind
    self.weight = weight
  }

  /// The same weight along all axes.
  public init(_ kind: RegularizerKind, weight: Float) {
    self.init(kind, weight: .fixed(row: weight, column: weight, time: weight))
  }
}
