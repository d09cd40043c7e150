import Kernels

/// How far an estimate from other frames is to be doubted in the holes of a frame, by its error on their border: the known
/// samples beside them, estimated in the same way.
///
/// An error e where the picture changes by a from sample to sample is about that of a displacement by d = e / (a + a0)
/// samples. The doubt is 1 - 1 / (1 + (d / d0)^4): near 0 where motion is missed by part of a sample, whatever the contrast,
/// and near 1 where other frames show something else.
struct BorderDoubt {
  /// Changes from sample to sample that are noise, full scale = 1 (a0).
  static let noise: Float = 0.02
  /// Samples that what is carried may be displaced by (d0).
  static let tolerance: Float = 1.7

  let height: Int
  let width: Int

  /// Width of the border in samples.
  private static let reach = 2

  /// 1 at known samples within `reach` of missing ones of their frame, (frames, height, width).
  ///
  /// - Parameter known: 1 where the frames are known, in the same order.
  func border(of known: [UInt8], threads: Int) -> [UInt8] {
    let area = height * width
    return parallelMap(known.count / max(1, area), threads: threads) {
      border(of: known[$0 * area..<($0 + 1) * area])
    }.flatMap { $0 }
  }

  private func border(of known: ArraySlice<UInt8>) -> [UInt8] {
    var near = [UInt8](repeating: 0, count: known.count)
    let (reach, start) = (Self.reach, known.startIndex)
    for y in 0..<height {
      let row = start + y * width
      guard let first = known[row..<row + width].firstIndex(of: 0),
        let last = known[row..<row + width].lastIndex(of: 0)
      else { continue }
      let rows = max(0, y - reach)...min(height - 1, y + reach)
      for x in first - row...last - row where known[row + x] == 0 {
        for i in rows {
          for j in max(0, x - reach)...min(width - 1, x + reach) { near[i * width + j] = 1 }
        }
      }
    }
    return zip(near, known).map { $0 & $1 }
  }

  /// The rows and columns of a frame's missing samples and their border; nil where nothing is missing.
  func part(of known: ArraySlice<UInt8>) -> (rows: Range<Int>, columns: Range<Int>)? {
    var found: (rows: Range<Int>, columns: Range<Int>)?
    for y in 0..<height {
      let row = known.startIndex + y * width
      guard let first = known[row..<row + width].firstIndex(of: 0),
        let last = known[row..<row + width].lastIndex(of: 0)
      else { continue }
      let (left, right) = (max(0, first - row - Self.reach), min(width, last - row + 1 + Self.reach))
      let (top, bottom) = (max(0, y - Self.reach), min(height, y + 1 + Self.reach))
      let above = found ?? (top..<bottom, left..<right)
      found = (
        above.rows.lowerBound..<bottom,
        min(above.columns.lowerBound, left)..<max(above.columns.upperBound, right)
      )
    }
    return found
  }

  /// The doubt at every sample of a frame, 0 ... 1, interpolated into the holes from their border; 0 where no sample of the
  /// border can be compared.
  ///
  /// - Parameters:
  ///   - frame: which of the frames of the planes.
  ///   - found: the estimate of each plane from other frames, (frames, height, width).
  ///   - truth: the planes themselves; read where they are known.
  ///   - known: 1 where the planes are known, (frames, height, width).
  ///   - part: of the frame, see `part(of:)`.
  ///   - compared: 1 at samples of the frame's `border` at which `found` is compared with `truth`, (height, width).
  func doubt(
    frame: Int, found: [[Float]], truth: [[Float]], known: [UInt8],
    within part: (rows: Range<Int>, columns: Range<Int>), compared: [UInt8]
  ) -> [Float] {
    let area = height * width
    var squares = [Float](repeating: 0, count: area)
    if !compared.contains(1) { return squares }
    var changes = squares
    for place in 0..<area where compared[place] == 1 {
      let i = frame * area + place
      let (y, x) = (place / width, place % width)
      let neighbours = [(y > 0, -width), (y + 1 < height, width), (x > 0, -1), (x + 1 < width, 1)].filter {
        $0.0 && known[i + $0.1] == 1
      }
      for p in found.indices {
        let error = found[p][i] - truth[p][i]
        squares[place] += error * error / Float(found.count)
        for (_, step) in neighbours {
          changes[place] += abs(truth[p][i + step] - truth[p][i]) / Float(neighbours.count * found.count)
        }
      }
    }
    let pyramid = PullPush(height: height, width: width)
    compared.withUnsafeBufferPointer { compared in
      squares.withUnsafeMutableBufferPointer { pyramid.fill($0, known: compared, within: part) }
      changes.withUnsafeMutableBufferPointer { pyramid.fill($0, known: compared, within: part) }
    }
    return zip(squares, changes).map { Self.doubt(error: max(0, $0).squareRoot(), change: max(0, $1)) }
  }

  /// - Parameters:
  ///   - error: root mean square error of the estimate from other frames, full scale = 1.
  ///   - change: mean absolute difference of neighbouring known samples, full scale = 1.
  static func doubt(error: Float, change: Float) -> Float {
    let distance = error / ((change + noise) * tolerance)
    let square = distance * distance
    return 1 - 1 / (1 + square * square)
  }
}
