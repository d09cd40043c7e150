import Kernels

/// One axis of a Tucker product: its factor matrix for each group of planes, and where their gradients go.
///
/// Time has one matrix for all groups.
struct TuckerFactor {
  /// (positions, rank)
  let values: [Matrix]
  let gradients: [Matrix]

  var rank: Int { values.first?.columns ?? 0 }

  /// The group whose positions are finest.
  var finest: Int {
    let counts = values.map(\.rows)
    return counts.firstIndex(of: counts.max() ?? 0) ?? 0
  }
}
