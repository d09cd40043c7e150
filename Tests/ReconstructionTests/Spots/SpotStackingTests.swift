import Foundation
import Frames
import TestSupport
import Testing

@testable import Reconstruction

struct SpotStackingTests {
  /// Pieces whose samples have the given odds, and estimates with errors of the given sizes.
  private func pieces(
    odds: Float, errors: [Float], count: Int = 200, isThin: Bool = true, seed: UInt64 = 1
  ) -> [SpotEstimates] {
    var chance = Chance(seed: seed)
    return (0..<count).map { _ in
      let truth = (0..<4).map { _ in Float.random(in: 0.3..<0.7, using: &chance) }
      return SpotEstimates(
        places: [0, 1, 2, 3],
        values: [
          errors.map { error in truth.map { $0 + error * (Bool.random(using: &chance) ? 1 : -1) } }
        ],
        truth: [truth],
        expected: [
          truth.map { _ in
            .init(inSpace: 0.05, alongMotion: odds == SpotEstimates.unseen ? .infinity : 0.05 * exp(odds))
          }
        ],
        isThin: isThin)
    }
  }

  private func errors(_ stacking: SpotStacking, _ pieces: [SpotEstimates]) -> Double {
    var sum = 0.0
    for piece in pieces {
      for i in 0..<4 {
        let difference = Double(stacking.value(of: piece, plane: 0, sample: i) - piece.truth[0][i])
        sum += difference * difference
      }
    }
    return (sum / Double(4 * pieces.count)).squareRoot()
  }

  @Test func weightsFollowTheErrorsOfLikeSamples() {
    let heldOut =
      pieces(odds: -1.5, errors: [0.1, 0.01, 0.02]) + pieces(odds: 0.6, errors: [0.01, 0.1, 0.1], seed: 2)
    let stacking = SpotStacking(heldOut)
    #expect(stacking.heldOut.samples == 1600 && stacking.isJudged)
    #expect((stacking.heldOut.mean ?? 1).squareRoot() < 0.014)
    #expect(errors(stacking, pieces(odds: -1.5, errors: [0.1, 0.01, 0.02], seed: 3)) < 0.012)
    #expect(errors(stacking, pieces(odds: 0.6, errors: [0.01, 0.1, 0.1], seed: 4)) < 0.015)
    // The error that is told is the one that comes out.
    var (told, shares) = (ErrorSum(), [0.0, 0, 0])
    let fresh = pieces(odds: -1.5, errors: [0.1, 0.01, 0.02], seed: 5)
    for piece in fresh { stacking.add(piece, to: &told, &shares) }
    let mean = (told.squares / Double(told.samples)).squareRoot()
    #expect(told.samples == 800 && abs(mean / errors(stacking, fresh) - 1) < 0.35)
    #expect(abs(shares.reduce(0, +) - 800) < 1e-6 && shares[1] > 500)
  }

  /// Where nothing was held out that is like a sample, its odds decide.
  @Test func oddsDecideWhereNothingWasLearned() {
    let stacking = SpotStacking(pieces(odds: -1.5, errors: [0.05, 0.01, 0.01]))
    #expect(errors(stacking, pieces(odds: 0.9, errors: [0.01, 0.2, 0.2], seed: 6)) < 0.06)
  }

  @Test func unseenSamplesTeachNothingOfMotion() {
    let unseen = pieces(odds: SpotEstimates.unseen, errors: [0.05, 0.05, 0.05], count: 900)
    let stacking = SpotStacking(unseen + pieces(odds: 0.6, errors: [0.01, 0.1, 0.1]))
    #expect(errors(stacking, pieces(odds: 0.8, errors: [0.01, 0.1, 0.1], seed: 7)) < 0.02)
  }

  @Test func withoutHeldOutSamplesAllCountAlike() {
    let stacking = SpotStacking([])
    var piece = pieces(odds: 0, errors: [0, 0, 0], count: 1)[0]
    piece.values = [[[0.1, 0, 0, 0], [0.2, 0, 0, 0], [0.6, 0, 0, 0]]]
    #expect(abs(stacking.value(of: piece, plane: 0, sample: 0) - 0.3) < 1e-6)
  }
}

extension SpotEstimates {
  fileprivate static let unseen = Float.infinity
}
