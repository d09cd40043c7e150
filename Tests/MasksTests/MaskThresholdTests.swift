import Frames
import Testing

@testable import Masks

@Suite struct MaskThresholdTests {
  private func gray(_ samples: [UInt16], bitDepth: Int = 8) -> Frame {
    Frame(
      format: FrameFormat(width: samples.count, height: 1, bitDepth: bitDepth, roles: [.luma]),
      planes: [samples],
      index: 0)
  }

  @Test func whiteIsMissingFromTheThresholdUp() {
    #expect(MaskThreshold().mask(of: gray([0, 127, 128, 255])).missing == [0, 0, 1, 1])
    #expect(MaskThreshold(level: 1).mask(of: gray([0, 1, 128])).missing == [0, 1, 1])
    #expect(
      MaskThreshold(polarity: .blackIsMissing).mask(of: gray([0, 127, 128, 255])).missing == [1, 1, 0, 0])
  }

  @Test func thresholdFollowsTheBitDepth() {
    #expect(MaskThreshold().mask(of: gray([0, 511, 512, 1023], bitDepth: 10)).missing == [0, 0, 1, 1])
    #expect(MaskThreshold().mask(of: gray([0, 1], bitDepth: 1)).missing == [0, 1])
    #expect(MaskThreshold(level: 255).mask(of: gray([0, 1], bitDepth: 1)).missing == [0, 1])
    #expect(MaskThreshold().mask(of: gray([0, 32767, 32768, 65535], bitDepth: 16)).missing == [0, 0, 1, 1])
  }

  @Test func redGreenAndBlueAreAveraged() {
    let format = FrameFormat(width: 3, height: 1, bitDepth: 8, roles: [.green, .blue, .red])
    let frame = Frame(format: format, planes: [[255, 128, 0], [0, 128, 255], [0, 128, 129]], index: 0)
    #expect(MaskThreshold().mask(of: frame).missing == [0, 1, 1])
  }

  private func gray(_ samples: [UInt16], alpha: [UInt16]) -> Frame {
    Frame(
      format: FrameFormat(width: samples.count, height: 1, bitDepth: 8, roles: [.luma, .alpha]),
      planes: [samples, alpha], index: 0)
  }

  @Test func aDrawingOnATransparentSheetIsWhatIsDrawn() {
    // Black strokes, white strokes and an empty sheet.
    #expect(MaskThreshold().mask(of: gray([0, 0, 9], alpha: [0, 255, 128])).missing == [0, 1, 1])
    #expect(MaskThreshold().mask(of: gray([255, 255, 255], alpha: [0, 255, 127])).missing == [0, 1, 0])
    #expect(MaskThreshold().mask(of: gray([255, 0], alpha: [0, 0])).missing == [0, 0])
  }

  @Test func transparencyBesideBothColoursIsBlack() {
    #expect(MaskThreshold().mask(of: gray([255, 0, 255], alpha: [255, 255, 0])).missing == [1, 0, 0])
    #expect(MaskThreshold().mask(of: gray([255, 0, 255], alpha: [255, 255, 255])).missing == [1, 0, 1])
  }
}

extension MaskThreshold {
  fileprivate func mask(of picture: Frame) -> FrameMask {
    let brightness = MaskBrightness(of: picture)
    return mask(white: brightness.white(from: brightness.scaled(level)), format: picture.format)
  }
}
