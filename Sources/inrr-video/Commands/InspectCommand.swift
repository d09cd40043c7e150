import ArgumentParser
import Frames
import Inspection
import Pipelines
import Volumes

/// `inrr-video inspect INPUT --result OUTPUT --mask MASK --frame 12 -o panel.png`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect", abstract: "Shows what a restoration changed, frame by frame.",
    discussion: """
      With --frame and -o it makes a labelled picture of the damaged frame, what is missing, the restored frame and what \
      changed; a list of frames makes a sheet. An output that ends in .gif, .mp4, .mkv or .webm is a wipe from one to the \
      other. Of a volume, -o makes a picture of three orthogonal slices through a voxel. With --html it makes a page to look at in a browser, with all of this, plots, windows and the worst frames. With --model it looks at representations that --save-model kept: lists them, or makes a \
      picture of any place and time.
      """)

  @Argument(help: "The damaged video or volume.")
  var input: String?

  @Option(help: ArgumentHelp("The restored video or volume.", valueName: "file"))
  var result: String?

  @Option(help: ArgumentHelp("The undamaged original, for the error.", valueName: "file"))
  var reference: String?

  @Option(
    help: ArgumentHelp(
      "The overlay that --save-overlay wrote: panels show its opacity and colour.", valueName: "file.png"))
  var overlay: String?

  @Option(
    help: ArgumentHelp(
      "The result of --overlay opaque, which panels show beside the result.", valueName: "file"))
  var filled: String?

  @OptionGroup var stream: StreamArgument

  @OptionGroup(title: "What was missing") var mask: MaskArguments

  @OptionGroup(title: "Of volumes") var volume: VolumeArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The voxel that slices go through, from 0 (default: the middle of what was missing).",
      valueName: "x,y,z"))
  var voxel: String?

  @Option(
    name: .customLong("volume"), parsing: .unconditional,
    help: ArgumentHelp("Which volume of a series is shown, from 0.", valueName: "N"))
  var number: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Frames to show, counted from 0.", valueName: "3,10,20-24"))
  var frame: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Shows a part of the picture, in pixels as displayed.", valueName: "x,y,w,h"))
  var crop: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Pixels for each of the video's (default: a size that can be looked at).", valueName: "factor"))
  var zoom: Double?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Picture (.png, .jpg) or wipe (.gif, .mp4, .mkv, .webm).", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Makes a page to look at in a browser: DIR/index.html.", valueName: "dir"))
  var html: String?

  @Option(
    help: ArgumentHelp(
      "The report that the restoration wrote with --metrics, for --html.", valueName: "file.json"))
  var metrics: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Frames that --html shows in full (default: some of all).", valueName: "a-b"))
  var frames: String?

  @OptionGroup(title: "Of saved representations") var model: ModelArguments

  @Flag(name: .shortAndLong, help: "Replaces an output that is there already.")
  var force = false

  mutating func validate() throws {
    if model.file != nil {
      guard input == nil, result == nil, reference == nil, html == nil, metrics == nil, frames == nil,
        zoom == nil
      else {
        throw ValidationError(
          "--model shows a saved representation alone: leave out videos and options of theirs")
      }
      return try model.check(frame: frame, output: output, crop: crop)
    }
    guard model.scale == nil, model.time == nil else {
      throw ValidationError("--scale and --time are of a saved representation: give --model FILE.safetensors")
    }
    guard input != nil, result != nil else {
      throw ValidationError(
        "what is to be looked at? Give <input> --result FILE, or --model FILE.safetensors")
    }
    if let zoom, !PanelJob.zooms.contains(zoom) {
      throw ValidationError(
        "--zoom \(zoom) lies outside \(PanelJob.zooms.lowerBound) ... \(PanelJob.zooms.upperBound)")
    }
    if let input, VolumeFile.isVolume(input) { return try checkVolume() }
    guard voxel == nil, number == nil else {
      throw ValidationError("--voxel and --volume are of volumes: leave them out")
    }
    if try !volume.settings().isEmpty, let input { throw JobError.volumeOptions(for: input) }
    try mask.requireSome()
    guard html != nil || frame != nil || output != nil else {
      throw ValidationError("what is to be shown? Give --frame 12 -o panel.png, or --html DIR for a page")
    }
    if (frame == nil) != (output == nil) {
      throw ValidationError("a panel needs both: give --frame 12 -o panel.png")
    }
    try checkOutputs()
  }

  private func checkVolume() throws {
    guard overlay == nil, filled == nil else {
      throw ValidationError("--overlay and --filled are of videos: leave them out")
    }
    guard frame == nil, crop == nil else {
      throw ValidationError(
        "--frame and --crop are of videos: --voxel x,y,z chooses the slices of a volume, and --frames those of --html"
      )
    }
    guard html != nil || output != nil else {
      throw ValidationError("what is to be shown? Give -o panel.png, or --html DIR for a page")
    }
    try checkOutputs()
  }

  private func checkOutputs() throws {
    for (option, value) in [("--overlay", overlay), ("--filled", filled)] where value != nil {
      if value?.isEmpty == true { throw ValidationError("\(option) is empty: name a file, or leave it out") }
      if output == nil { throw ValidationError("\(option) is shown in panels: give --frame 12 -o panel.png") }
    }
    if html == nil && (metrics != nil || frames != nil) {
      throw ValidationError("--metrics and --frames are of the page: give --html DIR too")
    }
    if html?.isEmpty == true { throw ValidationError("--html is empty: name a folder") }
    if output?.isEmpty == true { throw ValidationError("-o is empty: name a file") }
  }

  mutating func run() throws {
    if model.file != nil { return try model.run(frame: frame, output: output, crop: crop, overwrite: force) }
    guard let input, let result else { return }
    let isVolume = VolumeFile.isVolume(input)
    var files = InspectedFiles(
      input: input, result: result, reference: reference, stream: stream.number, masks: try mask.options())
    files.filled = filled
    files.masks.overlay = overlay.map { .file($0) } ?? .opaque
    (files.volumeMasks, files.spacing) = (try volume.settings().masks, try volume.settings().spacing)
    let place = try voxel.map(VolumePanelJob.voxel(parsing:))
    let chosen = try frame.map(FrameList.init(parsing:))
    let area = try crop.map(Box.init(parsing:))
    let page = try html.map { folder in
      ReportJob(
        files: files, record: try metrics.map(RestorationRecord.init(metrics:)) ?? RestorationRecord(),
        folder: folder, frames: try frames.map { try FrameList.range(parsing: $0) }, overwrite: force)
    }
    try StopSignals.watched(outputs: [output, page?.page].compactMap { $0 }) {
      if isVolume {
        let (number, warn) = (number ?? 0, Console.warning)
        try output.map {
          VolumePanelJob(files: files, voxel: place, number: number, zoom: zoom, output: $0, overwrite: force)
        }?.run(warn: warn)
        try page.map { VolumeReportJob(report: $0, number: number, voxel: place) }?.run(
          warn: warn, isCancelled: StopSignals.hasReceived)
      } else {
        if let chosen, let output {
          let panel = PanelJob(
            files: files, frames: chosen, crop: area, zoom: zoom, output: output, overwrite: force)
          try panel.run(isCancelled: StopSignals.hasReceived)
        }
        try page?.run(isCancelled: StopSignals.hasReceived)
      }
    }
    tell()
  }

  /// Prints where the outputs are.
  private func tell() {
    if let output { print(Figures.line("output", output)) }
    if let html { print(Figures.line("report", RestoreSummary.page(html))) }
  }
}
