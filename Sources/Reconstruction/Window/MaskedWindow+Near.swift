extension MaskedWindow.Plane {
  /// Which samples have one of a state within a box of some samples to every side, (frames, height, width).
  ///
  /// - Complexity: O(samples).
  func near(_ state: UInt8, frames: Int, reach: (t: Int, y: Int, x: Int)) -> [Bool] {
    widened(states.map { $0 == state }, frames: frames, height: height, width: width, reach: reach)
  }
}

/// Which samples have one of `chosen` within a box of some samples to every side, (frames, height, width).
///
/// - Complexity: O(samples).
func widened(
  _ chosen: [Bool], frames: Int, height: Int, width: Int, reach: (t: Int, y: Int, x: Int)
) -> [Bool] {
  var result = chosen
  for (count, stride, reach) in [
    (width, 1, reach.x), (height, width, reach.y), (frames, height * width, reach.t),
  ]
  where reach > 0 {
    let before = result
    result.withUnsafeMutableBufferPointer { result in
      before.withUnsafeBufferPointer { before in
        for line in 0..<before.count / count {
          let start = line / stride * stride * count + line % stride
          // The distance to the last one seen, first forwards, then backwards.
          for isForward in [true, false] {
            var distance = Int.max
            for k in 0..<count {
              let i = start + (isForward ? k : count - 1 - k) * stride
              distance = before[i] ? 0 : distance == Int.max ? distance : distance + 1
              if distance <= reach { result[i] = true }
            }
          }
        }
      }
    }
  }
  return result
}
