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

  /// 1 at known samples within two samples of missing ones of their frames, (frames, height, width).
  func border(of known: [UInt8]) -> [UInt8] {
    var near = [UInt8](repeating: 0, count: known.count)
    for i in known.indices where known[i] == 0 {
      let x = i % width
      let y = i / width % height
      for dy in max(-2, -y)...min(2, height - 1 - y) {
        for dx in max(-2, -x)...min(2, width - 1 - x) { near[i + dy * width + dx] = 1 }
      }
    }
    return zip(near, known).map { $0 & $1 }
  }

  /// The doubt in every sample of a frame, 0 ... 1, carried into the holes from beside them; 0 where nothing judges.
  ///
  /// - Parameters:
  ///   - frame: which of the frames of the planes.
  ///   - found: what is carried to each plane from other frames, (frames, height, width).
  ///   - truth: the planes themselves, which are looked at where they are known.
  ///   - known: 1 where the planes are known, (frames, height, width).
  ///   - judges: 1 at samples of the frame's `border` whose `found` may be looked at, (height, width).
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
  ///   - error: of what is carried from other frames.
  ///   - change: from sample to sample of what is known.
  static func doubt(error: Float, change: Float) -> Float {
    let distance = error / ((change + noise) * tolerance)
    let square = distance * distance
    return 1 - 1 / (1 + square * square)
  }
}
