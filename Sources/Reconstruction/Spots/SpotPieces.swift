import Frames

/// A part of a spot that is solved at once: all of it, or what lies of a large one in a square.
struct SpotPiece: Sendable {
  /// The frame's place in the window.
  var frame: Int
  /// From the top, and from the left within a row, in samples of the frame.
  var runs: [MaskRun]
  /// False for one that was moved onto known samples, which are held out.
  var isMissing = true

  var rows: Range<Int> {
    guard let first = runs.first, let last = runs.last else { return 0..<0 }
    return first.row..<last.row + 1
  }

  var columns: Range<Int> { MaskRun.columns(of: runs) }
  var count: Int { runs.reduce(0) { $0 + $1.columns.count } }

  /// Components are cut into squares of this side: what is right at one end may be wrong at the other.
  private static let side = 48
  /// Components up to this size are small; those of a cell are solved together.
  private static let (small, cellSide) = (16, 24)

  /// The pieces of a frame's spots.
  static func pieces(of mask: FrameMask, frame: Int) -> [SpotPiece] {
    var result: [SpotPiece] = []
    // Small components that lie near each other share their surroundings: one piece.
    var cells: [Int: Int] = [:]
    for component in mask.components() {
      let (rows, columns) = (component.rows, component.columns)
      if max(rows.count, columns.count) <= small {
        let (y, x) = (rows.lowerBound + rows.count / 2, columns.lowerBound + columns.count / 2)
        let cell = y / cellSide * (mask.width / cellSide + 1) + x / cellSide
        if let k = cells[cell] {
          result[k].runs += component.runs
        } else {
          cells[cell] = result.count
          result.append(SpotPiece(frame: frame, runs: component.runs))
        }
      } else {
        result += parts(of: component).map { SpotPiece(frame: frame, runs: $0) }
      }
    }
    for k in cells.values {
      result[k].runs.sort { ($0.row, $0.columns.lowerBound) < ($1.row, $1.columns.lowerBound) }
    }
    return result
  }

  /// What lies of a component in each of some squares.
  ///
  /// - Parameter isEven: rectangles of nearly equal sides instead, none of which is a mere edge of the component.
  static func parts(of component: MaskComponent, isEven: Bool = false) -> [[MaskRun]] {
    let (rows, columns) = (component.rows, component.columns)
    let (down, across) = ((rows.count - 1) / side + 1, (columns.count - 1) / side + 1)
    let (height, width) =
      isEven ? ((rows.count - 1) / down + 1, (columns.count - 1) / across + 1) : (side, side)
    var parts = [[MaskRun]](repeating: [], count: down * across)
    for run in component.runs {
      let line = (run.row - rows.lowerBound) / height * across
      var left = run.columns.lowerBound
      while left < run.columns.upperBound {
        let k = (left - columns.lowerBound) / width
        let right = min(run.columns.upperBound, columns.lowerBound + (k + 1) * width)
        parts[line + k].append(MaskRun(row: run.row, columns: left..<right))
        left = right
      }
    }
    return parts.filter { !$0.isEmpty }
  }

  /// The piece elsewhere in its frame, where it holds known samples out.
  func moved(rows dy: Int, columns dx: Int) -> SpotPiece {
    SpotPiece(
      frame: frame,
      runs: runs.map {
        MaskRun(row: $0.row + dy, columns: $0.columns.lowerBound + dx..<$0.columns.upperBound + dx)
      },
      isMissing: false)
  }
}
