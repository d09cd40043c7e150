import Frames

/// What a mask must know of the input that it belongs to.
public struct MaskedInput: Sendable {
  /// The input's path, for messages.
  public var name: String
  public var format: FrameFormat
  public var orientation: DisplayOrientation
  public var colourEncoding: ColourEncoding
  /// Frames that have no picture: numbers that a sequence of images skips. Nil for input that is no sequence.
  public var gaps: [Range<Int>]?
  /// Whether the decoder flagged a frame as damaged.
  public var isCorrupt: @Sendable (Frame) -> Bool

  public init(
    name: String, format: FrameFormat, orientation: DisplayOrientation = .upright,
    colourEncoding: ColourEncoding = .bt601(), isCorrupt: @escaping @Sendable (Frame) -> Bool = { _ in false }
  ) {
    self.name = name
    self.format = format
    self.orientation = orientation
    self.colourEncoding = colourEncoding
    self.isCorrupt = isCorrupt
  }

  /// Whether a frame has no picture.
  func isGap(_ index: Int) -> Bool { gaps?.contains { $0.contains(index) } ?? false }
}
