extension MaskedSamples.Plane {
  /// Which samples have one of a state within a box of some samples to every side, (frames, height, width).
  ///
  /// - Complexity: O(samples).
  public func near(_ state: UInt8, frames: Int, reach: (t: Int, y: Int, x: Int)) -> [Bool] {
    widened(states.map { $0 == state }, frames: frames, height: height, width: width, reach: reach)
  }
}

/// Which samples have one of `chosen` within a box of some samples to every side, (frames, height, width).
///
/// - Complexity: O(samples).
public func widened(
  _ chosen: [Bool], frames: Int, height: Int, width: Int, reach: (t: Int, y: Int, x: Int)
) -> [Bool] {
  var result = chosen
  for (count, stride, reach) in [
    (width, 1, reach.x), (height, width, reach.y), (frames, height * width, reach.t),
  ]
  where reach > 0 {
    let before = result
    // Distance from the last chosen sample on each line, forwards, then backwards; neighbouring lines are done together.
    var ages = [Int32](repeating: 0, count: stride)
    let reach = Int32(clamping: reach)
    result.withUnsafeMutableBufferPointer { result in
      before.withUnsafeBufferPointer { before in
        ages.withUnsafeMutableBufferPointer { ages in
          for start in Swift.stride(from: 0, to: before.count, by: count * stride) {
            if stride == 1 {
              alongRow(start..<start + count, reach, before, result)
              continue
            }
            for isForward in [true, false] {
              for line in 0..<stride { ages[line] = reach }
              for k in 0..<count {
                let row = start + (isForward ? k : count - 1 - k) * stride
                for line in 0..<stride {
                  let age = before[row + line] ? 0 : min(reach, ages[line]) + 1
                  ages[line] = age
                  result[row + line] = result[row + line] || age <= reach
                }
              }
            }
          }
        }
      }
    }
  }
  return result
}

private func alongRow(
  _ row: Range<Int>, _ reach: Int32, _ chosen: UnsafeBufferPointer<Bool>,
  _ result: UnsafeMutableBufferPointer<Bool>
) {
  var age = reach
  for i in row {
    age = chosen[i] ? 0 : min(reach, age) + 1
    if age <= reach { result[i] = true }
  }
  age = reach
  for i in row.reversed() {
    age = chosen[i] ? 0 : min(reach, age) + 1
    if age <= reach { result[i] = true }
  }
}
