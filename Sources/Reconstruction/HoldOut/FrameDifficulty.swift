import Frames

/// How much harder the missing frames of a window are than those held out.
///
/// A few frames are held out, and some of them (beside cuts, in fast motion, at a window's ends) make most of the error, so
/// that its mean says as much of which ones they are as of the estimate. What goes along with the error is known of all of
/// them: by how much the known frames on both sides differ. The error of those held out, times the ratio of the means of
/// that difference, is the ratio estimator of survey sampling (W. G. Cochran, "Sampling Techniques", chapter 6).
struct FrameDifficulty {
  /// A frame without neighbours on one side is as hard as one between others that differ twice as much, squared.
  private static let atEnd = 4.0
  /// Ratios beyond say more of what is seldom than of what was measured.
  private static let most = 8.0
  /// A frame is missing, or held out, or known, if so much of it is.
  private static let whole = 0.9

  private enum Kind { case missing, heldOut, known }

  /// The mean difference across missing frames over that across held-out ones; 1 unless everything that is held out are
  /// whole frames, and frames are missing.
  static func ratio(in window: MaskedSamples) -> Double {
    guard let plane = window.planes.first else { return 1 }
    let area = plane.height * plane.width
    var kinds: [Kind?] = []
    for t in 0..<window.frames {
      let states = plane.states[t * area..<(t + 1) * area]
      func isMostly(_ state: UInt8) -> Bool {
        Double(states.reduce(0) { $0 + ($1 == state ? 1 : 0) }) >= whole * Double(area)
      }
      if isMostly(SampleState.missing) {
        kinds.append(.missing)
      } else if isMostly(SampleState.heldOut) {
        kinds.append(.heldOut)
      } else {
        // Other holes are judged too: their part of the error is not this one's to change.
        if states.contains(SampleState.heldOut) { return 1 }
        kinds.append(isMostly(SampleState.known) ? .known : nil)
      }
    }
    let known = kinds.indices.filter { kinds[$0] == .known }
    func meanDifference(_ kind: Kind) -> Double? {
      let found = kinds.indices.filter { kinds[$0] == kind }.compactMap { t -> Double? in
        let (before, after) = (known.last { $0 < t }, known.first { $0 > t })
        if let before, let after { return difference(before, after, of: plane, area: area) }
        let pair = before == nil ? known.prefix(2) : known.suffix(2)
        guard pair.count == 2, let first = pair.first, let last = pair.last else { return nil }
        return atEnd * difference(first, last, of: plane, area: area)
      }
      return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
    }
    guard let missing = meanDifference(.missing), let heldOut = meanDifference(.heldOut), heldOut > 0 else {
      return 1
    }
    return min(most, max(1 / most, missing / heldOut))
  }

  /// Mean squared difference of two frames.
  private static func difference(_ a: Int, _ b: Int, of plane: MaskedSamples.Plane, area: Int) -> Double {
    var sum = 0.0
    for i in 0..<area {
      let d = Double(plane.values[a * area + i] - plane.values[b * area + i])
      sum += d * d
    }
    return sum / Double(area)
  }
}
