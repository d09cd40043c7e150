import Foundation
import Frames
import Testing

@testable import Inspection

@Suite struct MissingSamplesTests {
  private let format = FrameFormat(
    width: 16, height: 16, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  /// One luma sample is missing, which takes a sample of each chroma plane with it.
  private func mask(x: Int, y: Int) -> FrameMask {
    var missing = [UInt8](repeating: 0, count: 256)
    missing[y * 16 + x] = 1
    return FrameMask(width: 16, height: 16, missing: missing)
  }

  @Test func missingSamplesOfAllPlanesCountAlike() throws {
    let reference = Frame(format: format, filledWith: 100)
    var result = reference
    result.planes[0][3 * 16 + 5] = 110
    result.planes[1][8 + 2] = 104
    let quality = FrameQuality(reference: reference, result: result, mask: mask(x: 5, y: 3))
    #expect(quality.missing.samples == 3)
    let expected = 10 * log10(255.0 * 255.0 / ((100.0 + 16.0) / 3))
    #expect(abs(try #require(quality.missing.exactPSNR) - expected) < 1e-9)
    #expect(quality.knownIdentical)
    // The sample lies in two of the luma plane's nine windows, and in the chroma planes' only ones.
    #expect(quality.missingSimilarity.count == 4)
  }

  @Test func aKnownSampleThatDiffersIsNoticed() {
    let reference = Frame(format: format, filledWith: 100)
    for plane in 0..<3 {
      var result = reference
      result.planes[plane][0] = 101
      #expect(!FrameQuality(reference: reference, result: result, mask: mask(x: 5, y: 3)).knownIdentical)
    }
  }

  @Test func identicalAndEmptyAreTold() throws {
    let frame = Frame(format: format, filledWith: 7)
    var video = VideoQuality(format: format)
    video.add(reference: frame, result: frame, mask: FrameMask(width: 16, height: 16))
    #expect(video.psnr == .infinity)
    #expect(video.missingPSNR == nil)
    #expect(video.missingSSIM == nil)
    #expect(video.ssim == 1)
    let json = try #require(
      try JSONSerialization.jsonObject(with: QualityReport(video, isLossless: true).json()) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "frames", "missing_samples", "psnr_missing_db", "psnr_db", "ssim", "ssim_missing", "known_identical",
        "psnr_known_db", "result_lossless", "per_frame",
      ])
    #expect(json["psnr_db"] is NSNull)
    #expect(json["known_identical"] as? Bool == true)
    #expect((json["per_frame"] as? [[String: Any]])?.count == 1)
  }

  @Test func framesSmallerThanAWindowHaveNoSSIM() {
    let tiny = FrameFormat(width: 6, height: 6, bitDepth: 8, roles: [.luma])
    let frame = Frame(format: tiny, filledWith: 7)
    let quality = FrameQuality(reference: frame, result: frame, mask: FrameMask(width: 6, height: 6))
    #expect(quality.ssim == nil)
    #expect(quality.psnr == .infinity)
  }
}
