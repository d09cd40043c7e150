import Frames

/// Places where something like strokes appeared at one time and has stayed since.
struct TextPlaces {
  /// Rows and columns of a cell.
  private static let side = 8
  /// Steps of 8 bits between a stroke and what is on both sides of it, so many samples away.
  private static let contrast = 32
  private static let reaches = [2, 4, 7]
  /// Samples of a cell that have to be such.
  private static let fewest = 5
  /// Cells between words at most, in each direction.
  private static let gap = 2
  /// Samples of a place.
  private static let least = 24

  struct Place {
    /// In samples of the reduced picture.
    var box: Box
    /// Frames since it appeared: the median of its samples.
    var age: Int
    /// Samples like strokes that appeared then, here and elsewhere.
    var count: Int
    var elsewhere: Int
  }

  /// - Parameters:
  ///   - ages: of samples that count.
  static func found(in picture: ReducedPicture, stillness: Stillness, ages: ClosedRange<UInt8>) -> [Place] {
    let (width, height) = (picture.width, picture.height)
    let (columns, rows) = ((width - 1) / side + 1, (height - 1) / side + 1)
    var counts = [Int32](repeating: 0, count: columns * rows)
    if width < 8 || height < 8 { return [] }
    /// Calls `body` with the samples of a row that are new and look like strokes.
    func forEachNew(_ y: Int, _ columns: Range<Int>, _ body: (Int, UInt8) -> Void) {
      picture.samples.withUnsafeBufferPointer { samples in
        stillness.ages.withUnsafeBufferPointer { all in
          guard let v = samples.baseAddress, let age = all.baseAddress else { return }
          /// Whether a sample differs from both of two others, the same way.
          func standsOut(_ here: Int, _ one: Int, _ other: Int) -> Bool {
            let (a, b) = (here - Int(v[one]), here - Int(v[other]))
            return min(a, b) >= contrast || max(a, b) <= -contrast
          }
          for x in columns {
            let i = y * width + x
            if age[i] < ages.lowerBound || age[i] > ages.upperBound { continue }
            let here = Int(v[i])
            for d in reaches {
              if x >= d && x + d < width && standsOut(here, i - d, i + d)
                || y >= d && y + d < height && standsOut(here, i - d * width, i + d * width)
              {
                body(x, age[i])
                break
              }
            }
          }
        }
      }
    }
    for y in 0..<height {
      let row = y / side * columns
      forEachNew(y, 0..<width) { x, _ in counts[row + x / side] += 1 }
    }
    var places: [Place] = []
    let all = Int(counts.reduce(0, +))
    for cells in groups(counts, columns: columns, rows: rows) {
      let box = Box(
        x: cells.x * side, y: cells.y * side, width: min(width - cells.x * side, cells.width * side),
        height: min(height - cells.y * side, cells.height * side))
      var histogram = [Int](repeating: 0, count: 256)
      for y in box.y..<box.y + box.height {
        forEachNew(y, box.x..<box.x + box.width) { _, age in histogram[Int(age)] += 1 }
      }
      let total = histogram.reduce(0, +)
      if total < least { continue }
      var (below, age) = (0, 0)
      while age < 255, below + histogram[age] <= total / 2 {
        below += histogram[age]
        age += 1
      }
      for part in parts(of: box, height: height) {
        places.append(Place(box: part, age: age, count: total, elsewhere: all - total))
      }
    }
    return places
  }

  /// A high box in overlapping bands: lines of text are few samples of it.
  private static func parts(of box: Box, height: Int) -> [Box] {
    if 4 * box.height <= height { return [box] }
    let (band, step) = (height / 5, max(1, height / 10))
    return stride(from: box.y, to: box.y + box.height - step, by: step).map { y in
      Box(x: box.x, y: y, width: box.width, height: min(band, box.y + box.height - y))
    }
  }

  /// Boxes, in cells, around those that are full enough and near each other.
  private static func groups(_ counts: [Int32], columns: Int, rows: Int) -> [Box] {
    var isOpen = counts.map { $0 >= Int32(fewest) }
    var boxes: [Box] = []
    for start in isOpen.indices where isOpen[start] {
      isOpen[start] = false
      var stack = [start]
      var (x0, x1, y0, y1) = (columns, -1, rows, -1)
      while let cell = stack.popLast() {
        let (x, y) = (cell % columns, cell / columns)
        (x0, x1, y0, y1) = (min(x0, x), max(x1, x), min(y0, y), max(y1, y))
        for ny in max(0, y - 1)...min(rows - 1, y + 1) {
          for nx in max(0, x - 1 - gap)...min(columns - 1, x + 1 + gap) where isOpen[ny * columns + nx] {
            isOpen[ny * columns + nx] = false
            stack.append(ny * columns + nx)
          }
        }
      }
      boxes.append(Box(x: x0, y: y0, width: x1 - x0 + 1, height: y1 - y0 + 1))
    }
    return boxes
  }
}
