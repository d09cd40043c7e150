/// Values on a coarse grid over a plane's samples, linear in between: convex weights of several estimators, or one value.
struct WeightField: Sendable {
  /// Samples between grid points: frames, rows, columns.
  static let cell = (t: 8, y: 16, x: 16)

  let estimators: Int
  let grid: (t: Int, y: Int, x: Int)
  /// (grid.t, grid.y, grid.x, estimators).
  var weights: [Double]

  init(estimators: Int, frames: Int, height: Int, width: Int) {
    self.estimators = estimators
    grid = Self.grid(frames: frames, height: height, width: width)
    weights = Array(repeating: 1 / Double(estimators), count: grid.t * grid.y * grid.x * estimators)
  }

  static func grid(frames: Int, height: Int, width: Int) -> (t: Int, y: Int, x: Int) {
    ((frames - 1) / cell.t + 1, (height - 1) / cell.y + 1, (width - 1) / cell.x + 1)
  }

  var cells: Int { grid.t * grid.y * grid.x }

  func cell(t: Int, y: Int, x: Int) -> Int {
    ((t / Self.cell.t) * grid.y + y / Self.cell.y) * grid.x + x / Self.cell.x
  }

  /// Mean weight of each estimator over the grid.
  var means: [Double] {
    (0..<estimators).map { e in
      (0..<cells).reduce(0) { $0 + weights[$1 * estimators + e] } / Double(cells)
    }
  }

  /// The weights at the samples of one row, (width, estimators).
  func row(t: Int, y: Int, width: Int) -> [Float] {
    let row = row(t: t, y: y)
    return (0..<width).flatMap { x in (0..<estimators).map { row.weight(of: $0, x: x) } }
  }

  /// The weights at the samples of one row.
  struct Row {
    /// (grid.x, estimators).
    fileprivate var line: [Double]
    fileprivate let estimators: Int

    func weight(of estimator: Int, x: Int) -> Float {
      let (x0, x1, fx) = WeightField.between(x, cell: WeightField.cell.x, count: line.count / estimators)
      return Float((1 - fx) * line[x0 * estimators + estimator] + fx * line[x1 * estimators + estimator])
    }
  }

  func row(t: Int, y: Int) -> Row {
    let (t0, t1, ft) = Self.between(t, cell: Self.cell.t, count: grid.t)
    let (y0, y1, fy) = Self.between(y, cell: Self.cell.y, count: grid.y)
    // Across frames and rows once a row, then along the row.
    var line = [Double](repeating: 0, count: grid.x * estimators)
    for (ti, wt) in [(t0, 1 - ft), (t1, ft)] {
      for (yi, wy) in [(y0, 1 - fy), (y1, fy)] {
        let start = (ti * grid.y + yi) * grid.x * estimators
        for k in line.indices { line[k] += wt * wy * weights[start + k] }
      }
    }
    return Row(line: line, estimators: estimators)
  }

  /// The grid points on both sides of a sample, and how far it is from the first to the second, 0 ... 1.
  fileprivate static func between(_ i: Int, cell: Int, count: Int) -> (Int, Int, Double) {
    let position = (Double(i) + 0.5) / Double(cell) - 0.5
    let low = max(0, min(count - 1, Int(position.rounded(.down))))
    let high = min(count - 1, low + 1)
    return (low, high, max(0, min(1, position - Double(low))))
  }

  /// The cells' values, (grid.t, grid.y, grid.x, size), smoothed twice by 1 2 1 / 4 along each axis, with 0 beyond the grid.
  static func smoothed(_ input: [Double], grid: (t: Int, y: Int, x: Int), size: Int) -> [Double] {
    var values = input
    let axes = [
      (count: grid.t, stride: grid.y * grid.x * size), (count: grid.y, stride: grid.x * size),
      (count: grid.x, stride: size),
    ]
    for _ in 0..<2 {
      for (count, stride) in axes where count > 1 {
        let before = values
        for i in values.indices {
          let position = i / stride % count
          let previous = position > 0 ? before[i - stride] : 0
          let next = position + 1 < count ? before[i + stride] : 0
          values[i] = 0.25 * (previous + 2 * before[i] + next)
        }
      }
    }
    return values
  }
}
