import Detection
import Fitting
import Masks
import Media
import Reconstruction
import Spelling
import Volumes

/// The keys of a file of batch jobs: one table for the reader and for `pipelines/schema.json`.
enum BatchSchema {
  static let file: [SettingKey] = [
    .init("version", .integer(1...1), "version of this format", isRequired: true),
    .init("vars", .named(.scalar), "values that ${name} stands for anywhere in the file"),
    .init("defaults", .mapping(settings), "settings of all jobs"),
    .init("jobs", .list(.mapping(job)), "what to restore, and how", isRequired: true),
    .init("run", .mapping(run), "how the jobs are run"),
  ]

  static let job: [SettingKey] =
    [
      .init("name", .text, "what messages and the report call the job"),
      .init(
        "inputs", .oneOrMore(.text),
        "paths or patterns (*, ?, [abc], and ** for any folders), relative to this file", isRequired: true),
      .init("exclude", .oneOrMore(.text), "patterns of inputs to leave out"),
      .init(
        "output", .text,
        "the restored file, with {stem} {ext} {name} {relpath} {dir} of the input; "
          + "left out, <stem>.restored<ext> beside the input"),
      .init("metrics", .text, "a report in JSON for each input, with the placeholders of output"),
      .init("matrix", .named(.list(.scalar)), "values of variables, every combination of which is a job"),
      .init("override", .list(.mapping(override)), "settings of inputs that match a pattern"),
    ] + settings

  static let override: [SettingKey] =
    [
      .init(
        "match", .oneOrMore(.text), "patterns of names, or of paths where they have a /", isRequired: true)
    ]
    + settings

  /// The groups of defaults, jobs and overrides.
  static let settings: [SettingKey] = [
    .init("mask", .mapping(mask), "what is missing; the union of all that is given"),
    .init("solve", .mapping(solve), "how it is reconstructed"),
    .init("encode", .mapping(encode), "how the output is written"),
    .init(
      "stream", .integer(0...9999),
      "which of the input's video streams is restored, as probe numbers them; left out, the one that moves"),
    .init("streams", .mapping(streams), "what goes into the output beside the video; all of it if left out"),
  ]

  static let mask: [SettingKey] = [
    .init(
      "file", .text,
      "an image, a video, a pattern or a folder of images, with the placeholders of output, relative to this file"
    ),
    .init(
      "volume", .text,
      "of volumes: a volume of the same size that is not 0 where voxels are missing, with the placeholders of output"
    ),
    .init(
      "slices", .oneOrMore(.parsed { _ = try SliceRange.list(parsing: $0) }),
      "of volumes: slices that are missing altogether, such as 10,20-25"),
    .init("axis", .choice(VolumeAxis.allCases.map(\.name)), "the axis that slices are counted along"),
    .init(
      "boxes", .oneOrMore(.parsed { _ = try VoxelBox(parsing: $0) }),
      "of volumes: boxes of missing voxels, x,y,z,w,h,d"),
    .init(
      "missing_value", .number(-.greatestFiniteMagnitude ... .greatestFiniteMagnitude),
      "of volumes: a number that stands for missing"),
    .init(
      "polarity", .choice(MaskPolarity.allCases.map(\.rawValue)), "which side of the threshold is missing"),
    .init("threshold", .integer(0...255), "what counts as white"),
    .init("dilate", .integer(0...MaskOptions.largestDilation), "radius in pixels by which masks grow"),
    .init("rects", .list(RectangleSettings.shape), "rectangles in pixels of the picture"),
    .init(
      "keep_file", .text, "what stays as it is, in white: as file, with the placeholders of output"),
    .init(
      "track", .list(TrackSettings.shape),
      "images of one thing, each drawn for a frame, that is followed to the others"),
    .init(
      "overlay", .text,
      "whether what is missing may be a logo that lets the picture through: auto, opaque, or a file of --save-overlay, with the placeholders of output"
    ),
    .init("keep_rects", .list(RectangleSettings.shape), "rectangles that stay as they are"),
    .init(
      "frames", .oneOrMore(.parsed { _ = try FrameInterval.list(parsing: $0) }),
      "frames that are missing altogether, such as 10,20-25"),
    .init("value", .integer(0...65535), "a sample value that stands for missing"),
    .init(
      "color", .parsed { _ = try MaskColour(parsing: $0) },
      "a colour that stands for missing, such as '#00ff00'"),
    .init("tolerance", .integer(0...255), "how far samples may lie from value or color"),
    .init(
      "detect", .oneOrMore(.choice(DamageKind.offered.map(\.rawValue))),
      "kinds of damage that are looked for in the input; what is found is missing"),
    .init(
      "detect_sensitivity", .number(0...1),
      "from 0 (what is certain alone) to 1 (faint damage too, at the price of false alarms)"),
    .init(
      "detect_regions", .list(RectangleSettings.shape), "rectangles outside of which nothing is found"),
    .init(
      "within", .list(RectangleSettings.shape), "rectangles that value, color and detect are limited to"),
    .init("corrupt", .flag, "frames that the decoder flagged as damaged are missing"),
    .init("gaps", .flag, "numbers that a sequence of images skips are missing frames"),
    .init(
      "keep_nan", .flag,
      "voxels that are no numbers stay as they are where nothing else says that they are missing; of volumes"),
    .init(
      "planes", .parsed { _ = try MaskPlanes(parsing: $0) },
      "the planes that masks are of, such as chroma or red,blue; channels: red, green and blue of file are masks of a plane each"
    ),
    .init(
      "bayer", .choice(BayerPattern.allCases.map(\.rawValue)),
      "the mosaic of a sensor: of each sample one colour is known"),
    .init("hold", .flag, "the last frame of a shorter mask stands for the rest"),
    .init(
      "orientation", .choice(MaskOptions.Orientation.allCases.map(\.rawValue)), "how masks and rectangles lie"
    ),
  ]

  static let solve: [SettingKey] = [
    .init("preset", .choice(Preset.allCases.map(\.rawValue)), "how much time to take"),
    .init("model", .choice(ModelKind.allCases.map(\.rawValue)), "the representation"),
    .init("coordinates", .choice(CoordinateMode.allCases.map(\.rawValue)), "what is represented at once"),
    .init(
      "regularizers", .oneOrMore(.parsed { _ = try RegularizerSettings.list(parsing: $0) }),
      "penalties and their weights, such as inrr=auto,tv=1e-3, or none"),
    .init("iterations", .integer(SolverLimits.iterations), "of the fit"),
    .init("seed", .integer(0...Int.max), "start of the random numbers"),
    .init("grain", .number(SolverLimits.grain), "how much of the noise that holes lack is added"),
    .init(
      "interlaced_as_frames", .flag, "solves interlaced frames as whole pictures instead of field by field"),
    .init(
      "stack_as", .parsed { _ = try PageOrder(parsing: $0) },
      "what the pages of TIFF stacks are, slowest first: slices z, channels c, time points t, such as z or t=5,z=12"
    ),
    .init(
      "isotropic", .flag,
      "of volumes: fills in slices, rows or columns until voxels are as nearly cubes as whole factors make them"
    ),
    .init(
      "scale", .parsed { _ = try VolumeScale(parsing: $0) },
      "of volumes: how many times finer the grid becomes along x, y and z, such as 1,1,3"),
    .init(
      "spacing", .parsed { _ = try VolumeSettings.spacing(parsing: $0) },
      "of volumes: distances of voxels along x, y and z, such as 0.5,0.5,2; left out, what the file says"),
    .init("window", .mapping(window), "what is solved together"),
  ]

  static let window: [SettingKey] = [
    .init("frames", .integer(SolverLimits.window), "frames that are solved together"),
    .init("overlap", .integer(0...SolverLimits.window.upperBound), "frames that successive windows share"),
    .init("tile", .word("auto", or: .integer(SolverLimits.tile)), "largest side of a tile in pixels"),
  ]

  static let encode: [SettingKey] = [
    .init("codec", .parsed { try checkName($0, of: .encoder) }, "FFmpeg's name of the encoder"),
    .init("crf", .number(0...63), "constant rate factor"),
    .init("lossless", .flag, "writes FFV1, which keeps every sample"),
    .init(
      "pixel_format", .parsed { try checkName($0, of: .pixelFormat) },
      "FFmpeg's name of the pixel format, or source"),
    .init(
      "options", .oneOrMore(.parsed { try checkOption($0) }), "options of the encoder, such as tune=film"),
  ]

  /// Checks names before hours of work fail because of one.
  private static func checkName(_ text: String, of kind: EncodingName) throws {
    if kind == .pixelFormat && text == "source" || kind.isKnown(text) { return }
    let (what, list) =
      kind == .encoder ? ("video encoder", "ffmpeg -encoders") : ("pixel format", "ffmpeg -pix_fmts")
    throw JobError.configuration(
      "this FFmpeg has no \(what) called '\(text)'\(Spelling.hint(for: text, among: kind.all)); see \(list)")
  }

  private static func checkOption(_ text: String) throws {
    if EncoderOption(parsing: text) == nil {
      throw JobError.configuration("'\(text)' is not key=value: write for example tune=film")
    }
  }

  static let streams: [SettingKey] = [
    .init("audio", .choice(CopyOrDrop.allCases.map(\.rawValue)), "sound"),
    .init("subtitles", .choice(CopyOrDrop.allCases.map(\.rawValue)), "subtitles"),
    .init(
      "data", .choice(CopyOrDrop.allCases.map(\.rawValue)),
      "everything else: data, attachments such as fonts, and cover art"),
    .init("chapters", .flag, "chapters are kept"),
    .init("metadata", .flag, "tags of the file and of its streams are kept"),
  ]

  /// Whether a kind of stream is copied.
  enum CopyOrDrop: String, CaseIterable {
    case copy, drop
  }

  static let run: [SettingKey] = [
    .init("parallel", .integer(1...256), "inputs that are restored at the same time; they share the threads"),
    .init("threads", .integer(SolverLimits.threads), "worker threads of all together"),
    .init("retries", .integer(0...100), "further attempts where disk or memory was full"),
    .init(
      "on_error", .choice(BatchRunSettings.OnError.allCases.map(\.rawValue)),
      "what a failed input does to the rest"),
    .init(
      "skip_existing", .choice(BatchRunSettings.SkipExisting.allCases.map(\.rawValue)),
      "verified: outputs whose content, input and settings are as recorded; always: any output; never: none"),
    .init("report", .text, "the report in JSON, relative to this file"),
    .init(
      "max_memory", .parsed { _ = try ByteCount.parse($0) }, "bound on the memory of each reconstruction"),
    .init("work", .text, "the folder of what is recorded and resumed from, relative to this file"),
  ]
}
