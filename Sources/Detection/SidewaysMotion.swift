import Kernels
import Motion

/// How far the picture moves to the right from one frame to the next, in coarse cells: what tells a line on the film from
/// one of the scene.
struct SidewaysMotion: Sendable, Equatable {
  /// Columns of a frame that a cell stands for.
  static let cellWidth = 16
  /// Rows of cells: enough to follow a line from top to bottom, and few enough for each to be a mean over many samples.
  static let rows = 17

  private let columns: Int
  /// In samples of the frame, (rows, columns).
  private let values: [Float]

  /// The mean of a flow over each cell.
  ///
  /// - Parameters:
  ///   - flow: from a frame to the next, possibly of smaller pictures of both.
  ///   - width: of the frame, in samples.
  init(_ flow: FlowField, width: Int) {
    precondition(flow.width > 0 && flow.height > 0 && width > 0, "a flow of something")
    columns = (width - 1) / Self.cellWidth + 1
    let scale = Float(width) / Float(flow.width)
    let motion = flow.dx.base
    /// Samples of the flow that belong to a cell: at least one.
    func part(_ i: Int, of count: Int, size: Int) -> Range<Int> {
      let first = min(size - 1, i * size / count)
      return first..<max(first + 1, (i + 1) * size / count)
    }
    var values: [Float] = []
    values.reserveCapacity(Self.rows * columns)
    for row in 0..<Self.rows {
      let ys = part(row, of: Self.rows, size: flow.height)
      for column in 0..<columns {
        let xs = part(column, of: columns, size: flow.width)
        var sum: Float = 0
        for y in ys {
          for x in xs { sum += motion[y * flow.width + x] }
        }
        values.append(scale * sum / Float(ys.count * xs.count))
      }
    }
    self.values = values
  }

  /// The median motion beside a line, two and three cells away on both sides: the line itself holds the flow back.
  ///
  /// - Parameters:
  ///   - x: column of the line.
  ///   - extent: from where to where it runs, as shares of the height.
  /// - Returns: nil if the frame has nothing beside the line.
  func beside(x: Float, extent: ClosedRange<Float>) -> Float? {
    let cell = Int(x) / Self.cellWidth
    let sides = [cell - 3, cell - 2, cell + 2, cell + 3].filter { (0..<columns).contains($0) }
    if sides.isEmpty { return nil }
    let first = max(0, min(Self.rows - 1, Int(extent.lowerBound * Float(Self.rows))))
    let last = max(first + 1, min(Self.rows, Int(extent.upperBound * Float(Self.rows))))
    return median((first..<last).flatMap { row in sides.map { values[row * columns + $0] } })
  }
}
