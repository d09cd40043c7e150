import Frames
import Testing

@testable import Masks

@Suite struct ValueMatchTests {
  /// A frame that has the value 7 in its four corners.
  private func marked(_ index: Int) -> Frame {
    var frame = grayFrame(index)
    for corner in [0, 5, 18, 23] { frame.planes[0][corner] = 7 }
    return frame
  }

  private func within(
    _ places: [String], orientation: DisplayOrientation = .upright, dilation: Int = 0
  ) throws -> CombinedMask {
    try CombinedMask(
      options: try maskOptions {
        ($0.value, $0.dilation) = (7, dilation)
        $0.valuePlaces = try places.map(MaskRectangle.init(parsing:))
      }, input: maskedInput(orientation: orientation))
  }

  @Test func isLimitedToPlaces() throws {
    let mask = try within(["0,0,2,2", "4,2,2,2@1-2", "5,0,1,1@0.2s-1s"])
    let found = try (0..<4).map { positions(try mask.mask(for: marked($0))) }
    #expect(found == [[0], [0, 23], [0, 5, 23], [0, 5]])
    #expect(mask.needsTimes && mask.looksAtFrames && !mask.isConstant)
    let some = try within(["5,0,1,1@3"])
    #expect(try some.mask(for: marked(2)).isEmpty)
    #expect(try positions(some.mask(for: marked(3))) == [5])
    #expect(try within(["5,0,1,1@30"]).extentWarnings(frames: 9).first?.contains("--mask-within") == true)
  }

  /// A place decides what is found; what is found grows beyond it.
  @Test func growsBeyondThePlace() throws {
    #expect(try positions(within(["0,0,1,1"], dilation: 1).mask(for: marked(0))) == [0, 1, 6, 7])
  }

  @Test func placesLieOnTheDisplayedPicture() throws {
    // Displayed 4 x 6: the top left corner is the coded bottom left one.
    let turned = try within(["0,0,1,1"], orientation: DisplayOrientation(quarterTurns: 1))
    #expect(try positions(turned.mask(for: marked(0))) == [18])
  }

  @Test func placesNeedAValue() throws {
    #expect {
      try CombinedMask(
        options: try maskOptions {
          $0.rectangles = [try MaskRectangle(parsing: "0,0,1,1")]
          $0.valuePlaces = [try MaskRectangle(parsing: "0,0,1,1")]
        }, input: maskedInput())
    } throws: {
      isKind(.options, naming: "--mask-within", "none is given")($0)
    }
    #expect { try within(["6,0,1,1"]) } throws: { isKind(.options, naming: "lies outside the picture")($0) }
  }

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
