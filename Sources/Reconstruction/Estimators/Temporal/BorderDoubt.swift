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
    var border = [UInt8](repeating: 0, count: known.count)
    parallelFor(known.count / max(1, area), threads: threads, writing: &border) { t, border in
      known.withUnsafeBufferPointer { known in
        guard let base = known.baseAddress else { return }
        let frame = t * area..<(t + 1) * area
        forEachIndex(in: frame, of: base, where: 1) { i in
          let (y, x) = ((i - frame.lowerBound) / width, (i - frame.lowerBound) % width)
          for row in max(0, y - Self.reach)...min(height - 1, y + Self.reach) {
            let start = frame.lowerBound + row * width
            for k in start + max(0, x - Self.reach)...start + min(width - 1, x + Self.reach) { border[k] = 1 }
          }
        }
        forEachIndex(in: frame, of: base, where: 1) { border[$0] = 0 }
      }
    }
    return border
  }

  /// The parts of a frame with its missing samples and their border.
  func parts(of known: ArraySlice<UInt8>) -> [FramePart] {
    FrameParts.around(holesIn: known, height: height, width: width, margin: Self.reach)
  }

  /// The doubt at the samples of parts of a frame, 0 ... 1, interpolated into the holes from their border; 0 where no sample of
  /// the border can be compared, and elsewhere.
  ///
  /// - Parameters:
  ///   - frame: which of the frames of the planes.
  ///   - found: the estimate of each plane from other frames, (frames, height, width).
  ///   - truth: the planes themselves; read where they are known.
  ///   - known: 1 where the planes are known, (frames, height, width).
  ///   - parts: of the frame, see `parts(of:)`.
  ///   - compared: 1 at samples of the frame's `border` at which `found` is compared with `truth`, (height, width).
  func doubt(
    frame: Int, found: [[Float]], truth: [[Float]], known: [UInt8],
    within parts: [FramePart], compared: ArraySlice<UInt8>
  ) -> [Float] {
    let area = height * width
    let pyramid = PullPush(height: height, width: width)
    var squares = [Float](repeating: 0, count: area)
    var changes = squares
    compared.withUnsafeBufferPointer { compared in
      for part in parts {
        var isComparable = false
        part.forEach(width: width) { place in
          guard compared[place] == 1 else { return }
          isComparable = true
          let i = frame * area + place
          let (y, x) = (place / width, place % width)
          var (count, change): (Float, Float) = (0, 0)
          for (isThere, step) in [(y > 0, -width), (y + 1 < height, width), (x > 0, -1), (x + 1 < width, 1)]
          where isThere && known[i + step] == 1 {
            count += 1
            for values in truth { change += abs(values[i + step] - values[i]) }
          }
          var square: Float = 0
          for p in found.indices {
            let error = found[p][i] - truth[p][i]
            square += error * error
          }
          squares[place] = square / Float(found.count)
          changes[place] = count > 0 ? change / (count * Float(found.count)) : 0
        }
        if !isComparable { continue }
        squares.withUnsafeMutableBufferPointer { pyramid.fill($0, known: compared, within: part) }
        changes.withUnsafeMutableBufferPointer { pyramid.fill($0, known: compared, within: part) }
      }
    }
    // Parts may overlap, so this waits until all of them are filled.
    var doubts = [Float](repeating: 0, count: area)
    for part in parts {
      part.forEach(width: width) { place in
        doubts[place] = Self.doubt(error: max(0, squares[place]).squareRoot(), change: max(0, changes[place]))
      }
    }
    return doubts
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
