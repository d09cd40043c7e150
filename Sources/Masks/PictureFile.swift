import Frames
import Media

/// A mask file's frames, and which way up they are shown.
final class PictureFile {
  private let reader: VideoReader
  let orientation: DisplayOrientation

  /// - Throws: `MaskError` of kind `.unreadable`, or `MediaError` of kind `.outOfMemory`.
  ///
  /// - Parameter allowsGaps: whether a sequence of images may skip numbers.
  init(path: String, allowsGaps: Bool = false) throws {
    let advice = "a mask needs an image for each frame"
    do {
      reader = try VideoReader(path: path, gaps: allowsGaps ? .frames : .refused(advice: advice))
    } catch let error as MediaError {
      throw PictureFile.unreadable(error)
    }
    orientation = DisplayOrientation(of: reader.info)
  }

  func nextFrame() throws -> Frame? {
    do {
      return try reader.nextFrame()
    } catch let error as MediaError {
      throw PictureFile.unreadable(error)
    }
  }

  /// Memory that runs out says nothing about the mask.
  private static func unreadable(_ error: MediaError) -> any Error {
    if error.kind == .outOfMemory { return error }
    return MaskError(.unreadable, "the mask can't be read: \(error.description)")
  }

  /// True if samples are as they were drawn, without the noise of a lossy codec.
  var isExact: Bool { reader.info.isLossless }

  /// The sample of black, of 8 bits.
  var black: Int {
    reader.format.planes.contains { $0.role.isChroma } && !ColourEncoding(of: reader.info).isFullRange
      ? 16 : 0
  }

  /// The images, where the file is a sequence of them.
  var sequence: ImageSequence? { reader.sequence }

  /// Whether this comes by a pipe in a format of pictures.
  var isPictureFromPipe: Bool { reader.isReadOnce && reader.info.containerName.hasSuffix("_pipe") }

  var announcedFrames: Int? { reader.info.estimatedFrameCount }

  var isDamaged: Bool { reader.damage.map { $0.isTruncated || $0.decoderErrors > 0 } ?? false }
}

extension DisplayOrientation {
  /// How a video's frames are turned for display.
  ///
  /// A turn that is no multiple of 90 degrees counts as the nearest one: no mask could follow it exactly.
  public init(of info: VideoInfo) {
    self.init(
      quarterTurns: Int((Double(info.rotation) / 90).rounded()), mirrored: info.isMirrored)
  }
}

extension ColourEncoding {
  /// How a video's luma and chroma stand for colours.
  ///
  /// Where the file does not say, what players assume.
  public init(of info: VideoInfo) {
    let isFullRange =
      info.colorRange == "pc" || info.colorRange == "full" || info.colorRange == "jpeg"
      || info.pixelFormat.hasPrefix("yuvj")
    switch info.displayedMatrix {
    case "bt709": self = .bt709(isFullRange: isFullRange)
    case "fcc": self.init(redWeight: 0.30, blueWeight: 0.11, isFullRange: isFullRange)
    case "smpte240m": self.init(redWeight: 0.212, blueWeight: 0.087, isFullRange: isFullRange)
    case "bt2020nc", "bt2020c": self = .bt2020(isFullRange: isFullRange)
    default: self = .bt601(isFullRange: isFullRange)
    }
  }
}

extension MaskedInput {
  /// What a mask must know of a video that is open for reading.
  public init(reader: VideoReader) {
    self.init(
      name: reader.path, format: reader.format, orientation: DisplayOrientation(of: reader.info),
      colourEncoding: ColourEncoding(of: reader.info),
      isCorrupt: { ($0.attachment as? DecodedPicture)?.isCorrupt ?? false })
    gaps = reader.sequence?.gaps
  }
}
