import Kernels

/// The median of values in square cells of a picture, from some of their samples, and linear between cells' centres.
///
/// Cells are a twelfth of the shorter side: a blotch that fills one would count as its noise, and the median of nine cells
/// leaves it out. Every other sample counts, both ways, and of large cells some 20 along each side.
struct CellMedians: Sendable {
  let width: Int
  let height: Int
  /// Side of a cell.
  private let cell: Int
  let columns: Int
  let rows: Int
  /// (rows, columns).
  private(set) var values: [Float]
  /// The columns of the picture that lie between the centres of a cell and the next one, and the share of the next in each.
  private var spans: [Range<Int>] = []
  private var shares: [Float] = []

  /// Values are counted in bins of 1/16 up to 64 on both sides of 0: medians are what noise and brightness differ by.
  private static let (bins, binsPerStep): (Int, Float) = (2049, 16)

  /// - Parameters:
  ///   - other: is taken from the picture first.
  ///   - value: of a sample.
  @inline(__always)
  init(
    of picture: Matrix, less other: Matrix? = nil, threads: Int,
    value: @Sendable @escaping (Float) -> Float = { $0 }
  ) {
    let (width, height) = (picture.columns, picture.rows)
    let cell = max(32, min(width, height) / 12)
    let step = max(2, cell / 20)
    let (columns, rows) = ((width - 1) / cell + 1, (height - 1) / cell + 1)
    let bands = parallelMap(rows, threads: threads) { row in
      let (samples, others) = (picture.base, other?.base)
      return (0..<columns).map { column in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.bins) { counts in
          counts.initialize(repeating: 0)
          var all: Int32 = 0
          for y in stride(from: row * cell, to: min(height, (row + 1) * cell), by: step) {
            for x in stride(from: column * cell, to: min(width, (column + 1) * cell), by: step) {
              let i = y * width + x
              let v = value(others.map { samples[i] - $0[i] } ?? samples[i]) * Self.binsPerStep
              let reach = Float(Self.bins / 2)
              // Rounded by what it is cut to: positive numbers.
              let bin = max(0, min(2 * reach, v + reach + 0.5))
              counts[Int(bin)] += 1
              all += 1
            }
          }
          return Self.median(of: counts, all: all)
        }
      }
    }
    (self.width, self.height, self.cell, self.columns, self.rows) = (width, height, cell, columns, rows)
    values = bands.flatMap { $0 }
    smoothen()
    placeColumns()
  }

  /// Linear within the bin in which the median lies.
  ///
  /// - Parameter all: the sum of the counts.
  private static func median(of counts: UnsafeMutableBufferPointer<Int32>, all: Int32) -> Float {
    let half = Float(all) / 2
    // Most bins are empty: many at a time, up to those that the median is in.
    var (first, before): (Int, Int32) = (0, 0)
    while first + together <= counts.count {
      var sum: Int32 = 0
      for i in first..<first + together { sum &+= counts[i] }
      if sum > 0 && Float(before + sum) >= half { break }
      (first, before) = (first + together, before + sum)
    }
    for i in first..<counts.count where counts[i] > 0 {
      if Float(before + counts[i]) >= half {
        return (Float(i - bins / 2) - 0.5 + (half - Float(before)) / Float(counts[i])) / binsPerStep
      }
      before += counts[i]
    }
    return 0
  }

  /// Bins that are counted together.
  private static let together = 64

  /// Takes the median of each cell and those around it.
  private mutating func smoothen() {
    let cells = values
    for row in 0..<rows {
      for column in 0..<columns {
        var around: [Float] = []
        for y in row - 1...row + 1 {
          for x in column - 1...column + 1 {
            around.append(cells[max(0, min(rows - 1, y)) * columns + max(0, min(columns - 1, x))])
          }
        }
        values[row * columns + column] = Detection.median(around)
      }
    }
  }

  private mutating func placeColumns() {
    let places = (0..<width).map { place($0, cells: columns) }
    shares = places.map(\.share)
    var first = 0
    for cell in 0..<columns {
      let end = places[first...].firstIndex { $0.cell > cell } ?? width
      spans.append(first..<end)
      first = end
    }
  }

  typealias Place = (cell: Int, share: Float)

  /// Where a sample lies between cells: the first of two, and the share of the second.
  private func place(_ i: Int, cells: Int) -> Place {
    let at = max(0, min(Float(cells - 1), (Float(i) + 0.5) / Float(cell) - 0.5))
    let first = min(Int(at), max(0, cells - 2))
    return (first, at - Float(first))
  }

  /// Where a row of the picture lies.
  func place(ofRow y: Int) -> Place { place(y, cells: rows) }

  /// The value at a sample of a row.
  subscript(row: Place, x: Int) -> Float {
    let column = place(x, cells: columns)
    let right = min(columns - 1, column.cell + 1)
    func between(_ row: Int) -> Float {
      let (a, b) = (values[row * columns + column.cell], values[row * columns + right])
      return a + column.share * (b - a)
    }
    let (a, b) = (between(row.cell), between(min(rows - 1, row.cell + 1)))
    return a + row.share * (b - a)
  }

  /// The values along a row of the picture.
  func fill(_ line: UnsafeMutablePointer<Float>, row y: Int) {
    let row = place(y, cells: rows)
    let (above, below) = (row.cell * columns, min(rows - 1, row.cell + 1) * columns)
    shares.withUnsafeBufferPointer { shares in
      for (column, span) in spans.enumerated() {
        let next = min(columns - 1, column + 1)
        let a = values[above + column] + row.share * (values[below + column] - values[above + column])
        let b = values[above + next] + row.share * (values[below + next] - values[above + next])
        for x in span { line[x] = a + shares[x] * (b - a) }
      }
    }
  }
}
