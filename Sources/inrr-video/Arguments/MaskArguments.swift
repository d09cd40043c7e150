import ArgumentParser
import Detection
import Masks
import Pipelines

/// The options of masks; the union of all of them is missing.
struct MaskArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What is missing, in white: an image for all frames, or a video, a pattern (m_%05d.png) or a folder of images.",
      valueName: "file"))
  var mask: String?

  @Option(
    help: ArgumentHelp("Which side is missing: white-is-missing or black-is-missing.", valueName: "polarity"),
    completion: .list(["white-is-missing", "black-is-missing"]))
  var maskPolarity = "white-is-missing"

  @Option(
    help: ArgumentHelp("What counts as white: samples from this one up, of 0 ... 255.", valueName: "level"))
  var maskThreshold = 128

  @Option(
    help: ArgumentHelp(
      "Grows masks from files, values, colours and finds by this many pixels in every direction.",
      valueName: "radius"))
  var maskDilate = 0

  @Option(
    help: ArgumentHelp(
      "The planes that masks are of: some of luma, chroma, u, v, red, green, blue, alpha; or channels: red, green and blue of --mask are masks of a plane each.",
      valueName: "planes"))
  var maskPlanes: String?

  @Option(
    help: ArgumentHelp(
      "The mosaic of a sensor: of each sample one colour is known, as rggb, bggr, grbg or gbrg.",
      valueName: "pattern"), completion: .list(BayerPattern.allCases.map(\.rawValue)))
  var maskBayer: String?

  @Flag(
    help: "Lets the last frame of a shorter mask stand for the rest, and ignores the surplus of a longer one."
  )
  var maskHold = false

  @Option(
    help: ArgumentHelp(
      "How masks and rectangles lie: displayed (as a player turns the input) or coded.",
      valueName: "orientation"), completion: .list(["displayed", "coded"]))
  var maskOrientation = "displayed"

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle x,y,w,h in pixels, for some frames with @10-20, @10-, @5s-7.5s or @00:00:05-00:00:07.5, that come again with @0s-1s/4s; one that moves by keys 'x,y,w,h@0s; x,y,w,h@5s'; repeatable.",
      valueName: "x,y,w,h[@from-to[/period]]"))
  var maskRect: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle that stays as it is, whatever else says of it; written as --mask-rect; repeatable.",
      valueName: "x,y,w,h[@from-to]"))
  var keepRect: [String] = []

  @Option(
    help: ArgumentHelp(
      "What stays as it is, in white: an image or a video as --mask takes them.", valueName: "file"))
  var keepMask: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An image of what is missing in one frame, in white, that is followed along the motion to the others, drawn for a frame @12 or a time @5s; repeatable for one thing in several frames.",
      valueName: "file@frame"))
  var maskTrack: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Frames that are missing altogether, counted from 0.", valueName: "10,20-25"))
  var maskFrames: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A sample value that stands for missing: of luma, of gray, or of red, green and blue alike."))
  var maskValue: Int?

  @Option(help: ArgumentHelp("A colour that stands for missing, such as '#00ff00'.", valueName: "#rrggbb"))
  var maskColor: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle that --mask-value, --mask-color and --detect are limited to; written as --mask-rect; repeatable.",
      valueName: "x,y,w,h[@from-to]"))
  var maskWithin: [String] = []

  @Option(
    help: ArgumentHelp(
      "How far samples may lie from --mask-value (default 0) or --mask-color (default 8), in steps of 8 bits.",
      valueName: "steps"))
  var maskTolerance: Int?

  @Flag(help: "Frames that the decoder flagged as damaged are missing altogether.")
  var maskCorrupt = false

  @Flag(help: "Numbers that a sequence of images skips are frames that are missing altogether.")
  var maskGaps = false

  @Option(
    help: ArgumentHelp(
      "Looks for damage, and what is found is missing: \(DetectArguments.kindNames).", valueName: "kinds"),
    completion: .list(DetectArguments.kindWords))
  var detect: String?

  @OptionGroup var search: DetectArguments

  mutating func validate() throws {
    let options = try options()
    if !options.isEmpty || !options.valuePlaces.isEmpty { try options.validate() }
  }

  /// Refuses a command line without any mask.
  ///
  /// - Throws: `MaskError`.
  func requireSome() throws { try options().validate() }

  /// - Throws: `JobError` or `MaskError`.
  func options() throws -> MaskOptions {
    var options = try OptionSettings([
      .init("mask.polarity", "--mask-polarity", maskPolarity),
      .init("mask.threshold", "--mask-threshold", maskThreshold),
      .init("mask.dilate", "--mask-dilate", maskDilate),
      .init("mask.hold", "--mask-hold", maskHold),
      .init("mask.planes", "--mask-planes", maskPlanes), .init("mask.bayer", "--mask-bayer", maskBayer),
      .init("mask.orientation", "--mask-orientation", maskOrientation),
      .init("mask.frames", "--mask-frames", list: maskFrames), .init("mask.value", "--mask-value", maskValue),
      .init("mask.color", "--mask-color", maskColor),
      .init("mask.tolerance", "--mask-tolerance", maskTolerance),
      .init("mask.detect", "--detect", list: try DetectArguments.words(detect, of: "--detect")),
      search.sensitivity,
      .init("mask.corrupt", "--mask-corrupt", maskCorrupt), .init("mask.gaps", "--mask-gaps", maskGaps),
    ]).masks()
    try search.place(in: &options)
    options.file = mask
    options.rectangles = try maskRect.map(MaskRectangle.init(parsing:))
    options.keptRectangles = try keepRect.map(MaskRectangle.init(parsing:))
    options.keptFile = keepMask
    options.tracks = try maskTrack.map(TrackKey.init(parsing:))
    options.valuePlaces = try maskWithin.map(MaskRectangle.init(parsing:))
    return options
  }
}
