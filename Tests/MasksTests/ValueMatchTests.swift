import Frames
import Testing

@testable import Masks

@Suite struct ValueMatchTests {
  private let subsampled = FrameFormat(
    width: 4, height: 2, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  @Test func valueLooksAtLumaAlone() throws {
    let frame = Frame(format: subsampled, planes: [[0, 1, 2, 3, 4, 5, 6, 0], [0, 0], [9, 9]], index: 0)
    let exact = try ValueMatch(value: 0, tolerance: 0, format: subsampled)
    #expect(exact.mask(of: frame).missing == [1, 0, 0, 0, 0, 0, 0, 1])
    let near = try ValueMatch(value: 2, tolerance: 1, format: subsampled)
    #expect(near.mask(of: frame).missing == [0, 1, 1, 1, 0, 0, 0, 0])
    #expect(throws: MaskError.self) { try ValueMatch(value: 256, tolerance: 0, format: subsampled) }
  }

  @Test func valueLooksAtEveryColourComponent() throws {
    let format = FrameFormat(width: 3, height: 1, bitDepth: 8, roles: [.green, .blue, .red])
    let frame = Frame(format: format, planes: [[0, 0, 1], [0, 1, 0], [0, 0, 0]], index: 0)
    #expect(try ValueMatch(value: 0, tolerance: 0, format: format).mask(of: frame).missing == [1, 0, 0])
  }

  /// Values that FFmpeg's conversions give for pure green, for each matrix and range.
  @Test(arguments: [
    (ColourEncoding.bt601(), 8, [145, 54, 34]), (.bt601(isFullRange: true), 8, [150, 44, 21]),
    (.bt709(), 8, [173, 42, 26]), (.bt709(), 10, [691, 167, 105]),
  ])
  func greenInEachEncoding(encoding: ColourEncoding, bitDepth: Int, expected: [Int]) throws {
    let green = try MaskColour(parsing: "#00ff00")
    let samples = [PlaneRole.luma, .chromaBlue, .chromaRed].map {
      encoding.sample(of: green, role: $0, bitDepth: bitDepth)
    }
    #expect(samples == expected)
  }

  @Test func colourMatchesAllPlanes() throws {
    let green = try MaskColour(parsing: "#00FF00")
    let match = ValueMatch(colour: green, tolerance: 2, encoding: .bt601(), format: subsampled)
    let frame = Frame(
      format: subsampled, planes: [[145, 147, 145, 145, 145, 148, 143, 145], [54, 54], [34, 40]], index: 0)
    #expect(match.mask(of: frame).missing == [1, 1, 0, 0, 1, 0, 0, 0])
  }

  @Test(arguments: ["", "#00ff0", "#00ff000", "green", "#00gg00", "+00ff0"])
  func refusesOtherColours(text: String) {
    #expect(throws: MaskError.self) { try MaskColour(parsing: text) }
  }
}
