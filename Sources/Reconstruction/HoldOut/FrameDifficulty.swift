import Frames

/// How much larger the error in missing frames is than in held-out ones, by the ratio estimator of survey sampling
/// (W. G. Cochran, "Sampling Techniques", chapter 6).
///
/// Few frames are held out, and some of them (beside cuts, in fast motion, at a window's ends) make most of the error, so
/// that its mean depends on which ones they are. A frame's error is roughly proportional to the difference of the known frames
/// before and after it, which is known for missing frames as well: the ratio of the mean differences corrects the error.
struct FrameDifficulty {
  /// A frame with known frames on one side only is as hard as one between frames that differ twice as much (squared: 4).
  private static let atEnd = 4.0
  /// Bound on the ratio: larger ones come from few frames that are not like the rest.
  private static let most = 8.0
  /// Share of a frame's samples above which it counts as missing, held out or known.
  private static let whole = 0.9

  private enum Kind { case missing, heldOut, known }

  /// The mean difference across missing frames over that across held-out ones; 1 unless frames are missing and whole frames are
  /// all that is held out.
  static func ratio(in samples: MaskedSamples) -> Double {
    guard let plane = samples.planes.first else { return 1 }
    let area = plane.height * plane.width
    var kinds: [Kind?] = []
    for t in 0..<samples.frames {
      let states = plane.states[t * area..<(t + 1) * area]
      func isMostly(_ state: UInt8) -> Bool {
        Double(states.reduce(0) { $0 + ($1 == state ? 1 : 0) }) >= whole * Double(area)
      }
      if isMostly(SampleState.missing) {
        kinds.append(.missing)
      } else if isMostly(SampleState.heldOut) {
        kinds.append(.heldOut)
      } else {
        // Other holes have a part in the error as well, which the ratio does not apply to.
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
