import Kernels

/// Hold-out for whole missing frames: whole known frames.
extension HoldOut {
  /// Largest share of the known samples to hold out as whole frames.
  private static let largestShare = 0.35

  /// Moves every hole of whole frames onto known frames with as many known neighbours, those at a window's ends first: they
  /// are hardest, and have the fewest places to go to.
  func placeFrames(
    _ components: HoleComponents, on chosen: inout [UInt8], missing: [UInt8], random: inout RandomSource
  ) -> Int {
    let known = missing.count - missing.reduce(0) { $0 + Int($1) }
    var holes = components.holes.filter { isWholeFrames($0, of: components) }
    for k in holes.indices { holes.swapAt(k, k + random.below(holes.count - k)) }
    holes = holes.filter { isAtEnd($0, of: components) } + holes.filter { !isAtEnd($0, of: components) }
    var count = 0
    for hole in holes {
      if Double(count + hole.range.count) > Self.largestShare * Double(known) { continue }
      let part = components.samples[hole.range]
      let area = components.height * components.width
      let length = hole.frames.count
      var best: (share: Double, places: [Int]) = (0, [])
      var starts = Array(0...components.frames - length)
      for k in starts.indices { starts.swapAt(k, k + random.below(starts.count - k)) }
      for start in starts {
        let offset = (start - hole.frames.lowerBound) * area
        let landed = part.map { Int($0) + offset }.filter { missing[$0] == 0 && chosen[$0] == 0 }
        let share =
          Double(landed.count) / Double(part.count)
          * neighbourShare(of: hole, landed: landed, missing: missing, chosen: chosen, in: components)
        if share > best.share { best = (share, landed) }
        if share >= landing { break }
      }
      if best.share < landing / 2 { continue }
      for i in best.places { chosen[i] = 1 }
      count += best.places.count
    }
    return count
  }

  func isWholeFrames(_ hole: HoleComponents.Hole, of c: HoleComponents) -> Bool {
    hole.range.count * 10 >= 9 * c.height * c.width * hole.frames.count
  }

  private func isAtEnd(_ hole: HoleComponents.Hole, of c: HoleComponents) -> Bool {
    hole.frames.lowerBound == 0 || hole.frames.upperBound == c.frames - 1
  }

  /// The share of the neighbouring frames that is known where a hole of whole frames lands; 0 if it lands between frames and
  /// came from an end, or the other way round.
  private func neighbourShare(
    of hole: HoleComponents.Hole, landed: [Int], missing: [UInt8], chosen: [UInt8], in c: HoleComponents
  ) -> Double {
    guard let first = landed.min(), let last = landed.max() else { return 0 }
    let area = c.height * c.width
    var share = 1.0
    for t in [first / area - 1, last / area + 1] where t >= 0 && t < c.frames {
      let frame = t * area..<(t + 1) * area
      let known = frame.reduce(0) { $0 + (missing[$1] == 0 && chosen[$1] == 0 ? 1 : 0) }
      share = min(share, Double(known) / Double(area))
    }
    if (first / area == 0 || last / area == c.frames - 1) != isAtEnd(hole, of: c) { share = 0 }
    return share
  }
}
