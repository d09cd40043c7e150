/// A part of a small picture, smoothed a little, to be looked at between samples.
struct PicturePatch: Sendable {
  private let left: Int
  private let top: Int
  private let width: Int
  private let height: Int
  /// The largest coordinates of the picture.
  private let last: SIMD2<Float>
  private let values: [Float]

  /// - Parameters:
  ///   - area: columns and rows that are looked at; what lies outside of the picture is left out, and beyond the edge of the
  ///     rest its values go on.
  init(_ picture: MotionPicture, columns: ClosedRange<Float>, rows: ClosedRange<Float>) {
    func range(_ part: ClosedRange<Float>, _ size: Int) -> Range<Int> {
      let low = Int(max(0, min(Float(size - 1), part.lowerBound - 2)))
      let high = Int(max(0, min(Float(size - 1), part.upperBound + 3)))
      return low..<max(low, high) + 1
    }
    let (columns, rows) = (range(columns, picture.width), range(rows, picture.height))
    (left, top, width, height) = (columns.lowerBound, rows.lowerBound, columns.count, rows.count)
    last = SIMD2(Float(picture.width - 1), Float(picture.height - 1))
    var values = [Float](repeating: 0, count: width * height)
    let (across, down) = (picture.width - 1, picture.height - 1)
    picture.samples.withUnsafeBufferPointer { samples in
      for y in rows {
        let lines = [max(0, y - 1), y, min(down, y + 1)].map { $0 * picture.width }
        func column(_ x: Int) -> Float {
          Float(samples[lines[0] + x]) + 2 * Float(samples[lines[1] + x]) + Float(samples[lines[2] + x])
        }
        for x in columns {
          let sum = column(max(0, x - 1)) + 2 * column(x) + column(min(across, x + 1))
          values[(y - rows.lowerBound) * columns.count + x - columns.lowerBound] = sum / 16
        }
      }
    }
    self.values = values
  }

  /// Whether a place lies in the picture, with its slopes.
  func isInPicture(_ place: SIMD2<Float>) -> Bool {
    place.x >= 0 && place.y >= 0 && place.x <= last.x && place.y <= last.y
  }

  /// Linear between samples.
  @inline(__always)
  func value(at place: SIMD2<Float>) -> Float {
    let x = max(0, min(Float(width - 1), place.x - Float(left)))
    let y = max(0, min(Float(height - 1), place.y - Float(top)))
    let (column, row) = (Int(x), Int(y))
    let (fx, fy) = (x - Float(column), y - Float(row))
    let i = row * width + column
    let right = column + 1 < width ? 1 : 0
    let down = row + 1 < height ? width : 0
    let upper = values[i] + fx * (values[i + right] - values[i])
    let lower = values[i + down] + fx * (values[i + down + right] - values[i + down])
    return upper + fy * (lower - upper)
  }

  /// The change of the value per sample to the right and down.
  @inline(__always)
  func slope(at place: SIMD2<Float>) -> SIMD2<Float> {
    SIMD2(
      value(at: place + SIMD2(1, 0)) - value(at: place - SIMD2(1, 0)),
      value(at: place + SIMD2(0, 1)) - value(at: place - SIMD2(0, 1))) / 2
  }
}
