import ArgumentParser
import Masks
import Pipelines

/// The options that say what is missing; given together, their union is.
struct MaskArguments: ParsableArguments {
  @Option(
    name: .customLong("mask"),
    help: ArgumentHelp(
      "What is missing, in white: an image for all frames, or a video, a pattern (m_%05d.png) or a folder of images.",
      valueName: "file"))
  var file: String?

  @Option(
    name: .customLong("mask-polarity"),
    help: ArgumentHelp("Which side is missing: white-is-missing or black-is-missing.", valueName: "polarity"))
  var polarity = "white-is-missing"

  @Option(
    name: .customLong("mask-threshold"),
    help: ArgumentHelp("What counts as white: samples from this one up, of 0 ... 255.", valueName: "level"))
  var threshold = 128

  @Option(
    name: .customLong("mask-dilate"),
    help: ArgumentHelp(
      "Grows masks from files, values and colours by this many pixels in every direction.",
      valueName: "radius"))
  var dilate = 0

  @Flag(
    name: .customLong("mask-hold"),
    help: "Lets the last frame of a shorter mask stand for the rest, and ignores the surplus of a longer one."
  )
  var hold = false

  @Option(
    name: .customLong("mask-orientation"),
    help: ArgumentHelp(
      "How masks and rectangles lie: displayed (as a player turns the input) or coded.",
      valueName: "orientation"))
  var orientation = "displayed"

  @Option(
    name: .customLong("mask-rect"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle x,y,w,h in pixels, for some frames with @10-20, @10-, @5s-7.5s or @00:00:05-00:00:07.5; repeatable.",
      valueName: "x,y,w,h[@from-to]"))
  var rectangles: [String] = []

  @Option(
    name: .customLong("mask-frames"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Frames that are missing altogether, counted from 0.", valueName: "10,20-25"))
  var frames: [String] = []

  @Option(
    name: .customLong("mask-value"), parsing: .unconditional,
    help: ArgumentHelp(
      "A sample value that stands for missing: of luma, of gray, or of red, green and blue alike."))
  var value: Int?

  @Option(
    name: .customLong("mask-color"),
    help: ArgumentHelp("A colour that stands for missing, such as '#00ff00'.", valueName: "#rrggbb"))
  var colour: String?

  @Option(
    name: .customLong("mask-tolerance"),
    help: ArgumentHelp(
      "How far samples may lie from --mask-value (default 0) or --mask-color (default 8), in steps of 8 bits.",
      valueName: "steps"))
  var tolerance: Int?

  @Flag(
    name: .customLong("mask-corrupt"),
    help: "Frames that the decoder flagged as damaged are missing altogether.")
  var corrupt = false

  @Flag(
    name: .customLong("mask-gaps"),
    help: "Numbers that a sequence of images skips are frames that are missing altogether.")
  var gaps = false

  mutating func validate() throws {
    let options = try options()
    if !options.isEmpty { try options.validate() }
  }

  /// Refuses a command line that says nothing about what is missing.
  ///
  /// - Throws: `MaskError`.
  func requireSome() throws { try options().validate() }

  /// - Throws: `JobError` or `MaskError`.
  func options() throws -> MaskOptions {
    var options = try OptionSettings([
      .init("mask.polarity", "--mask-polarity", polarity),
      .init("mask.threshold", "--mask-threshold", threshold), .init("mask.dilate", "--mask-dilate", dilate),
      .init("mask.hold", "--mask-hold", hold), .init("mask.orientation", "--mask-orientation", orientation),
      .init("mask.frames", "--mask-frames", list: frames), .init("mask.value", "--mask-value", value),
      .init("mask.color", "--mask-color", colour), .init("mask.tolerance", "--mask-tolerance", tolerance),
      .init("mask.corrupt", "--mask-corrupt", corrupt), .init("mask.gaps", "--mask-gaps", gaps),
    ]).masks()
    options.file = file
    options.rectangles = try rectangles.map(MaskRectangle.init(parsing:))
    return options
  }
}
