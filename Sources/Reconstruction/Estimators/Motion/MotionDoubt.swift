/// How likely the motion that was followed into the holes of a frame is wrong, as known samples beside them show.
///
/// What propagation gets wrong there, over what the picture changes from sample to sample, is about how far off the
/// motion is: d = e / (a + a0), in samples. The doubt is 1 - 1 / (1 + (d / d0)^4): none where the motion misses by a part of
/// a sample, however rich in contrast the picture is, and all there can be where it comes from somewhere else.
struct MotionDoubt {
  /// Changes from sample to sample that are noise, full scale = 1 (a0).
  static let noise: Float = 0.02
  /// Samples that motion may be off by (d0).
  static let tolerance: Float = 1.7

  let height: Int
  let width: Int

  /// The doubt in every sample of a frame, 0 ... 1, carried into the holes from beside them; 0 where nothing judges.
  ///
  /// - Parameters:
  ///   - frame: which of the frames of the planes.
  ///   - found: what propagation makes of each plane, (frames, height, width).
  ///   - truth: the planes themselves, which are looked at where they are known.
  ///   - known: 1 where the planes are known, (frames, height, width).
  ///   - judges: 1 at known samples by which the motion is judged, (height, width).
  func doubt(frame: Int, found: [[Float]], truth: [[Float]], known: [UInt8], judges: [UInt8]) -> [Float] {
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
      squares.withUnsafeMutableBufferPointer { pyramid.fill($0, known: judges) }
      changes.withUnsafeMutableBufferPointer { pyramid.fill($0, known: judges) }
    }
    return zip(squares, changes).map { Self.doubt(error: max(0, $0).squareRoot(), change: max(0, $1)) }
  }

  /// - Parameters:
  ///   - error: what propagation gets wrong.
  ///   - change: from sample to sample of what is known.
  static func doubt(error: Float, change: Float) -> Float {
    let distance = error / ((change + noise) * tolerance)
    let square = distance * distance
    return 1 - 1 / (1 + square * square)
  }
}
