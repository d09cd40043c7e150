import Frames
import TestSupport
import Testing

@testable import Masks

/// Masks of some planes, of colours read apart, and of a sensor's mosaic.
@Suite struct MaskPlanesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func input(_ roles: [PlaneRole], width: Int = 6, height: Int = 4) -> MaskedInput {
    MaskedInput(
      name: "in.mkv", format: FrameFormat(width: width, height: height, bitDepth: 8, roles: roles),
      orientation: .upright, isCorrupt: { _ in false })
  }

  private func mask(_ roles: [PlaneRole], _ change: (inout MaskOptions) throws -> Void) throws -> [[Int]] {
    let input = input(roles)
    let mask = try CombinedMask(options: try maskOptions(change), input: input)
      .mask(for: Frame(format: input.format, filledWith: 50, index: 0))
    return input.format.planes.map { plane in
      let missing = mask.missing(in: plane)
      return missing.indices.filter { missing[$0] != 0 }
    }
  }

  private let yuv: [PlaneRole] = [.luma, .chromaBlue, .chromaRed]
  private let rgb: [PlaneRole] = [.green, .blue, .red]

  @Test func namesOfPlanes() throws {
    #expect(try MaskPlanes(parsing: "channels") == .channels)
    #expect(try MaskPlanes(parsing: "Chroma") == .some([.chromaBlue, .chromaRed]))
    #expect(try MaskPlanes(parsing: "r, b") == .some([.red, .blue]))
    #expect(
      try MaskPlanes(parsing: MaskPlanes.some([.chromaRed, .luma]).text) == .some([.chromaRed, .luma]))
    for text in ["", "purple", "red,", "channels,red"] {
      #expect(throws: MaskError.self) { try MaskPlanes(parsing: text) }
    }
  }

  @Test func masksAreOfTheNamedPlanes() throws {
    let chroma = try mask(yuv) {
      $0.rectangles = [try MaskRectangle(parsing: "1,0,2,1")]
      $0.planes = try MaskPlanes(parsing: "chroma")
    }
    #expect(chroma == [[], [1, 2], [1, 2]])
    let red = try mask(rgb) {
      $0.rectangles = [try MaskRectangle(parsing: "1,0,2,1")]
      $0.keptRectangles = [try MaskRectangle(parsing: "2,0,9,9")]
      $0.planes = try MaskPlanes(parsing: "red")
    }
    #expect(red == [[], [], [1]])
    #expect {
      try mask(rgb) {
        $0.rectangles = [try MaskRectangle(parsing: "1,0,2,1")]
        $0.planes = try MaskPlanes(parsing: "chroma")
      }
    } throws: {
      isKind(.options, naming: "in.mkv", "no plane of u", "green, blue, red")($0)
    }
  }

  @Test func aPlaneOfWhichNothingIsKnownIsRefused() throws {
    #expect {
      try mask(yuv) {
        $0.rectangles = [try MaskRectangle(parsing: "0,0,6,4")]
        $0.planes = try MaskPlanes(parsing: "v")
      }
    } throws: {
      isKind(.coversEverything, naming: "one of its planes")($0)
    }
  }

  @Test func coloursOfAMaskAreReadApart() throws {
    var samples = [UInt8](repeating: 0, count: 6 * 4 * 3)
    samples[3 * 1] = 255
    samples[3 * 2 + 1] = 255
    for c in 0..<3 { samples[3 * 7 + c] = 255 }
    let path = try folder.write(Array("P6 6 4 255\n".utf8) + samples, to: "m.ppm")
    let apart = try mask(rgb) { ($0.file, $0.planes) = (path, .channels) }
    #expect(apart == [[2, 7], [7], [1, 7]])
    #expect(try mask(yuv) { ($0.file, $0.planes) = (path, .channels) } == [[1, 7], [2, 7], [7]])
    let grown = try mask(rgb) { ($0.file, $0.planes, $0.dilation) = (path, .channels, 1) }
    #expect(grown[2] == [0, 1, 2, 6, 7, 8, 12, 13, 14])
    #expect(grown[1] == [0, 1, 2, 6, 7, 8, 12, 13, 14])
    let known = try mask(rgb) {
      ($0.file, $0.planes) = (path, .channels)
      $0.threshold = MaskThreshold(polarity: .blackIsMissing)
    }
    #expect(known[0] == (0..<24).filter { ![2, 7].contains($0) })
    let gray = try folder.writePGM((0..<24).map { $0 == 3 ? 255 : 0 }, width: 6, height: 4, to: "g.pgm")
    #expect {
      try mask(rgb) { ($0.file, $0.planes) = (gray, .channels) }
    } throws: {
      isKind(.mismatch, naming: "g.pgm", "no red, green and blue")($0)
    }
    #expect(throws: MaskError.self) {
      try mask(rgb) {
        $0.rectangles = [try MaskRectangle(parsing: "1,0,2,1")]
        $0.planes = .channels
      }
    }
  }

  @Test(arguments: BayerPattern.allCases) func mosaics(pattern: BayerPattern) throws {
    let (green, blue, red) = try {
      let planes = try mask(rgb) { $0.bayer = pattern }
      return (planes[0], planes[1], planes[2])
    }()
    #expect([green.count, blue.count, red.count] == [12, 18, 18])
    let colours = Array(pattern.rawValue)
    for i in 0..<24 {
      let colour = colours[2 * (i / 6 % 2) + i % 6 % 2]
      #expect([green, blue, red].count { !$0.contains(i) } == 1)
      #expect(
        ![("g", green), ("b", blue), ("r", red)].contains { $0.0 == String(colour) && $0.1.contains(i) })
    }
    #expect {
      try mask(yuv) { $0.bayer = pattern }
    } throws: {
      isKind(.options, naming: "--mask-bayer", "gbrp")($0)
    }
    // Holes of all planes, and the mosaic around them.
    let both = try mask(rgb) {
      $0.bayer = pattern
      $0.rectangles = [try MaskRectangle(parsing: "0,0,2,2")]
    }
    #expect(both.allSatisfy { Set($0).isSuperset(of: [0, 1, 6, 7]) })
  }
}
