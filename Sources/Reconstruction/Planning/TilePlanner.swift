import Frames
import Kernels

/// Boxes around the holes of a window, each with known samples around it, none larger than a tile may be.
struct TilePlanner {
  /// Known samples around a hole that a tile includes, where the frame has them: at least so many, and enough to move
  /// most of the hole's shape onto known samples beside it, but not more than the second figure.
  static let margin = (least: 40, most: 48)
  /// Samples that neighbouring tiles of one hole share and blend over.
  static let overlap = 32
  /// Holes are gathered in cells of this side.
  private static let cell = 16

  let width: Int
  let height: Int
  /// Largest side of a square tile.
  let side: Int
  /// Largest side of any tile; one longer than `side` has at most the area of the square.
  let longest: Int
  /// For masks of many frames.
  var threads = 1

  /// Tiles that together cover every sample at which any of `masks` has a missing one.
  func tiles(for masks: [FrameMask]) -> [Box] {
    merged(holes(in: masks).map(withMargin)).flatMap(split)
  }

  /// Boxes around connected sets of cells in which something is missing, no larger than what is missing there.
  private func holes(in masks: [FrameMask]) -> [Box] {
    let columns = (width - 1) / Self.cell + 1
    let rows = (height - 1) / Self.cell + 1
    let each = parallelMap(masks.count, threads: threads) { extents(in: masks[$0]) }
    var occupied = [Extent?](repeating: nil, count: rows * columns)
    for cells in each {
      for (i, extent) in cells { occupied[i] = extent.joined(with: occupied[i]) }
    }
    var boxes: [Box] = []
    for seed in occupied.indices where occupied[seed] != nil {
      var stack = [seed]
      var extent: Extent?
      while let i = stack.popLast() {
        guard let cell = occupied[i] else { continue }
        extent = cell.joined(with: extent)
        occupied[i] = nil
        let (y, x) = (i / columns, i % columns)
        for ny in max(0, y - 1)...min(rows - 1, y + 1) {
          for nx in max(0, x - 1)...min(columns - 1, x + 1) where occupied[ny * columns + nx] != nil {
            stack.append(ny * columns + nx)
          }
        }
      }
      if let extent { boxes.append(extent.box) }
    }
    return boxes
  }

  /// What is missing in each cell of a mask that has something missing.
  private func extents(in mask: FrameMask) -> [Int: Extent] {
    let columns = (width - 1) / Self.cell + 1
    var cells: [Int: Extent] = [:]
    mask.forEachRun { run in
      var first = run.columns.lowerBound
      while first < run.columns.upperBound {
        let column = first / Self.cell
        let last = min(run.columns.upperBound, (column + 1) * Self.cell) - 1
        let i = run.row / Self.cell * columns + column
        cells[i] = Extent(rows: run.row...run.row, columns: first...last).joined(with: cells[i])
        first = last + 1
      }
    }
    return cells
  }

  /// Rows and columns from the first to the last in which something is missing.
  private struct Extent {
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>

    func joined(with other: Extent?) -> Extent {
      guard let other else { return self }
      var result = self
      result.rows = min(rows.lowerBound, other.rows.lowerBound)...max(rows.upperBound, other.rows.upperBound)
      result.columns =
        min(columns.lowerBound, other.columns.lowerBound)...max(columns.upperBound, other.columns.upperBound)
      return result
    }

    /// On whole chroma samples.
    var box: Box {
      let (y, x) = (rows.lowerBound & ~3, columns.lowerBound & ~3)
      return Box(
        x: x, y: y, width: (columns.upperBound | 3) + 1 - x, height: (rows.upperBound | 3) + 1 - y)
    }
  }

  private func withMargin(_ box: Box) -> Box {
    let wanted = (min(box.width, box.height) / 2 + 16) & ~3
    let margin = min(Self.margin.most, max(Self.margin.least, wanted))
    let x = max(0, box.x - margin)
    let y = max(0, box.y - margin)
    return Box(
      x: x, y: y, width: min(width, box.x + box.width + margin) - x,
      height: min(height, box.y + box.height + margin) - y)
  }

  /// Joins boxes as long as a joint one costs little more than the two by themselves.
  private func merged(_ input: [Box]) -> [Box] {
    var boxes = input
    var i = 0
    while i < boxes.count {
      var joined = false
      for j in boxes.indices where j > i {
        let union = boxes[i].union(boxes[j])
        if union.area * 4 <= (boxes[i].area + boxes[j].area) * 5 {
          boxes[i] = union
          boxes.remove(at: j)
          joined = true
          break
        }
      }
      // A grown box may now join with one that was passed over.
      i = joined ? 0 : i + 1
    }
    return boxes
  }

  private func split(_ box: Box) -> [Box] {
    // A long one is as cheap as a square one of the same area.
    if box.area <= side * side && max(box.width, box.height) <= longest { return [box] }
    let xs = pieces(from: box.x, length: box.width)
    return pieces(from: box.y, length: box.height).flatMap { y in
      xs.map { x in Box(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count) }
    }
  }

  /// Ranges of nearly equal length, at most `side`, that cover the given one and share `overlap` samples.
  ///
  /// Inner ends are even, so that a tile begins and ends with whole chroma samples.
  private func pieces(from start: Int, length: Int) -> [Range<Int>] {
    if length <= side { return [start..<start + length] }
    let count = (length - Self.overlap + side - Self.overlap - 1) / (side - Self.overlap)
    return (0..<count).map { k in
      let step = Double(length - Self.overlap) / Double(count)
      let lower = k == 0 ? start : (start + Int(Double(k) * step)) & ~3
      let upper = k == count - 1 ? start + length : (start + Int(Double(k + 1) * step) + Self.overlap) & ~3
      return lower..<upper
    }
  }
}
