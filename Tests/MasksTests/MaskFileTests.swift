import Frames
import TestSupport
import Testing

@testable import Masks

@Suite struct MaskFileTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func picture(_ white: Int...) -> [UInt8] { (0..<24).map { white.contains($0) ? 255 : 0 } }

  /// A video of masks whose frame i is white at sample i.
  private func video(frames: Int, name: String = "mask.mkv") throws -> String {
    for i in 0..<frames { try folder.writePGM(picture(i), width: 6, height: 4, to: "v\(i).pgm") }
    try folder.ffmpeg(
      "-i", folder.file("v%d.pgm"), "-frames:v", "\(frames)", "-c:v", "ffv1", "-pix_fmt", "gray",
      folder.file(name))
    return folder.file(name)
  }

  @Test(arguments: ["m.pgm", "m.png", "m.bmp", "m.tif"])
  func aStillImageAppliesToAllFrames(name: String) throws {
    let source = try folder.writePGM(picture(3, 7), width: 6, height: 4, to: "source.pgm")
    // In a BMP gray is a palette.
    if name != "m.pgm" { try folder.ffmpeg("-i", source, "-pix_fmt", "gray", folder.file(name)) }
    let mask = try fileMask(name == "m.pgm" ? source : folder.file(name))
    for i in 0..<3 { #expect(positions(try mask.mask(for: grayFrame(i))) == [3, 7]) }
    try mask.finish()
  }

  @Test(arguments: [
    ("m.png", "monob"), ("m.pbm", "monow"), ("m.png", "pal8"), ("m.bmp", "pal8"), ("m.gif", "pal8"),
  ])
  func palettesAndBits(name: String, format: String) throws {
    let source = try folder.writePGM(picture(3, 7), width: 6, height: 4, to: "source.pgm")
    let filter =
      format == "pal8"
      ? ["-filter_complex", "split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse"]
      : ["-pix_fmt", format]
    try folder.ffmpeg(["-i", source] + filter + [folder.file(name)])
    #expect(positions(try fileMask(folder.file(name)).mask(for: grayFrame(0))) == [3, 7])
  }

  @Test func colourImagesWithAndWithoutTransparency() throws {
    let source = try folder.writePGM(picture(3, 7), width: 6, height: 4, to: "source.pgm")
    try folder.ffmpeg("-i", source, "-pix_fmt", "rgb24", folder.file("rgb.png"))
    try folder.ffmpeg(
      "-i", source, "-vf", "format=rgba,geq=r=0:g=0:b=0:a='if(gt(r(X,Y),128),255,0)'",
      folder.file("alpha.png"))
    for name in ["rgb.png", "alpha.png"] {
      #expect(positions(try fileMask(folder.file(name)).mask(for: grayFrame(0))) == [3, 7], "\(name)")
    }
  }

  @Test func aVideoHasAMaskForEachFrame() throws {
    let mask = try fileMask(try video(frames: 3))
    for i in 0..<3 { #expect(positions(try mask.mask(for: grayFrame(i))) == [i]) }
    try mask.finish()
  }

  @Test func aPatternAndAFolderAreReadInOrder() throws {
    // Names that text order would put wrong.
    for i in 8..<12 { try folder.writePGM(picture(i), width: 6, height: 4, to: "m\(i).pgm") }
    let listed = try fileMask(folder.path)
    for i in 0..<4 { #expect(positions(try listed.mask(for: grayFrame(i))) == [8 + i]) }
    try listed.finish()
    for i in 0..<4 { try folder.writePGM(picture(i), width: 6, height: 4, to: "p_000\(i).pgm") }
    let pattern = try fileMask(folder.file("p_%04d.pgm"))
    for i in 0..<4 { #expect(positions(try pattern.mask(for: grayFrame(i))) == [i]) }
    try pattern.finish()
  }

  @Test func lengthsMustAgree() throws {
    let path = try video(frames: 3)
    let short = try fileMask(path)
    for i in 0..<3 { _ = try short.mask(for: grayFrame(i)) }
    #expect {
      try short.mask(for: grayFrame(3))
    } throws: { error in
      guard let error = error as? MaskRanOut else { return false }
      let sentence = error.error(input: "in.mkv", inputFrames: 5)
      return isKind(.mismatch, naming: "has 3 frames", "in.mkv has 5")(sentence)
    }
    let long = try fileMask(path)
    _ = try long.mask(for: grayFrame(0))
    #expect {
      try long.finish()
    } throws: {
      isKind(.mismatch, naming: "has 3 frames", "in.mkv has 1")($0)
    }
  }

  @Test func lengthsAreCheckedAheadWhereAnnounced() throws {
    for i in 0..<3 { try folder.writePGM(picture(i), width: 6, height: 4, to: "m\(i).pgm") }
    let mask = try fileMask(folder.path)
    #expect {
      try mask.checkLength(announced: 5) { 4 }
    } throws: {
      isKind(.mismatch, naming: "has 3 frames", "in.mkv has 4")($0)
    }
    // The announcement was wrong, or the input is damaged.
    try mask.checkLength(announced: 5) { 3 }
    try mask.checkLength(announced: 5) { nil }
    try mask.checkLength(announced: nil) { 4 }
  }

  @Test func theLastFrameHoldsIfAsked() throws {
    let path = try video(frames: 2)
    let mask = try fileMask(path) { $0.holdsLastFrame = true }
    for i in 0..<4 { #expect(positions(try mask.mask(for: grayFrame(i))) == [min(i, 1)]) }
    try mask.finish()
    let surplus = try fileMask(path) { $0.holdsLastFrame = true }
    _ = try surplus.mask(for: grayFrame(0))
    try surplus.finish()
  }

  @Test func sizesMustAgree() throws {
    let path = try folder.writePGM([0, 255, 0, 255], width: 2, height: 2, to: "small.pgm")
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.mismatch, naming: "small.pgm is 2x2", "in.mkv is 6x4")($0)
    }
  }

  @Test func aMaskIsDrawnOnTheDisplayedPicture() throws {
    // Displayed 4 x 6, white in its top left corner: the coded bottom left one.
    let path = try folder.writePGM((0..<24).map { $0 == 0 ? 255 : 0 }, width: 4, height: 6, to: "tall.pgm")
    let given = maskOptions { $0.file = path }
    let turned = maskedInput(orientation: DisplayOrientation(quarterTurns: 1))
    #expect(positions(try CombinedMask(options: given, input: turned).mask(for: grayFrame(0))) == [18])
    #expect {
      try CombinedMask(options: given, input: maskedInput())
    } throws: {
      isKind(.mismatch, naming: "4x6", "6x4")($0)
    }
  }

  @Test func unreadableFiles() throws {
    try folder.write(Array("no picture".utf8), to: "text.png")
    try folder.write(Array("no video".utf8), to: "text.mkv")
    for name in ["missing.png", "text.png", "text.mkv"] {
      #expect("\(name)") {
        _ = try fileMask(folder.file(name)).mask(for: grayFrame(0))
      } throws: {
        isKind(.unreadable, naming: name)($0)
      }
    }
    let empty = try ScratchFolder()
    #expect {
      try fileMask(empty.path)
    } throws: {
      isKind(.unreadable, naming: empty.path)($0)
    }
  }

  @Test func aStillThatCoversEverythingIsRefused() throws {
    let path = try folder.writePGM(Array(repeating: 255, count: 24), width: 6, height: 4, to: "full.pgm")
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.coversEverything)($0)
    }
    let dotted = try folder.writePGM(picture(8), width: 6, height: 4, to: "dot.pgm")
    #expect {
      try fileMask(dotted) { $0.dilation = 6 }
    } throws: {
      isKind(.coversEverything)($0)
    }
  }
}
