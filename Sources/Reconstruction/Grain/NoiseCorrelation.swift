import Foundation

/// Correlation of noise with that of neighbours and other planes, from its Laplacians: in these is little else.
///
/// For noise whose neighbours along a line correlate by r and the next ones by s, second differences along that line have a
/// variance of 6 - 8 r + 2 s noise variances, and the covariance of neighbouring ones is -4 + 7 r - 4 s.
struct NoiseCorrelation {
  private var rows = Pair()
  private var columns = Pair()
  /// With all other planes.
  private var planes = Pair()

  /// Laplacians count so many of their medians at most.
  private static let most: Float = 3

  private struct Pair {
    var product = 0.0
    var energy = 0.0

    mutating func add(_ a: Float, _ b: Float) {
      product += Double(a * b)
      energy += Double(a * a + b * b) / 2
    }

    var ratio: Double { energy > 0 ? max(-1, min(1, product / energy)) : -1 }

    static func + (a: Pair, b: Pair) -> Pair {
      Pair(product: a.product + b.product, energy: a.energy + b.energy)
    }
  }

  static func + (a: Self, b: Self) -> Self {
    var sum = a
    sum.rows = a.rows + b.rows
    sum.columns = a.columns + b.columns
    sum.planes = a.planes + b.planes
    return sum
  }

  init() {}

  /// - Parameters:
  ///   - edges: Laplacians of all planes, at the places; those not known are not numbers.
  ///   - plane: which of them.
  ///   - places: in rows of a width, rising.
  init(of edges: [[Float]], plane: Int, at places: [Int], width: Int) {
    let scaled = edges.map(Self.scaled)
    let own = scaled[plane]
    guard let first = places.first, let last = places.last else { return }
    var dense = [Float](repeating: .nan, count: last - first + 1)
    for (k, place) in places.enumerated() { dense[place - first] = own[k] }
    for (k, place) in places.enumerated() where own[k].isFinite {
      let i = place - first
      if i + 1 < dense.count, (place + 1) % width > 0, dense[i + 1].isFinite {
        columns.add(own[k], dense[i + 1])
      }
      if i + width < dense.count, dense[i + width].isFinite { rows.add(own[k], dense[i + width]) }
      for other in scaled.indices where other != plane && scaled[other][k].isFinite {
        planes.add(own[k], scaled[other][k])
      }
    }
  }

  /// In medians of their sizes, and bounded.
  private static func scaled(_ values: [Float]) -> [Float] {
    let sizes = values.filter(\.isFinite).map(abs).sorted()
    guard let median = sizes.isEmpty ? nil : sizes[sizes.count / 2], median > 0 else {
      return values.map { _ in .nan }
    }
    return values.map { $0.isFinite ? max(-most, min(most, $0 / median)) : .nan }
  }

  /// As `GrainNoise` has it.
  var correlation: GrainNoise.Correlation {
    .init(
      rows: Self.correlation(rows.ratio), columns: Self.correlation(columns.ratio),
      planes: planes.energy > 0 ? max(0, planes.ratio) : 0)
  }

  /// The share of the noise's variance that Laplacians keep.
  static func kept(_ correlation: GrainNoise.Correlation) -> Double {
    [correlation.rows, correlation.columns].reduce(1) { $0 * line($1).variance / 6 }
  }

  private static func line(_ r: Double) -> (variance: Double, covariance: Double) {
    let s = GrainNoise.secondCorrelation(r)
    return (6 - 8 * r + 2 * s, -4 + 7 * r - 4 * s)
  }

  /// The correlation of neighbours whose second differences correlate by a ratio, which rises with it.
  private static func correlation(_ ratio: Double) -> Double {
    var (low, high) = (0.0, GrainNoise.mostCorrelation)
    for _ in 0..<20 {
      let middle = (low + high) / 2
      let (variance, covariance) = line(middle)
      if covariance / variance < ratio { low = middle } else { high = middle }
    }
    return low < 1e-4 ? 0 : low
  }
}
