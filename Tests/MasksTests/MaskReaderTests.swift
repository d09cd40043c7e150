import Frames
import TestSupport
import Testing

@testable import Masks

/// Masks whose drawing the threshold does not see: they are read as they were meant, or refused, and never a copy.
@Suite struct MaskReaderTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func picture(_ value: UInt8, at places: Int...) -> [UInt8] {
    (0..<24).map { places.contains($0) ? value : 0 }
  }

  private func still(_ samples: [UInt8], _ name: String = "m.pgm") throws -> String {
    try folder.writePGM(samples, width: 6, height: 4, to: name)
  }

  private func video(_ pictures: [[UInt8]], _ name: String = "m.mkv") throws -> String {
    for (i, samples) in pictures.enumerated() { _ = try still(samples, "v\(i).pgm") }
    try folder.ffmpeg("-i", folder.file("v%d.pgm"), "-c:v", "ffv1", "-pix_fmt", "gray", folder.file(name))
    return folder.file(name)
  }

  @Test func aDimStillIsRefusedWithItsBrightness() throws {
    let path = try still(picture(76, at: 3, 7))
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.mismatch, naming: "m.pgm", "brightest sample is 76", "threshold 128", "--mask-threshold 38")($0)
    }
    // Gray all over is no black either.
    let gray = try still(picture(76, at: 3, 7).map { _ in 76 })
    #expect {
      try fileMask(gray)
    } throws: {
      isKind(.mismatch, naming: "brightest sample is 76")($0)
    }
    _ = try still(picture(76, at: 3, 7))
    let lower = try fileMask(path) { $0.threshold.level = 38 }
    #expect(positions(try lower.mask(for: grayFrame(0))) == [3, 7])
  }

  @Test func aRedDrawingIsRefused() throws {
    try folder.ffmpeg(
      "-i", try still(picture(255, at: 3)), "-vf", "format=rgb24,geq=r='r(X,Y)':g=0:b=0",
      folder.file("red.png"))
    #expect {
      try fileMask(folder.file("red.png"))
    } throws: {
      isKind(.mismatch, naming: "brightest sample is 85")($0)
    }
  }

  @Test func zerosAndOnesAreRecognised() throws {
    let mask = try fileMask(try still(picture(1, at: 3, 7)))
    #expect(positions(try mask.mask(for: grayFrame(0))) == [3, 7])
    #expect(mask.warnings.contains { $0.contains("larger value, 1, counts as white") })
    let turned = try fileMask(try still(picture(1, at: 3, 7))) { $0.threshold.polarity = .blackIsMissing }
    #expect(positions(try turned.mask(for: grayFrame(0))).count == 22)
    // 8-bit masks in 16 bits: 0 and 255 of 65535.
    var bytes = Array("P5\n6 4\n65535\n".utf8)
    for i in 0..<24 { bytes += [0, i == 5 ? 255 : 0] }
    let deep = try fileMask(try folder.write(bytes, to: "deep.pgm"))
    #expect(positions(try deep.mask(for: grayFrame(0))) == [5])
  }

  @Test func labelsAreAskedAbout() throws {
    let path = try still((0..<24).map { UInt8($0 % 3) })
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.mismatch, naming: "brightest sample is 2", "--mask-threshold 1")($0)
    }
  }

  @Test func blackIsBlack() throws {
    let mask = try fileMask(try still(picture(0)))
    #expect(positions(try mask.mask(for: grayFrame(0))).isEmpty && mask.warnings.isEmpty)
    try mask.finish()
    #expect(mask.lateWarnings.isEmpty)
  }

  @Test(arguments: ["m.mkv", "v%d.pgm", "folder"]) func videosPatternsAndFoldersAreLookedAtBeforehand(
    name: String
  )
    throws
  {
    // Black in the first picture, which is legal.
    _ = try video([picture(0), picture(76, at: 3), picture(60, at: 4)])
    let path = name == "folder" ? folder.path : folder.file(name)
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.mismatch, naming: "brightest sample is 76", "--mask-threshold 30")($0)
    }
    _ = try video([picture(0), picture(1, at: 3), picture(1, at: 4)])
    let mask = try fileMask(path)
    let found = try (0..<3).map { positions(try mask.mask(for: grayFrame($0))) }
    #expect(found == [[], [3], [4]])
  }

  @Test func aDimPictureAmongWhiteOnesIsTold() throws {
    let mask = try fileMask(try video([picture(0), picture(255, at: 3), picture(76, at: 4)]))
    for i in 0..<3 { _ = try mask.mask(for: grayFrame(i)) }
    try mask.finish()
    #expect(
      mask.lateWarnings.count == 1 && mask.lateWarnings[0].contains("picture 2"), "\(mask.lateWarnings)")
    let black = try fileMask(try video([picture(0), picture(255, at: 3), picture(0)]))
    for i in 0..<3 { _ = try black.mask(for: grayFrame(i)) }
    #expect(black.lateWarnings.isEmpty)
  }

  @Test func noiseOfACodecIsNoDrawing() throws {
    try folder.ffmpeg(
      "-f", "lavfi", "-i", "color=black:s=64x48,noise=alls=3:all_seed=1", "-frames:v", "2", "-c:v", "libx264",
      "-pix_fmt", "yuv420p", folder.file("black.mp4"))
    var input = maskedInput()
    input.format = FrameFormat(width: 64, height: 48, bitDepth: 8, roles: [.luma])
    let mask = try CombinedMask(options: maskOptions { $0.file = folder.file("black.mp4") }, input: input)
    #expect(mask.warnings.isEmpty)
  }

  @Test func halfTransparentDrawingsAreRefused() throws {
    try folder.ffmpeg(
      "-i", try still(picture(255, at: 3)), "-vf",
      "format=rgba,geq=r=255:g=0:b=0:a='if(gt(r(X,Y),128),76,0)'",
      folder.file("faint.png"))
    #expect {
      try fileMask(folder.file("faint.png"))
    } throws: {
      isKind(.mismatch, naming: "visible", "76")($0)
    }
  }

  @Test func turnedMasksAreTold() throws {
    let mask = try fileMask(try still(picture(255, at: 3).map { 255 - $0 }))
    #expect(mask.warnings.contains { $0.contains("95 %") && $0.contains("--mask-polarity black-is-missing") })
    let pale = try still((0..<24).map { $0 == 3 ? 150 : 220 })
    #expect {
      try fileMask(pale) { $0.threshold.polarity = .blackIsMissing }
    } throws: {
      isKind(.mismatch, naming: "darkest sample is 150", "--mask-threshold 185")($0)
    }
  }

  @Test func colouredPartsAreTold() throws {
    let mask = try fileMask(try still((0..<24).map { $0 < 4 ? 255 : $0 < 9 ? 90 : 0 }))
    #expect(mask.warnings.contains { $0.contains("5 beside 4 white ones") }, "\(mask.warnings)")
  }

  @Test func masksOfASequenceWithGaps() throws {
    for i in [5, 6, 8] { _ = try still(picture(255, at: i), "s_\(i).pgm") }
    let path = folder.file("s_%d.pgm")
    #expect {
      try fileMask(path)
    } throws: {
      isKind(.unreadable, naming: "but not s_7.pgm")($0)
    }
    var input = maskedInput()
    input.gaps = [2..<3]
    let given = maskOptions { ($0.file, $0.gapFrames) = (path, true) }
    let mask = try CombinedMask(options: given, input: input)
    let found = try (0..<4).map { positions(try mask.mask(for: grayFrame($0))) }
    #expect(found == [[5], [6], Array(0..<24), [8]])
    #expect(mask.warnings.contains { $0.contains("frame 2 is missing altogether") })
    #expect((mask.touchedFrames, mask.wholeFrames) == (4, 1))
    // The input has a frame there.
    input.gaps = []
    let without = try CombinedMask(options: given, input: input)
    for i in 0..<2 { _ = try without.mask(for: grayFrame(i)) }
    #expect {
      try without.mask(for: grayFrame(2))
    } throws: {
      isKind(.unreadable, naming: "no image s_7.pgm", "frame 2")($0)
    }
    #expect {
      try CombinedMask(options: given, input: maskedInput())
    } throws: {
      isKind(.options, naming: "--mask-gaps is of sequences of images, and in.mkv is none")($0)
    }
  }

  @Test func framesThatDoNotExistAreTold() throws {
    let given = try maskOptions {
      $0.frames = try FrameInterval.list(parsing: "1,2-9,12")
      $0.rectangles = [
        try MaskRectangle(parsing: "0,0,1,1@3-5"), try MaskRectangle(parsing: "0,0,1,1@5s-6s"),
        try MaskRectangle(parsing: "0,0,1,1@0.1s-0.5s"), try MaskRectangle(parsing: "0,0,1,1@1-"),
      ]
    }
    let mask = try CombinedMask(options: given, input: maskedInput())
    let early = mask.extentWarnings(frames: 5)
    #expect(early.count == 3, "\(early)")
    #expect(early[0] == "frames 5 to 9 do not exist: in.mkv has 5 frames, 0 to 4, and --mask-frames says 2-9")
    #expect(mask.extentWarnings(frames: 1).first?.contains("in.mkv has 1 frame, 0, and") == true)
    #expect(early[1].hasPrefix("frame 12 does not exist") && early[2].hasPrefix("frame 5 does not exist"))
    for i in 0..<5 { _ = try mask.mask(for: grayFrame(i)) }
    #expect(mask.lateWarnings.count == 1 && mask.lateWarnings[0].contains("5s-6s"), "\(mask.lateWarnings)")
    let late = try CombinedMask(options: given, input: maskedInput())
    for i in 0..<5 { _ = try late.mask(for: grayFrame(i)) }
    #expect(late.lateWarnings.count == 4)
  }
}
