import Frames

/// Samples of a part of a frame.
struct LocalMask {
  let columns: Range<Int>
  let rows: Range<Int>
  private var marks: [Bool]

  init(columns: Range<Int>, rows: Range<Int>) {
    (self.columns, self.rows) = (columns, rows)
    marks = Array(repeating: false, count: columns.count * rows.count)
  }

  /// - Parameter run: within the part.
  mutating func mark(_ run: MaskRun) {
    let row = (run.row - rows.lowerBound) * columns.count
    for x in run.columns { marks[row + x - columns.lowerBound] = true }
  }

  /// Adds what touches it, by sides or corners, and fits.
  mutating func grow(where fits: (_ y: Int, _ x: Int) -> Bool) {
    let (width, height) = (columns.count, rows.count)
    let wide = dilated()
    for y in 0..<height {
      for x in 0..<width where wide[y * width + x] && !marks[y * width + x] {
        if fits(y + rows.lowerBound, x + columns.lowerBound) { marks[y * width + x] = true }
      }
    }
  }

  /// Adds what a square of three samples can't reach from outside. What lies outside the part is not marked.
  mutating func close() {
    let (width, height) = (columns.count, rows.count)
    let wide = dilated()
    for y in 0..<height {
      for x in 0..<width where !marks[y * width + x] {
        var isInside = true
        for row in y - 1...y + 1 {
          for column in x - 1...x + 1 {
            // The edge of the part is as good as its neighbour within.
            let i = max(0, min(height - 1, row)) * width + max(0, min(width - 1, column))
            if !wide[i] { isInside = false }
          }
        }
        if isInside { marks[y * width + x] = true }
      }
    }
  }

  /// Leaves out what does not fit.
  mutating func keep(where fits: (_ y: Int, _ x: Int) -> Bool) {
    for i in marks.indices where marks[i] {
      marks[i] = fits(i / columns.count + rows.lowerBound, i % columns.count + columns.lowerBound)
    }
  }

  /// - Parameter other: of the same part of the frame.
  mutating func formIntersection(_ other: LocalMask) {
    precondition(columns == other.columns && rows == other.rows, "masks of one part")
    for i in marks.indices where !other.marks[i] { marks[i] = false }
  }

  /// The mean of a value over what is marked; 0 where nothing is.
  func mean(of value: (_ y: Int, _ x: Int) -> Float) -> Float {
    var (sum, count): (Float, Float) = (0, 0)
    for i in marks.indices where marks[i] {
      sum += value(i / columns.count + rows.lowerBound, i % columns.count + columns.lowerBound)
      count += 1
    }
    return count > 0 ? sum / count : 0
  }

  private func dilated() -> [Bool] {
    let (width, height) = (columns.count, rows.count)
    var wide = marks
    for y in 0..<height {
      for x in 0..<width where marks[y * width + x] {
        for row in max(0, y - 1)...min(height - 1, y + 1) {
          for column in max(0, x - 1)...min(width - 1, x + 1) { wide[row * width + column] = true }
        }
      }
    }
    return wide
  }

  /// Its runs, as boxes of one row.
  var boxes: [Box] {
    var boxes: [Box] = []
    for y in rows {
      var start: Int?
      for x in columns {
        let isMarked = marks[(y - rows.lowerBound) * columns.count + x - columns.lowerBound]
        if isMarked {
          start = start ?? x
        } else if let first = start {
          boxes.append(Box(x: first, y: y, width: x - first, height: 1))
          start = nil
        }
      }
      if let first = start {
        boxes.append(Box(x: first, y: y, width: columns.upperBound - first, height: 1))
      }
    }
    return boxes
  }
}
