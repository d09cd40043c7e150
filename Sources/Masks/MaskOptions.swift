import Media

/// All that a person said about what is missing. What is missing is the union of everything given.
public struct MaskOptions: Sendable, Equatable {
  /// Which way up mask files and rectangles are.
  public enum Orientation: String, Sendable, CaseIterable {
    /// As a player shows the input, turned as its metadata says.
    case displayed
    /// As the frames are stored.
    case coded
  }

  /// A still image, a video, a printf pattern of images or a folder of images.
  public var file: String?
  public var threshold = MaskThreshold()
  /// Radius in samples by which masks from files, values and colours grow.
  public var dilation = 0
  /// Repeats the last picture of a mask that is shorter than its input, and ignores the surplus of a longer one.
  public var holdsLastFrame = false
  public var rectangles: [MaskRectangle] = []
  /// Frames that are missing altogether.
  public var frames: [FrameInterval] = []
  /// A sample value that stands for missing, 0 ... the input's largest sample.
  public var value: Int?
  public var colour: MaskColour?
  /// Accepted difference from `value` or `colour` in steps of 8 bits; nil for `defaultValueTolerance` or
  /// `defaultColourTolerance`.
  public var tolerance: Int?
  /// Frames that the decoder flagged as damaged are missing altogether.
  public var corruptFrames = false
  /// Numbers that a sequence of images skips stand for frames that are missing altogether.
  public var gapFrames = false
  public var orientation = Orientation.displayed

  /// Exact: in measured data the next value is a measurement.
  static let defaultValueTolerance = 0
  /// Beyond any picture, and far from where sums overflow.
  public static let largestDilation = 1_000_000
  /// Lossy coding moves the samples of a flat colour by a few steps.
  static let defaultColourTolerance = 8

  public init() {}

  /// True if no option says what is missing.
  public var isEmpty: Bool {
    file == nil && rectangles.isEmpty && frames.isEmpty && value == nil && colour == nil && !corruptFrames
      && !gapFrames
  }

  /// How sequences of images that have gaps are read.
  public var gaps: SequenceGaps { gapFrames ? .frames : .refused }

  /// Finds what is wrong with the options whatever the input.
  ///
  /// - Throws: `MaskError` of kind `.options` or `.coversEverything`.
  public func validate() throws {
    if isEmpty {
      throw MaskError(
        .options,
        "nothing says what is missing: give --mask FILE, --mask-rect, --mask-frames, --mask-value, --mask-color, "
          + "--mask-corrupt or --mask-gaps"
      )
    }
    if frames.contains(where: \.isEverything) {
      throw MaskError(
        .coversEverything, "--mask-frames covers every frame, so nothing is known to restore from")
    }
    if file?.isEmpty == true { throw MaskError(.options, "--mask is empty: name a file, or leave it out") }
    if !(0...Self.largestDilation).contains(dilation) {
      throw MaskError(
        .options,
        "--mask-dilate \(dilation) lies outside 0 ... \(Self.largestDilation): give a radius in pixels")
    }
    if let tolerance, !(0...255).contains(tolerance) {
      throw MaskError(.options, "--mask-tolerance \(tolerance) lies outside 0 ... 255")
    }
    if let value, value < 0 { throw MaskError(.options, "--mask-value \(value) is negative") }
    for rectangle in rectangles where rectangle.width <= 0 || rectangle.height <= 0 {
      throw MaskError(
        .options, "the rectangle '\(rectangle.text)' is empty: width and height must be at least 1")
    }
  }
}
