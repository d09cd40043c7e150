import Frames
import Motion

/// The brightness at the samples of a plane: the first plane's value there, with holes filled.
struct Brightness {
  private let values: [Float]
  private let area: Int
  /// Of each of the plane's rows and columns, where its samples lie among the first plane's.
  private let rows: [Int]
  private let columns: [Int]

  init(at lattice: SampleLattice, of samples: MaskedSamples, picture: Estimate) {
    let first = samples.planes[0].lattice
    values = picture.planes[0]
    area = first.count
    func places(
      _ count: Int, _ origin: Float, _ step: Float, in other: (count: Int, origin: Float, step: Float)
    ) -> [Int] {
      (0..<count).map {
        let place = (origin + Float($0) * step - other.origin) / other.step
        return Int(max(0, min(Float(other.count - 1), place.rounded())))
      }
    }
    let width = first.width
    rows = places(
      lattice.height, lattice.rowOrigin, lattice.rowStep, in: (first.height, first.rowOrigin, first.rowStep)
    ).map { $0 * width }
    columns = places(
      lattice.width, lattice.columnOrigin, lattice.columnStep,
      in: (width, first.columnOrigin, first.columnStep))
  }

  subscript(t: Int, y: Int, x: Int) -> Float { values[t * area + rows[y] + columns[x]] }
}

/// A value that depends on brightness, linear between some.
struct BrightnessCurve {
  /// At 0, 1 / `parts`, ... 1.
  private(set) var values: [Double]
  static let parts = 8

  /// - Parameter values: nil where it is not known, which is taken from the brightness next to it that is; one at least is known.
  init?(_ values: [Double?]) {
    let known = values.indices.filter { values[$0] != nil }
    guard let first = known.first, let last = known.last else { return nil }
    self.values = values.indices.map { i in
      let low = known.last { $0 <= i } ?? first
      let high = known.first { $0 >= i } ?? last
      guard let a = values[low], let b = values[high], high > low else { return values[low] ?? 0 }
      return a + (b - a) * Double(i - low) / Double(high - low)
    }
  }

  /// The values on both sides of a brightness, and how far it is from the first to the second, 0 ... 1.
  static func between(_ brightness: Float) -> (low: Int, share: Double) {
    let place = Double(max(0, min(1, brightness.isFinite ? brightness : 0))) * Double(parts)
    let low = min(parts - 1, Int(place))
    return (low, place - Double(low))
  }

  subscript(_ brightness: Float) -> Double {
    let (low, share) = Self.between(brightness)
    return values[low] + share * (values[low + 1] - values[low])
  }

  func map(_ change: (Int, Double) -> Double) -> Self {
    var result = self
    result.values = values.indices.map { change($0, values[$0]) }
    return result
  }
}
