import ArgumentParser
import Media
import Pipelines

/// The options of the file that is written.
struct OutputArguments: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The restored file, or - for standard output (default: <stem>.restored.<ext> beside the input).",
      valueName: "file"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "FFmpeg's name of the container (default: by the output's name; nut on standard output).",
      valueName: "name"), completion: .list(["nut", "y4m", "matroska", "mp4", "mov", "mpegts"]))
  var container: String?

  @Flag(
    help:
      "Writes Y4M: frames as they are, for programs that read nothing else (-o - | x264 --demuxer y4m -); as --container y4m."
  )
  var y4m = false

  @Flag(name: .shortAndLong, help: "Replaces an output that is there already.")
  var force = false

  @Flag(
    help:
      "Keeps what is solved in OUTPUT.resume until the output is complete, and goes on with what is there."
  )
  var resume = false

  @Flag(help: "Keeps every sample: writes FFV1, or a picture's own lossless format.")
  var lossless = false

  @Option(
    help: "FFmpeg's name of the encoder (default: one for the input's codec, else libx264).",
    completion: .list(["libx264", "libx265", "libsvtav1", "libvpx-vp9", "prores_ks", "dnxhd", "ffv1"]))
  var codec: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "An option of the encoder by FFmpeg's name; repeatable; takes precedence over --crf.",
      valueName: "key=value"))
  var encoderOption: [String] = []

  @Option(help: "Quality of encoders that have a constant rate factor: smaller is better (default 16).")
  var crf: Double?

  @Option(
    help: ArgumentHelp("FFmpeg's name of the pixel format (default: the input's).", valueName: "format"),
    completion: .list([
      "yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "gray", "gray16le",
      "rgb24",
    ]))
  var pixelFormat: String?

  @Flag(help: "Leaves sound out of the output.")
  var noAudio = false

  @Flag(help: "Leaves subtitles out.")
  var noSubtitles = false

  @Flag(help: "Leaves out data, attachments such as fonts, and cover art.")
  var noData = false

  @Flag(help: "Leaves chapters out.")
  var noChapters = false

  @Flag(help: "Leaves out tags of the file and of its streams.")
  var noMetadata = false

  @Option(help: ArgumentHelp("Writes a report in JSON.", valueName: "file.json"))
  var metrics: String?

  @Option(help: ArgumentHelp("Makes a page to look at in a browser: DIR/index.html.", valueName: "dir"))
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Saves the fitted representations (tucker) for inspect --model.", valueName: "file.safetensors"))
  var saveModel: String?

  @Option(
    help: ArgumentHelp(
      "Writes first what is going to be filled, in white: a video, or a picture where it is the same in all frames.",
      valueName: "file.mkv|file.png"))
  var saveMask: String?

  mutating func validate() throws {
    if saveMask?.isEmpty == true {
      throw ValidationError("--save-mask is empty: name a file, or leave it out")
    }
    if resume && saveModel != nil {
      throw ValidationError(
        "--save-model saves what is fitted, and --resume leaves that out where it can: give one of them")
    }
    if saveModel?.isEmpty == true {
      throw ValidationError("--save-model is empty: name a file, or leave it out")
    }
    if report?.isEmpty == true { throw ValidationError("--report is empty: name a folder, or leave it out") }
    if y4m && container != nil {
      throw ValidationError("--y4m is --container y4m: leave one of them out")
    }
    if y4m && output == nil {
      throw ValidationError("--y4m needs an output: -o - for standard output, or -o FILE.y4m")
    }
    if output?.isEmpty == true { throw ValidationError("-o is empty: name a file, or leave it out") }
    if metrics?.isEmpty == true { throw ValidationError("--metrics is empty: name a file, or leave it out") }
    _ = try encodeSettings(threads: 1)
  }

  /// - Throws: `JobError`.
  func encodeSettings(threads: Int) throws -> EncodeSettings {
    func kept(_ isDropped: Bool) -> String { isDropped ? "drop" : "copy" }
    var settings = try OptionSettings([
      .init("encode.lossless", "--lossless", lossless ? true : nil), .init("encode.codec", "--codec", codec),
      .init("encode.crf", "--crf", crf), .init("encode.pixel_format", "--pixel-format", pixelFormat),
      .init("encode.options", "--encoder-option", list: encoderOption),
      .init("streams.audio", "--no-audio", kept(noAudio)),
      .init("streams.subtitles", "--no-subtitles", kept(noSubtitles)),
      .init("streams.data", "--no-data", kept(noData)),
      .init("streams.chapters", "--no-chapters", !noChapters),
      .init("streams.metadata", "--no-metadata", !noMetadata),
    ]).encoding(threads: threads)
    settings.container = y4m ? "y4m" : container
    return settings
  }
}
