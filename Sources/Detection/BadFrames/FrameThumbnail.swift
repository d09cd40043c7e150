import Frames
import Kernels
import Motion

/// A frame at about 160 x 90 samples, and figures of it: what bad frames are told by.
struct FrameThumbnail: Sendable {
  /// Samples that a thumbnail has at least, where the frame has as many.
  private static let size = 14_400
  /// Rows and columns of a tile, in samples of the thumbnail.
  private static let tile = 8

  let width: Int
  let height: Int
  /// Rows and columns of the frame that a sample stands for.
  let scale: Int
  /// Steps of 8 bits, row by row.
  let values: [Float]
  /// Of each tile, the mean.
  let tiles: [Float]
  let mean: Float
  /// All but a two-hundredth of the samples are as dark as this.
  let brightest: Float
  /// From the darkest tiles to the brightest, without a thirtieth of them at either end.
  let range: Float
  /// The standard deviation of the tiles' means.
  let contrast: Float

  /// - Parameter lines: of the same frame.
  init(_ lines: FrameLines) {
    (width, height, scale) = (lines.columns, max(1, lines.height / lines.scale), lines.scale)
    let rows = min(scale, lines.height)
    var values = [Float](repeating: 0, count: width * height)
    let (width, height) = (width, height)
    let brightest = values.withUnsafeMutableBufferPointer { values in
      lines.means.withUnsafeBufferPointer { means in
        for y in 0..<height {
          for row in y * rows..<(y + 1) * rows {
            for x in 0..<width { values[y * width + x] += means[row * width + x] }
          }
        }
        let share = 1 / Float(rows)
        for i in 0..<values.count { values[i] *= share }
        return Self.brightest(of: UnsafeBufferPointer(values))
      }
    }
    (self.values, self.brightest) = (values, brightest)
    tiles = values.withUnsafeBufferPointer { values in
      Self.tileMeans(width: width, height: height) { values[$0] }
    }
    mean = tiles.reduce(0, +) / Float(tiles.count)
    let sorted = tiles.sorted()
    let tail = Int((0.03 * Float(sorted.count - 1)).rounded())
    range = sorted[sorted.count - 1 - tail] - sorted[tail]
    let mean = mean
    contrast = (tiles.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(tiles.count)).squareRoot()
  }

  /// Rows and columns of a frame that a sample stands for.
  static func scale(width: Int, height: Int) -> Int {
    max(1, min(min(width, height), Int((Double(width) * Double(height) / Double(size)).squareRoot())))
  }

  /// Nothing can be seen in it: black, with noise perhaps, or of one gray that is not as bright as a flash.
  var isBlank: Bool { brightest < 34 && range < 4 || mean < 200 && range < 3 && contrast < 1.5 }

  /// The mean difference from another frame.
  func difference(from other: FrameThumbnail) -> Float {
    let differences = tileDifferences(from: other)
    return differences.reduce(0, +) / Float(differences.count)
  }

  /// Of each tile, the mean difference from another frame.
  func tileDifferences(from other: FrameThumbnail) -> [Float] {
    precondition(values.count == other.values.count, "frames have one size")
    return values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        Self.tileMeans(width: width, height: height) { abs(a[$0] - b[$0]) }
      }
    }
  }

  /// For the search for motion.
  var picture: GrayPicture {
    GrayPicture(Matrix(rows: height, columns: width, values: values.map { $0 / 255 }))
  }

  /// What is left over at the right and at the bottom takes no part, unless there is nothing else.
  @inline(__always)
  private static func tileMeans(width: Int, height: Int, of value: (Int) -> Float) -> [Float] {
    let (rows, columns) = (max(1, height / tile), max(1, width / tile))
    let (tall, wide) = (min(tile, height), min(tile, width))
    var means: [Float] = []
    means.reserveCapacity(rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum: Float = 0
        for y in row * tile..<row * tile + tall {
          let first = y * width + column * tile
          for i in first..<first + wide { sum += value(i) }
        }
        means.append(sum / Float(tall * wide))
      }
    }
    return means
  }

  /// What all but a two-hundredth lie below, in whole steps.
  private static func brightest(of values: UnsafeBufferPointer<Float>) -> Float {
    var counts = [Int](repeating: 0, count: 256)
    for value in values { counts[max(0, min(255, Int(value)))] += 1 }
    var above = 0
    for step in stride(from: 255, through: 0, by: -1) {
      above += counts[step]
      if above * 200 > values.count { return Float(step) }
    }
    return 0
  }
}
