import Foundation
import Frames
import Masks
import Media
import Reconstruction

/// Writes what a restoration of a video would fill: white where a sample is missing, black where it is known.
///
/// The masks lie on the picture as a player shows it, so that they can be given as a mask file again.
struct MaskJob {
  var input: String
  var stream: Int?
  var masks: MaskOptions
  /// A name that ends in .mkv, for a video with a mask for each frame, or in .png, for a mask that is the same in all.
  var output: String
  var overwrite: Bool
  var threads = 1

  private var isPicture: Bool { PathName.suffix(of: output).lowercased() == ".png" }

  /// Refuses names that stand for nothing that can be written, and files that are there.
  ///
  /// - Parameter others: files that the mask must not replace.
  /// - Throws: `JobError`.
  func check(others: [String]) throws {
    guard isPicture || PathName.suffix(of: output).lowercased() == ".mkv" else {
      throw JobError.configuration(
        "\(output) says not what the mask should be: end it in .mkv, or in .png where all frames have the same mask"
      )
    }
    for other in others where OutputPath.isSame(output, other) {
      throw JobError.configuration(
        "the mask \(output) would replace \(other): name another with --save-mask")
    }
    for path in [input] + masks.files { try OutputPath.checkReadTwice(path, by: "--save-mask") }
    if !overwrite && FileManager.default.fileExists(atPath: output) {
      throw JobError.output("\(output) exists already: give --force to replace it, or another name")
    }
    try AtomicFile.checkFolder(of: output)
  }

  /// Reads the input once, as far as it can be decoded.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  func run(isCancelled: () -> Bool = { false }) throws {
    let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
    let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader))
    if isPicture && !mask.isConstant {
      throw JobError.configuration(
        "the mask is not the same in every frame, so that \(output) can't hold it: name a video, such as mask.mkv"
      )
    }
    let orientation = DisplayOrientation(of: reader.info)
    let size = orientation.displayedSize(width: reader.format.width, height: reader.format.height)
    let format = FrameFormat(width: size.width, height: size.height, bitDepth: 8, roles: [.luma])
    let writer = try JobError.during(.writing) {
      isPicture
        ? try VideoWriter(
          path: output, format: format, frameRate: Rational(25, 1), settings: EncodeSettings(lossless: true),
          overwrite: overwrite)
        : try VideoWriter(
          path: output, gray: format, timesOf: reader, isTurned: orientation.quarterTurns % 2 == 1,
          overwrite: overwrite)
    }
    do {
      while let (frame, missing) = try next(reader, mask) {
        if isCancelled() { throw RestorationError.cancelled }
        let displayed = orientation.displayedMask(fromCoded: missing)
        try JobError.during(.writing) { try writer.write(Self.picture(displayed, format, of: frame)) }
        if isPicture { break }
      }
      try JobError.during(.writing) { try writer.finish() }
    } catch {
      writer.cancel()
      throw error
    }
  }

  private func next(_ reader: VideoReader, _ mask: CombinedMask) throws -> (Frame, FrameMask)? {
    do {
      guard let frame = try reader.nextFrame() else { return nil }
      return (frame, try mask.mask(for: frame))
    } catch let error as MediaError where error.kind == .damaged && mask.frames > 0 {
      // The restoration tells of the damage, and ends there as well.
      return nil
    } catch let short as MaskRanOut {
      var count = mask.frames + 1
      while try reader.nextFrame() != nil { count += 1 }
      throw short.error(input: input, inputFrames: count)
    }
  }

  private static func picture(_ mask: FrameMask, _ format: FrameFormat, of frame: Frame) -> Frame {
    let samples: [UInt16] =
      mask.missing.isEmpty
      ? Array(repeating: 0, count: format.width * format.height) : mask.missing.map { $0 == 0 ? 0 : 255 }
    return Frame(
      format: format, planes: [samples], index: frame.index, time: frame.time,
      attachment: (frame.attachment as? DecodedPicture)?.timing)
  }
}
