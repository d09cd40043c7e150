/// Says where a picture shows something new, in cells of 32 x 32 samples.
///
/// What stays because nothing moves is no evidence of an overlay, however many frames it stays for. So a place counts only in
/// frames in which much of its surroundings is not what it was when it last counted.
struct ContentSampler: Sendable {
  static let cell = 32
  /// Samples of a square whose mean is compared.
  private static let square = 4
  private static let squares = cell / square
  /// Squares of the surroundings along each side: the cell and one on each side.
  private static let side = 3 * squares
  /// A square's mean is new if it differs by so many steps of 8 bits.
  private static let change: Float = 4
  /// The share of the surroundings that has to be new. What is under an opaque mark never is.
  private static let share: Float = 0.3

  let columns: Int
  let rows: Int
  private let width: Int
  private let height: Int
  /// What the surroundings of each cell were: (rows, columns, side, side).
  private var seen: [Float] = []

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    (columns, rows) = ((width + Self.cell - 1) / Self.cell, (height + Self.cell - 1) / Self.cell)
  }

  /// - Returns: whether each cell shows something new; all do at first.
  mutating func newCells(_ picture: EdgePicture) -> [Bool] {
    let (across, down) = (width / Self.square, height / Self.square)
    let means = Self.means(picture, across: across, down: down)
    let isFirst = seen.isEmpty
    let size = Self.side * Self.side
    if isFirst { seen = Array(repeating: 0, count: rows * columns * size) }
    return (0..<rows * columns).map { cell in
      let (top, left) = (
        (cell / columns - 1) * Self.squares, (cell % columns - 1) * Self.squares
      )
      let (ys, xs) = (
        max(0, top)..<max(0, min(down, top + Self.side)), max(0, left)..<max(0, min(across, left + Self.side))
      )
      var (count, new) = (0, 0)
      for y in ys {
        let first = cell * size + (y - top) * Self.side - left
        for x in xs where abs(means[y * across + x] - seen[first + x]) > Self.change { new += 1 }
        count += xs.count
      }
      let isNew = isFirst || Float(new) > Self.share * Float(count)
      if isNew {
        for y in ys {
          let first = cell * size + (y - top) * Self.side - left
          for x in xs { seen[first + x] = means[y * across + x] }
        }
      }
      return isNew
    }
  }

  static func means(_ picture: EdgePicture, across: Int, down: Int) -> [Float] {
    var means = [Float](repeating: 0, count: across * down)
    let width = picture.width
    picture.brightness.withUnsafeBufferPointer { values in
      for y in 0..<down * square {
        let (row, line) = (y / square * across, y * width)
        for x in 0..<across {
          let i = line + x * square
          means[row + x] += values[i] + values[i + 1] + values[i + 2] + values[i + 3]
        }
      }
    }
    for i in means.indices { means[i] /= Float(square * square) }
    return means
  }
}
