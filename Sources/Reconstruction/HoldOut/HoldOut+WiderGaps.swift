import Kernels

/// Hold-out for slices that are missing so close to each other that no known one is as far from its neighbours as they are.
extension HoldOut {
  /// Known frames from one that is held out to the next.
  private static let period = 4

  /// Holds out every fourth known frame, whose known neighbours are then farther apart than those of any hole: errors are larger
  /// than in the holes, but show which estimates follow the signal.
  ///
  /// - Parameters:
  ///   - missing: (frames, area), 1 where missing.
  ///   - chosen: gets a 1 where a sample is held out.
  /// - Returns: the number of samples that are held out; 0 where fewer than three frames are known.
  func placeAcrossWiderGaps(on chosen: inout [UInt8], missing: [UInt8], frames: Int) -> Int {
    let area = missing.count / frames
    let known = (0..<frames).filter { t in
      missing[t * area..<(t + 1) * area].reduce(0) { $0 + Int($1) } * 10 <= area
    }
    var count = 0
    for k in stride(from: known.count < 2 * Self.period ? 1 : 2, to: known.count - 1, by: Self.period) {
      for i in known[k] * area..<(known[k] + 1) * area where missing[i] == 0 {
        chosen[i] = 1
        count += 1
      }
    }
    return count
  }
}
