import ArgumentParser
import Detection
import Foundation
import Masks
import Media
import Pipelines

/// `inrr-video detect INPUT --kinds scratches -o mask.mkv`
struct DetectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Looks for damage, and writes a mask of it and a list of what was found.",
    discussion: """
      The mask is white where something was found: a video with the input's times, for --mask of a restoration. The list \
      lies beside it, mask.json for mask.mkv: every find with its kind, frames, box, area and confidence. --report makes a \
      page of the finds to look at before anything is filled. \
      'inrr-video INPUT --detect KINDS' looks for damage and restores it in one go.
      """)

  @Argument(
    help: "Any video FFmpeg reads, - for standard input, or a pattern of images such as frame_%05d.png.")
  var input: String

  @OptionGroup var stream: StreamArgument

  @Option(
    help: ArgumentHelp(
      "What is looked for: some of \(DetectArguments.kindNames).", valueName: "kinds"),
    completion: .list(DetectArguments.kindWords))
  var kinds = DamageKind.usual.map(\.rawValue).joined(separator: ",")

  @OptionGroup var search: DetectArguments

  @Option(
    help: ArgumentHelp("Grows what is found by this many pixels in every direction.", valueName: "radius"))
  var maskDilate = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A rectangle in which nothing is marked; written as --detect-region; repeatable.",
      valueName: "x,y,w,h[@from-to]"))
  var keepRect: [String] = []

  @Option(help: ArgumentHelp("An image or a video that is white where nothing is marked.", valueName: "file"))
  var keepMask: String?

  @Option(
    help: ArgumentHelp(
      "How rectangles and --keep-mask lie: displayed (as a player turns the input) or coded.",
      valueName: "orientation"), completion: .list(["displayed", "coded"]))
  var maskOrientation = "displayed"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The mask: .mkv (or .y4m, for other programs), or .png where all frames have the same (default: <stem>.mask.mkv beside the input).",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Makes a page that shows the finds in a browser, the least certain first: DIR/index.html.",
      valueName: "dir"))
  var report: String?

  @Option(help: ArgumentHelp("Makes a picture of the least certain finds (.png, .jpg).", valueName: "file"))
  var panel: String?

  @Flag(name: .shortAndLong, help: "Replaces files that are there already.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Worker threads (default: all cores); the result does not depend on it.", valueName: "threads"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("\(ProgressKind.help)", valueName: "kind"), completion: .list(ProgressKind.words))
  var progress = "auto"

  mutating func validate() throws {
    if input.isEmpty { throw ValidationError("the input's name is empty: name a video") }
    if report?.isEmpty == true { throw ValidationError("--report is empty: name a folder, or leave it out") }
    if panel?.isEmpty == true { throw ValidationError("--panel is empty: name a file, or leave it out") }
    try ProgressKind.check(progress)
    try SolverArguments.check(threads: threads)
    _ = try masks()
  }

  mutating func run() throws {
    var job = DetectJob(
      input: input, masks: try masks(), output: try output ?? DetectJob.standardOutput(forInput: input))
    (job.stream, job.overwrite) = (stream.number, force)
    job.views = DetectViews(folder: report, panel: panel)
    job.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let kind = ProgressKind(rawValue: progress) ?? .auto
    let reporter = kind.reporter()
    let result = try StopSignals.watched(outputs: [job.output, job.list] + job.views.files) {
      do {
        return try job.run(
          warn: { reporter.warn($0) }, observe: { reporter.update($0) }, isCancelled: StopSignals.hasReceived)
      } catch {
        reporter.end()
        throw error
      }
    }
    if let damage = result.damage { reporter.warn(damage) }
    reporter.end()
    switch kind {
    case .json: JSONProgress.write(try JSONProgress.doneLine(result, of: job))
    case .none: break
    case .auto, .bar, .plain, .summary: print(DetectSummary.text(result, of: job))
    }
    if result.damage != nil { throw ExitStatus.input }
  }

  private func masks() throws -> MaskOptions {
    let words = try DetectArguments.words(kinds, of: "--kinds")
    var options = try OptionSettings([
      .init("mask.detect", "--kinds", list: words), search.sensitivity,
      .init("mask.dilate", "--mask-dilate", maskDilate),
      .init("mask.orientation", "--mask-orientation", maskOrientation),
    ]).masks()
    try search.place(in: &options)
    options.keptRectangles = try keepRect.map(MaskRectangle.init(parsing:))
    options.keptFile = keepMask
    try options.validate()
    return options
  }
}
