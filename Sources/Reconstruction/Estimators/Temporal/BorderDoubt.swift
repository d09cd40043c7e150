import Kernels

/// How likely what was carried into the holes of a frame from others is wrong, as known samples beside them show.
///
/// What is carried to them in the same way errs by e there, where the picture changes by a from sample to sample: about what
/// a displacement by d = e / (a + a0) samples would make. The doubt is 1 - 1 / (1 + (d / d0)^4): none where motion is missed by
/// a part of a sample, however rich in contrast the picture is, and all there can be where frames show something else.
struct BorderDoubt {
  /// Changes from sample to sample that are noise, full scale = 1 (a0).
  static let noise: Float = 0.02
  /// Samples that what is carried may be displaced by (d0).
  static let tolerance: Float = 1.7

  let height: Int
  let width: Int

  /// How far from missing samples known ones judge.
  private static let reach = 2

  /// 1 at known samples within two samples of missing ones of their frames, (frames, height, width).
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

  /// The doubt in every sample of a frame, 0 ... 1, carried into the holes from beside them; 0 where nothing judges.
  ///
  /// - Parameters:
  ///   - frame: which of the frames of the planes.
  ///   - found: what is carried to each plane from other frames, (frames, height, width).
  ///   - truth: the planes themselves, which are looked at where they are known.
  ///   - known: 1 where the planes are known, (frames, height, width).
  ///   - part: of the frame, see `part(of:)`.
  ///   - judges: 1 at samples of the frame's `border` whose `found` may be looked at, (height, width).
  func doubt(
    frame: Int, found: [[Float]], truth: [[Float]], known: [UInt8],
    within part: (rows: Range<Int>, columns: Range<Int>), judges: [UInt8]
  ) -> [Float] {
    let area = height * width
    var squares = [Float](repeating: 0, count: area)
    if !judges.contains(1) { return squares }
    var changes = squares
    for place in 0..<area where judges[place] == 1 {
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
    judges.withUnsafeBufferPointer { judges in
      squares.withUnsafeMutableBufferPointer { pyramid.fill($0, known: judges, within: part) }
      changes.withUnsafeMutableBufferPointer { pyramid.fill($0, known: judges, within: part) }
    }
    return zip(squares, changes).map { Self.doubt(error: max(0, $0).squareRoot(), change: max(0, $1)) }
  }

  /// - Parameters:
  ///   - error: of what is carried from other frames.
  ///   - change: from sample to sample of what is known.
  static func doubt(error: Float, change: Float) -> Float {
    let distance = error / ((change + noise) * tolerance)
    let square = distance * distance
    return 1 - 1 / (1 + square * square)
  }
}
