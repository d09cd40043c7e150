import Foundation
import Testing

@testable import Inspection

@Suite struct RawQualityTests {
  @Test func followsTheFormulas() throws {
    let truth: [[Float]] = [[0.1, 0.5, 0.9, 0.3], [0.2, 0.2, 0.6, 0.7]]
    let estimate: [[Float]] = [[0.1, 0.7, 0.8, 0.3], [0.3, 0.2, 0.6, 1.2]]
    let missing: [[UInt8]] = [[0, 1, 0, 0], [0, 0, 0, 1]]
    let quality = RawQuality(truth: truth, estimate: estimate, missing: missing)
    let close = { (value: Double?, expected: Double) in abs((value ?? .nan) - expected) < 1e-5 }
    // Errors: 0.2, 0.1, 0.1, 0.5; those of missing samples: 0.2 and 0.5. The truth spans 0.8.
    #expect(close(quality.psnrDb, -10 * log10(0.31 / 8)))
    #expect(close(quality.psnrMissingDb, -10 * log10(0.29 / 2)))
    #expect(close(quality.nmae, 0.9 / 8 / 0.8))
    #expect(close(quality.nmaeMissing, 0.7 / 2 / 0.8))
  }

  @Test func whatIsNoNumberIsNil() {
    let same = RawQuality(truth: [[0, 1]], estimate: [[0, 1]], missing: [[0, 0]])
    #expect(same.psnrDb == nil && same.nmae == 0 && same.psnrMissingDb == nil && same.nmaeMissing == nil)
    let flat = RawQuality(truth: [[0.5, 0.5]], estimate: [[0, 1]], missing: [[1, 0]])
    #expect(flat.psnrDb != nil && flat.nmae == nil && flat.nmaeMissing == nil)
    let broken = RawQuality(truth: [[0, 1]], estimate: [[0, .nan]], missing: [[1, 0]])
    #expect(broken.psnrDb == nil && broken.nmae == nil && broken.nmaeMissing == 0)
  }

  @Test func similarityIsOfEightBits() throws {
    let truth = (0..<512).map { (i: Int) -> Float in Float(i * 37 % 256) / 255 }
    var estimate: [Float] = truth.map { $0 + 0.001 }
    var missing = [UInt8](repeating: 0, count: truth.count)
    let same = PictureSimilarity(
      truth: [truth], estimate: [estimate], missing: [missing], width: 16, height: 16)
    #expect(same.all == 1 && same.missing == nil)
    missing[0] = 1
    estimate[0] = Float.nan
    estimate[1] = -3
    let other = PictureSimilarity(
      truth: [truth], estimate: [estimate], missing: [missing], width: 16, height: 16)
    let (all, holes) = (try #require(other.all), try #require(other.missing))
    // One window of nine in the first of two frames differs.
    #expect(all < 1 && abs((1 - holes) / 18 - (1 - all)) < 1e-12)
    let values: [Float] = [-1, 0, 0.5, 1, 2, .nan]
    #expect(EightBits.samples(values) == [0, 0, 128, 255, 255, 0])
  }
}
