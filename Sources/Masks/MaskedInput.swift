import Frames
import Media

/// What masks need to know about their input.
public struct MaskedInput: Sendable {
  /// The input's path, for messages.
  public var name: String
  public var format: FrameFormat
  public var orientation: DisplayOrientation
  public var colourEncoding: ColourEncoding
  /// Frames without a picture: numbers that a sequence of images skips. Nil for input that is no sequence.
  public var gaps: [Range<Int>]?
  /// Whether the decoder flagged a frame as damaged.
  public var isCorrupt: @Sendable (Frame) -> Bool

  public init(
    name: String, format: FrameFormat, orientation: DisplayOrientation = .upright,
    colourEncoding: ColourEncoding = .bt601(), isCorrupt: @escaping @Sendable (Frame) -> Bool = { _ in false }
  ) {
    (self.name, self.format, self.orientation) = (name, format, orientation)
    (self.colourEncoding, self.isCorrupt) = (colourEncoding, isCorrupt)
  }

  /// Whether a frame has no picture.
  func isGap(_ index: Int) -> Bool { gaps?.contains { $0.contains(index) } ?? false }
}

extension MaskedInput {
  /// The same of a video that is open for reading.
  public init(reader: VideoReader) {
    self.init(
      name: reader.path, format: reader.format, orientation: DisplayOrientation(of: reader.info),
      colourEncoding: ColourEncoding(of: reader.info),
      isCorrupt: { ($0.attachment as? DecodedPicture)?.isCorrupt ?? false })
    gaps = reader.sequence?.gaps
  }
}
