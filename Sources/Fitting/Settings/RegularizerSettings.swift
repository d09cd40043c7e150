import Regularizers

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
  /// Dirichlet energy of a fixed Laplacian, from the cosine similarity of the known samples of rows, columns and frames.
  case de
}

/// A penalty and its weight.
public struct RegularizerSettings: Sendable, Equatable {
  public enum Weight: Sendable, Equatable {
    /// Weights of the penalty per sample, along each axis. `tv`, `sstv` and `l2` have one weight, that of rows.
    case fixed(row: Float, column: Float, time: Float)
    /// Chosen by the error on hold-out samples.
    case automatic
  }

  /// What INRR's graph starts as, and whether it is scaled.
  public enum Form: String, Sendable, Codable, CaseIterable {
    /// As in the paper: a plain softmax, so that all positions are alike at the start.
    case paper
    /// Neighbours are alike at the start, and the similarities of a position sum to one on average.
    case local
  }

  public var kind: RegularizerKind
  public var weight: Weight
  /// Nil for `local` with a Tucker INR, `paper` with any other model.
  public var form: Form?
  /// Columns of INRR's G; nil for as many as there are positions, up to 256.
  public var centres: Int?
  /// Units of a layer of INRR's tiny network.
  public var width = 32
  /// Learning rate of the penalty's own Adam; nil for 1e-4 (INRR as in the paper), 1e-2 (INRR with neighbours alike) or
  /// 1e-3 (AIR).
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

extension RegularizerSettings {
  func resolvedForm(of model: ModelKind) -> Form { form ?? (model == .tucker ? .local : .paper) }

  /// How INRR's graph is learned beside a model.
  func graphOptions(of model: ModelKind) -> INRR.Options {
    var options = resolvedForm(of: model) == .local ? INRR.Options.local : .paper
    options.centres = centres
    options.width = width
    options.rate = rate ?? options.rate
    return options
  }
}
