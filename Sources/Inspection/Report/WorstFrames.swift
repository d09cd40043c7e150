import Foundation
import Frames

extension ReportData {
  /// Frames with holes, the worst first. With a reference, frames are ranked by the PSNR of what was missing. Without one,
  /// by the hold-out PSNR of their windows minus the decibels by which the hole flickers more than its surroundings.
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
      let holdout = value(frames.holdoutPSNR, i)
      if holdout == nil && excess == nil { return nil }
      return (i, (holdout ?? 0) - (excess ?? 0))
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

  /// Fills the hold-out PSNR of each frame from the windows that hold it, weighed by their samples.
  public mutating func spreadHoldout() {
    let count = frames.missing.count
    var (errors, samples) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for window in windows {
      guard let psnr = window.holdoutPSNR else { continue }
      let (first, last) = (max(window.first, 0), min(window.last, count - 1))
      if first > last { continue }
      let weight = Double(max(window.holdoutSamples, 1))
      for i in first...last {
        errors[i] += weight * pow(10, -psnr / 10)
        samples[i] += weight
      }
    }
    frames.holdoutPSNR = zip(errors, samples).map { error, samples in
      samples > 0 ? ErrorSum.psnr(meanSquaredError: max(error / samples, ErrorSum.least)) : nil
    }
  }
}
