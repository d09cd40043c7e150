import Foundation
import Frames

extension ReportData {
  /// Frames with holes, the worst first. With a reference, frames are ranked by the PSNR of what was missing. Without one,
  /// by the least that is expected of it minus the decibels by which the hole flickers more than its surroundings; frames of
  /// which nothing can be told come first.
  ///
  /// - Parameters:
  ///   - count: of frames, at most.
  ///   - distance: of two chosen frames, at least one more than this.
  static func worstFrames(of frames: Frames, count: Int, distance: Int) -> [Int] {
    func value(_ list: [Double?], _ i: Int) -> Double? { i < list.count ? list[i] : nil }
    let scores: [(frame: Int, score: Double)] = frames.missing.indices.compactMap { i in
      guard frames.missing[i] > 0 else { return nil }
      if let psnr = value(frames.psnrMissing, i) { return (i, psnr) }
      var excess: Double?
      if let hole = value(frames.roughness, i), let around = value(frames.roughnessAround, i) {
        excess = max(0, 20 * log10((hole + 0.5) / (around + 0.5)))
      }
      let expected = value(frames.expectedLow, i)
      // Without a restoration's figures there is flicker alone.
      if expected == nil && excess == nil && frames.expectedLow.isEmpty { return nil }
      return (i, (expected ?? 0) - (excess ?? 0))
    }
    var chosen: [Int] = []
    for (frame, _) in scores.sorted(by: { ($0.score, $0.frame) < ($1.score, $1.frame) }) {
      if chosen.count == count { break }
      if chosen.allSatisfy({ abs($0 - frame) > distance }) { chosen.append(frame) }
    }
    return chosen
  }

  /// Fills `worst` from the figures.
  public mutating func rankFrames(count: Int = 12) {
    worst = Self.worstFrames(of: frames, count: count, distance: max(3, frames.missing.count / 24))
  }

  /// Fills what is expected of each frame from the windows that hold it, weighed by their hold-out samples; nil where one of
  /// them can't tell.
  public mutating func spreadExpected() {
    if windows.isEmpty { return }
    frames.expectedLow = spread(\.low)
    frames.expectedHigh = spread(\.high)
  }

  private func spread(_ end: KeyPath<Expected, Double>) -> [Double?] {
    let count = frames.missing.count
    var (errors, samples) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for window in windows {
      let (first, last) = (max(window.first, 0), min(window.last, count - 1))
      if first > last { continue }
      let weight = Double(max(window.holdoutSamples, 1))
      for i in first...last {
        errors[i] += weight * (window.expected.map { pow(10, -$0[keyPath: end] / 10) } ?? .infinity)
        samples[i] += weight
      }
    }
    return zip(errors, samples).map { error, samples in
      samples > 0 && error.isFinite
        ? ErrorSum.psnr(meanSquaredError: max(error / samples, ErrorSum.least)) : nil
    }
  }
}
