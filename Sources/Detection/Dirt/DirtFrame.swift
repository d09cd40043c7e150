import Foundation
import Frames
import Kernels

/// What is kept of a frame until its dirt is decided.
struct DirtFrame: Sendable {
  let width: Int
  let height: Int
  /// Candidates that may be dirt, whatever the frames around have.
  private let candidates: [Candidate]
  let sureFinds: Float

  private struct Candidate: Sendable {
    let odds: Float
    let area: Int
    let areBothSides: Bool
    let parts: [Box]
  }

  /// A frame that nothing is known about.
  init(unknown width: Int, _ height: Int) {
    (self.width, self.height, candidates, sureFinds) = (width, height, [], 0)
  }

  init(_ evidence: DirtEvidence, settings: DetectionSettings, threads: Int) {
    (width, height) = (evidence.width, evidence.height)
    let levels = evidence.levels
    let least = DirtOdds.leastFirst(settings)
    let signs = parallelMap(2, threads: threads) { i -> (sureFinds: Float, candidates: [Candidate]) in
      let level: Int8 = i == 0 ? 2 : -2
      let marks = [UInt8](unsafeUninitializedCapacity: levels.count) { marks, count in
        levels.withUnsafeBufferPointer { levels in
          for i in levels.indices { marks[i] = levels[i] == level ? 1 : 0 }
        }
        count = levels.count
      }
      let mask = FrameMask(width: evidence.width, height: evidence.height, missing: marks)
      let all = mask.components().compactMap { DirtCandidate($0, isBright: i == 0, in: evidence) }
      let possible = all.filter { $0.odds > least }.map {
        Candidate(
          odds: $0.odds, area: $0.area, areBothSides: $0.areBothSides,
          parts: DirtGrowth.parts(of: $0, in: evidence))
      }
      return (DirtOdds.sureFinds(all.lazy.map(\.odds)), possible)
    }
    candidates = signs[0].candidates + signs[1].candidates
    sureFinds = signs[0].sureFinds + signs[1].sureFinds
  }

  /// The dirt of the frame.
  func finds(density: Float, settings: DetectionSettings, index: Int) -> [Find] {
    let threshold = DirtOdds.threshold(settings)
    return candidates.compactMap { candidate in
      let odds = DirtOdds.second(
        candidate.odds, area: candidate.area, areBothSides: candidate.areBothSides, density: density,
        samples: width * height)
      if odds <= threshold || candidate.parts.isEmpty { return nil }
      return Find(
        kind: .dirt, frames: index..<index + 1, confidence: DirtOdds.confidence(odds, settings: settings),
        parts: candidate.parts)
    }
  }
}
