import Foundation
import Frames
import Masks
import Media

/// A file of masks: white where a sample is missing, black where it is known, as a player shows the input. A video has a mask
/// for each frame, with its time; a picture one for all.
final class MaskOutput {
  private let writer: VideoWriter
  private let format: FrameFormat
  private let orientation: DisplayOrientation
  let isPicture: Bool

  /// - Throws: `JobError`.
  init(_ path: String, masksOf reader: VideoReader, overwrite: Bool) throws {
    let orientation = DisplayOrientation(of: reader.info)
    let size = orientation.displayedSize(width: reader.format.width, height: reader.format.height)
    let format = FrameFormat(width: size.width, height: size.height, bitDepth: 8, roles: [.luma])
    let isPicture = Self.isPicture(path)
    (self.orientation, self.format, self.isPicture) = (orientation, format, isPicture)
    writer = try JobError.during(.writing) {
      isPicture
        ? try VideoWriter(
          path: path, format: format, frameRate: Rational(25, 1), settings: EncodeSettings(lossless: true),
          overwrite: overwrite)
        : try VideoWriter(
          path: path, gray: format, timesOf: reader, isTurned: orientation.quarterTurns % 2 == 1,
          overwrite: overwrite)
    }
  }

  static func isPicture(_ path: String) -> Bool { PathName.suffix(of: path).lowercased() == ".png" }

  /// Refuses names that stand for nothing that can be written, and files that are there.
  ///
  /// - Parameters:
  ///   - others: files that the mask must not replace.
  ///   - option: what names the file, for messages.
  /// - Throws: `JobError`.
  static func check(_ path: String, others: [String], overwrite: Bool, option: String) throws {
    guard isPicture(path) || [".mkv", ".y4m"].contains(PathName.suffix(of: path).lowercased()) else {
      throw JobError.configuration(
        "\(path) says not what the mask should be: end it in .mkv, in .y4m for other programs, or in .png where all frames "
          + "have the same mask")
    }
    for other in others where OutputPath.isSame(path, other) {
      throw JobError.configuration("the mask \(path) would replace \(other): name another with \(option)")
    }
    if !overwrite && FileManager.default.fileExists(atPath: path) {
      throw JobError.output("\(path) exists already: give --force to replace it, or another name")
    }
    try AtomicFile.checkFolder(of: path)
  }

  /// - Parameter mask: of the frame, in coded orientation.
  /// - Throws: `JobError`.
  func write(_ mask: FrameMask, of frame: Frame) throws {
    let displayed = orientation.displayedMask(fromCoded: mask)
    let samples =
      displayed.missing.isEmpty
      ? Array(repeating: 0, count: format.width * format.height) : Self.gray(of: displayed.missing)
    let picture = Frame(
      format: format, planes: [SamplePlane.bytes(samples)], index: frame.index, time: frame.time,
      attachment: (frame.attachment as? DecodedPicture)?.timing)
    try JobError.during(.writing) { try writer.write(picture) }
  }

  private static func gray(of missing: [UInt8]) -> [UInt8] {
    missing.withUnsafeBufferPointer { missing in
      [UInt8](unsafeUninitializedCapacity: missing.count) { samples, count in
        for i in 0..<missing.count { samples[i] = missing[i] == 0 ? 0 : 255 }
        count = missing.count
      }
    }
  }

  /// Gives the file its name.
  ///
  /// - Throws: `JobError`.
  func finish() throws { try JobError.during(.writing) { try writer.finish() } }

  /// Ends without a file; does nothing after `finish()`.
  func cancel() { writer.cancel() }
}
