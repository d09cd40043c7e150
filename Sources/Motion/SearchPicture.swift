import CVectorMath
import Kernels

/// The picture whose patches are looked for, at one level of resolution, full scale = 255.
struct SearchPicture {
  let values: Matrix
  /// Differences from row to row and from column to column, by Sobel's masks; at the edge half as much.
  let downSlopes: Matrix
  let rightSlopes: Matrix

  var height: Int { values.rows }
  var width: Int { values.columns }
  var holdsPatches: Bool { min(height, width) >= Int(PATCH_SIDE) }

  init(_ values: Matrix) {
    self.values = values
    let (height, width) = (values.rows, values.columns)
    downSlopes = Matrix(rows: height, columns: width)
    rightSlopes = Matrix(rows: height, columns: width)
    for y in 0..<height {
      let row = values.base + y * width
      let above = values.base + max(0, y - 1) * width
      let below = values.base + min(height - 1, y + 1) * width
      let (down, right) = (downSlopes.base + y * width, rightSlopes.base + y * width)
      @inline(__always)
      func slopes(_ x: Int, _ before: Int, _ after: Int) {
        let sides = below[before] - above[before] + below[after] - above[after]
        down[x] = (2 * (below[x] - above[x]) + sides) / 8
        let rows = above[after] - above[before] + below[after] - below[before]
        right[x] = (2 * (row[after] - row[before]) + rows) / 8
      }
      slopes(0, 0, min(1, width - 1))
      for x in 1..<max(1, width - 1) { slopes(x, x - 1, x + 1) }
      slopes(width - 1, max(0, width - 2), width - 1)
    }
  }
}

/// The picture that patches are looked for in, at one level of resolution, its edges repeated beyond them.
struct SearchTarget {
  let values: Matrix
  private let padded: Matrix
  private static let margin = 16

  init(_ values: Matrix) {
    self.values = values
    let (height, width, margin) = (values.rows, values.columns, Self.margin)
    padded = Matrix(rows: height + 2 * margin, columns: width + 2 * margin)
    for y in 0..<padded.rows {
      let row = values.base + min(height - 1, max(0, y - margin)) * width
      let line = padded.base + y * padded.columns
      line.update(repeating: row[0], count: margin)
      (line + margin).update(from: row, count: width)
      (line + margin + width).update(repeating: row[width - 1], count: margin)
    }
  }

  /// Where the picture's first sample lies, and the elements from row to row.
  var base: UnsafeMutablePointer<Float> { padded.base + Self.margin * padded.columns + Self.margin }
  var stride: Int { padded.columns }

  /// A patch's place, moved to where it can be read, with a sample to the right and below.
  @inline(__always)
  func clamped(_ place: SIMD2<Float>) -> SIMD2<Float> {
    let most = Float(Self.margin - Int(PATCH_SIDE) - 1)
    let end = SIMD2(Float(values.rows), Float(values.columns)) + most
    return place.clamped(
      lowerBound: SIMD2(repeating: 1 - Float(Self.margin)), upperBound: end)
  }
}

extension Matrix {
  /// At half the resolution: means of two by two, at an odd edge of those that are there.
  var halved: Matrix {
    Matrix(halving: UnsafePointer(base), rows: rows, columns: columns, stride: stride) { $0 }
  }

  /// The same of samples of any kind.
  @inline(__always)
  init<Sample>(
    halving samples: UnsafePointer<Sample>?, rows: Int, columns: Int, stride: Int, value: (Sample) -> Float
  ) {
    self.init(rows: (rows + 1) / 2, columns: (columns + 1) / 2)
    guard let samples else { return }
    for y in 0..<self.rows {
      let (upper, lower) = (samples + 2 * y * stride, samples + min(2 * y + 1, rows - 1) * stride)
      let line = base + y * self.columns
      for x in 0..<columns / 2 {
        let above = value(upper[2 * x]) + value(upper[2 * x + 1])
        line[x] = (above + (value(lower[2 * x]) + value(lower[2 * x + 1]))) / 4
      }
      if columns % 2 == 1 {
        line[self.columns - 1] = (value(upper[columns - 1]) + value(lower[columns - 1])) / 2
      }
    }
  }
}
