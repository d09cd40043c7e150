import Foundation
import Frames
import Masks
import Media
import Pipelines
import Reconstruction
import TestSupport
import Testing

/// What comes out is the file that went in, but for the missing pixels.
@Suite struct FidelityTests {
  /// The logo, of the displayed picture.
  static let logo = (x: 20, y: 12, width: 8, height: 8)

  @Test(arguments: FidelityCase.all) func nothingElseChanges(_ test: FidelityCase) throws {
    let folder = try ScratchFolder()
    let input = folder.file(test.input)
    let output = folder.file(test.output)
    try test.makeInput(in: folder)
    var warnings: [String] = []
    let result = try Self.job(test, input, output).run(warn: { warnings.append($0) })
    #expect(result.damage == nil)

    for stream in test.refused {
      #expect(
        warnings.contains { $0.contains("stream \(stream) ") }, "stream \(stream) is named: \(warnings)")
    }
    let leftOut = warnings.filter { $0.contains("left out") }
    #expect(leftOut.count == test.refused.count, "\(leftOut)")
    let comparison = Comparison(
      try FileView(test.makeReference(in: folder) ?? input, in: folder), try FileView(output, in: folder),
      test)
    for (path, value) in test.has { #expect(comparison.before.fields[path] == value, "\(path) of the input") }
    let differences = comparison.differences()
    #expect(differences.isEmpty, "\(test):\n\(differences.joined(separator: "\n"))")
    let known = try KnownSamples(input, output, isInterlaced: false)
    if test.isLossless {
      #expect(known.changed == 0, "\(known.changed) known samples of \(known.count) changed")
    } else {
      #expect(known.psnr >= test.leastPSNR, "known samples: \(known.psnr) dB")
    }
    try FidelityTable.record(test, comparison, known, isFaithful: differences.isEmpty)
  }

  static func job(_ test: FidelityCase, _ input: String, _ output: String) -> RestoreJob {
    var masks = MaskOptions()
    masks.rectangles = [MaskRectangle(x: logo.x, y: logo.y, width: logo.width, height: logo.height)]
    var settings = RestorationSettings()
    settings.preset = .fast
    settings.iterations = 1
    var encoding = EncodeSettings(codec: test.codec, lossless: test.isLossless)
    if let format = test.pixelFormat { encoding.pixelFormat = format }
    encoding.options = test.encoderOptions
    return RestoreJob(
      input: input, output: output, masks: masks, restoration: settings, encoding: encoding)
  }
}

extension FidelityCase {
  /// The file that the output must be like, where it is not the input.
  func makeReference(in folder: ScratchFolder) throws -> String? {
    guard let words = reference?.split(separator: " ").map(String.init), let name = words.last else {
      return nil
    }
    try folder.ffmpeg(words)
    return folder.file(name)
  }

  /// Makes the input; each command but the last names its own output.
  func makeInput(in folder: ScratchFolder) throws {
    for file in Self.files { try folder.write(file.bytes, to: file.name) }
    for (index, command) in commands.enumerated() {
      var words = command.split(separator: " ").map(String.init)
      if index == commands.count - 1 { words.append(input) }
      try folder.ffmpeg(words)
    }
    if turn != 0 { try folder.turn(input, clockwise: turn, to: input) }
  }
}
