import Frames

/// How missing samples lie: scattered or in compact holes; at the same places in all frames or moving.
struct HoleShape: Equatable {
  /// Missing samples over all samples.
  var missingShare: Double
  /// How far neighbours in a frame are missing together: 0 independently of each other, 1 always both.
  var compactness: Double
  /// How far the same samples are missing in successive frames: 0 independently, 1 always.
  var persistence: Double

  /// Share of the missing samples that lie in frames of which nothing is known.
  var emptyFramesShare: Double

  /// True if nothing is known of some frame.
  var hasEmptyFrames: Bool { emptyFramesShare > 0 }
  /// True if most of what is missing are whole frames.
  var areMostlyFrames: Bool { emptyFramesShare > 0.5 }

  static let leastCompactness = 0.25

  /// True of holes too small or thin to have a shape: samples are held out one by one.
  var isScattered: Bool { compactness < Self.leastCompactness }
  var isStatic: Bool { persistence > 0.5 }

  /// - Parameter missing: (frames, height, width), 1 where missing.
  init(missing: [UInt8], frames: Int, height: Int, width: Int) {
    let area = height * width
    var count = 0
    var pairs = 0
    var missingPairs = 0
    var successive = 0
    var missingSuccessive = 0
    var empty = 0
    missing.withUnsafeBufferPointer { m in
      for t in 0..<frames {
        let before = count
        for y in 0..<height {
          let row = t * area + y * width
          for x in 0..<width where m[row + x] != 0 {
            count += 1
            if x + 1 < width {
              pairs += 1
              missingPairs += Int(m[row + x + 1])
            }
            if y + 1 < height {
              pairs += 1
              missingPairs += Int(m[row + x + width])
            }
            if t + 1 < frames {
              successive += 1
              missingSuccessive += Int(m[row + x + area])
            }
          }
        }
        if count - before == area { empty += area }
      }
    }
    emptyFramesShare = Double(empty) / Double(max(1, count))
    let share = Double(count) / Double(max(1, frames * area))
    missingShare = share
    // Excess over independence over the largest possible excess.
    func excess(_ hits: Int, of trials: Int) -> Double {
      guard trials > 0, share < 1 else { return 1 }
      return (Double(hits) / Double(trials) - share) / (1 - share)
    }
    compactness = excess(missingPairs, of: pairs)
    persistence = frames > 1 ? excess(missingSuccessive, of: successive) : 1
  }

  /// Of the first plane of those of which most is missing.
  init(of samples: MaskedSamples) {
    var (plane, most) = (samples.planes.first, -1)
    for other in samples.planes {
      let count = other.states.count { $0 == SampleState.missing }
      if count > most { (plane, most) = (other, count) }
    }
    self.init(
      missing: plane?.states.map { $0 == SampleState.missing ? 1 : 0 } ?? [], frames: samples.frames,
      height: plane?.height ?? 0, width: plane?.width ?? 0)
  }
}
