import Detection
import Media

/// The options that say what is missing: the union of everything given.
public struct MaskOptions: Sendable, Equatable {
  /// The orientation of mask files and rectangles.
  public enum Orientation: String, Sendable, CaseIterable {
    /// As a player shows the input, turned as its metadata says.
    case displayed
    /// As the frames are stored.
    case coded
  }

  /// A still image, a video, a printf pattern of images or a folder of images.
  public var file: String?
  public var threshold = MaskThreshold()
  /// Radius in samples by which masks from files, values, colours and finds grow.
  public var dilation = 0
  /// Repeats the last picture of a mask that is shorter than its input, and ignores the surplus of a longer one.
  public var holdsLastFrame = false
  /// The planes that everything else here is of, but for `bayer`.
  public var planes = MaskPlanes.all
  /// The mosaic of a sensor, of which each sample holds one colour; nil for none.
  public var bayer: BayerPattern?
  public var rectangles: [MaskRectangle] = []
  /// Frames that are missing as a whole.
  public var frames: [FrameInterval] = []
  /// A sample value that marks missing samples, 0 ... the input's largest sample.
  public var value: Int?
  public var colour: MaskColour?
  /// Damage that is looked for; nil for none.
  public var detection: DetectionOptions?
  /// Places outside of which samples of `value` or `colour`, and what is found, are not missing; empty for everywhere.
  public var valuePlaces: [MaskRectangle] = []
  /// Accepted difference from `value` or `colour` in steps of 8 bits; nil for `defaultValueTolerance` or
  /// `defaultColourTolerance`.
  public var tolerance: Int?
  /// Whether frames that the decoder flagged as damaged are missing as a whole.
  public var corruptFrames = false
  /// Whether numbers that a sequence of images skips are frames that are missing as a whole.
  public var gapFrames = false
  public var orientation = Orientation.displayed
  /// Places that stay as they are, whatever the other options say of them.
  public var keptRectangles: [MaskRectangle] = []
  /// A mask file that is white where frames stay as they are; read as `file` is, but never turned around or grown.
  public var keptFile: String?
  /// Masks of one thing that are drawn for some frames, and followed to the others.
  public var tracks: [TrackKey] = []
  /// Whether what is missing may be an overlay that lets the picture through.
  public var overlay = OverlayChoice.opaque

  /// Zero: in measured data, the value next to the marker may be a measurement.
  static let defaultValueTolerance = 0
  /// Larger than any picture, and too small for sums to overflow.
  public static let largestDilation = 1_000_000
  /// Above zero, because lossy coding changes the samples of a uniform colour by a few steps.
  static let defaultColourTolerance = 8

  public init() {}

  /// True if no option says what is missing.
  public var isEmpty: Bool {
    file == nil && rectangles.isEmpty && frames.isEmpty && value == nil && colour == nil && !corruptFrames
      && !gapFrames && detection == nil && tracks.isEmpty && bayer == nil
  }

  /// Whether something stays as it is though it may be missing.
  public var keepsSome: Bool { !keptRectangles.isEmpty || keptFile != nil }

  /// All files that are read for masks.
  public var files: [String] {
    [file, keptFile, overlay.file].compactMap { $0 } + tracks.map(\.file)
  }

  /// How sequences of images that have gaps are read.
  public var gaps: SequenceGaps { gapFrames ? .frames : .refused }

  /// Checks the options as far as it is possible without an input.
  ///
  /// - Throws: `MaskError` of kind `.options` or `.coversEverything`.
  public func validate() throws {
    if !valuePlaces.isEmpty && value == nil && colour == nil && detection == nil {
      throw MaskError(
        .options,
        "--mask-within says where --mask-value, --mask-color and --detect look, and none is given: give one, or leave it out"
      )
    }
    if isEmpty {
      throw MaskError(
        .options,
        "nothing says what is missing: give --mask FILE, --mask-rect, --mask-frames, --mask-value, --mask-color, "
          + "--mask-track, --mask-corrupt, --mask-gaps, --mask-bayer, or --detect to look for damage"
      )
    }
    if frames.contains(where: \.isEverything) && !keepsSome {
      throw MaskError(
        .coversEverything, "--mask-frames covers every frame, so nothing is known to restore from")
    }
    if planes == .channels && file == nil {
      throw MaskError(.options, "--mask-planes channels is of the colours of --mask: give that too")
    }
    if file?.isEmpty == true { throw MaskError(.options, "--mask is empty: name a file, or leave it out") }
    if keptFile?.isEmpty == true {
      throw MaskError(.options, "--keep-mask is empty: name a file, or leave it out")
    }
    if !(0...Self.largestDilation).contains(dilation) {
      throw MaskError(
        .options,
        "--mask-dilate \(dilation) lies outside 0 ... \(Self.largestDilation): give a radius in pixels")
    }
    if let tolerance, !(0...255).contains(tolerance) {
      throw MaskError(.options, "--mask-tolerance \(tolerance) lies outside 0 ... 255")
    }
    if let value, value < 0 { throw MaskError(.options, "--mask-value \(value) is negative") }
    for rectangle in rectangles + keptRectangles + valuePlaces + (detection?.regions ?? [])
    where ([rectangle.box] + rectangle.keys.map(\.box)).contains(where: { $0.width <= 0 || $0.height <= 0 }) {
      throw MaskError(
        .options, "the rectangle '\(rectangle.text)' is empty: width and height must be at least 1")
    }
  }
}

/// An error of masks or their options; the message is one sentence for the user.
public struct MaskError: Error, Equatable, Sendable {
  public enum Kind: Sendable {
    /// An option can't be understood, or there is none at all.
    case options
    /// A mask file does not fit its input: another size, or another number of frames.
    case mismatch
    /// Everything is missing, so nothing is known to reconstruct from.
    case coversEverything
    /// A mask file can't be read, or is damaged.
    case unreadable
  }

  public var kind: Kind
  public var message: String

  public init(_ kind: Kind, _ message: String) { (self.kind, self.message) = (kind, message) }
}

extension MaskError: CustomStringConvertible {
  public var description: String { message }
}
