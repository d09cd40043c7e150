import Foundation

/// What lies around a hole, at its own place or where it could be moved to: how much is known beside it in time and in space
/// and how much the picture changes there, which decide how hard it is to fill.
struct HoleSurroundings {
  /// Known share of the samples just before and after the hole in time; nil if there are none but its own.
  var knownInTime: Double?
  /// Known share of the samples beside it in its frames.
  var knownInSpace = 0.0
  /// Mean absolute difference of neighbouring known samples beside the hole, in space and in time, full scale = 1.
  var activity = 0.0

  /// The distance between two surroundings: 0 for the same.
  func distance(to other: HoleSurroundings) -> Double {
    var result = 2 * abs(knownInSpace - other.knownInSpace)
    if let a = knownInTime, let b = other.knownInTime { result += 2 * abs(a - b) }
    // Differences up to a few steps of 8 bits are noise.
    let noise = 4.0 / 255
    return result + abs(log((activity + noise) / (other.activity + noise)))
  }
}

/// A hole that is to be moved.
struct MovableHole {
  let samples: [Int32]
  private let frames: Int
  private let height: Int
  private let width: Int
  /// True where the hole is, (frames, height, width).
  private let inside: [Bool]

  init(_ samples: [Int32], frames: Int, height: Int, width: Int) {
    self.samples = samples
    (self.frames, self.height, self.width) = (frames, height, width)
    var inside = [Bool](repeating: false, count: frames * height * width)
    for i in samples { inside[Int(i)] = true }
    self.inside = inside
  }

  /// - Parameters:
  ///   - offset: how far the hole is moved, in samples; all of it must stay inside.
  ///   - values: (frames, height, width); empty to leave `activity` 0.
  ///   - unknown: true of samples that are missing or already held out.
  func surroundings(movedBy offset: Int, values: [Float], unknown: (Int) -> Bool) -> HoleSurroundings {
    let area = height * width
    // Some 4096 samples are enough of a large hole.
    let stride = max(1, samples.count / 4096)
    var (inTime, knownInTime, inSpace, knownInSpace) = (0, 0, 0, 0)
    var (change, changes) = (0.0, 0)
    for k in Swift.stride(from: 0, to: samples.count, by: stride) {
      let here = Int(samples[k]) + offset
      let (t, y, x) = (here / area, here % area / width, here % width)
      for s in [-1, 1] {
        if (0..<frames).contains(t + s), isOutside(here + s * area, offset) {
          inTime += 1
          if !unknown(here + s * area) { knownInTime += 1 }
        }
        for (isThere, step) in [
          ((0..<height).contains(y + s), s * width), ((0..<width).contains(x + s), s),
        ] {
          let beside = here + step
          guard isThere, isOutside(beside, offset) else { continue }
          inSpace += 1
          guard !unknown(beside) else { continue }
          knownInSpace += 1
          if values.isEmpty { continue }
          for (isThere, step) in neighbours(of: beside) {
            let next = beside + step
            if isThere, isOutside(next, offset), !unknown(next) {
              change += Double(abs(values[next] - values[beside]))
              changes += 1
            }
          }
        }
      }
    }
    return HoleSurroundings(
      knownInTime: inTime == 0 ? nil : Double(knownInTime) / Double(inTime),
      knownInSpace: inSpace == 0 ? 1 : Double(knownInSpace) / Double(inSpace),
      activity: changes == 0 ? 0 : change / Double(changes))
  }

  private func isOutside(_ i: Int, _ offset: Int) -> Bool {
    let origin = i - offset
    return !inside.indices.contains(origin) || !inside[origin]
  }

  private func neighbours(of i: Int) -> [(Bool, Int)] {
    let area = height * width
    return [
      (i % width + 1 < width, 1), (i % area / width + 1 < height, width), (i / area + 1 < frames, area),
    ]
  }
}
