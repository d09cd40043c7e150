import ArgumentParser
import Media
import Pipelines
import Volumes

/// `inrr-video probe INPUT [-o OUTPUT] [--json]`
struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Tells what a file holds and what of it a restoration keeps, without restoring anything.")

  @Argument(
    help:
      "Any video FFmpeg reads, a pattern of images such as frame_%05d.png, or a volume (.nii, .nii.gz, .tif, .npy, archive.npz:name)."
  )
  var input: String

  @OptionGroup var stream: StreamArgument

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The output that is asked about (default: <stem>.restored.<ext> beside the input).", valueName: "file"))
  var output: String?

  @Flag(help: "As if FFV1 were written, which keeps every sample.")
  var lossless = false

  @Option(help: "As if this encoder were used.")
  var codec: String?

  @Option(help: ArgumentHelp("As if this pixel format were written.", valueName: "format"))
  var pixelFormat: String?

  @Option(help: ArgumentHelp("What the pages of a TIFF stack are, slowest first.", valueName: "z,c,t"))
  var stackAs: String?

  @Flag(help: "Prints JSON.")
  var json = false

  mutating func validate() throws {
    if input.isEmpty { throw ValidationError("the input's name is empty: name a video") }
    if output?.isEmpty == true { throw ValidationError("-o is empty: name a file, or leave it out") }
    if lossless && codec != nil {
      throw ValidationError("--lossless writes FFV1: leave out --codec, or give --codec without --lossless")
    }
  }

  mutating func run() throws {
    if VolumeFile.isVolume(input) { return try probeVolume() }
    if stackAs != nil { throw JobError.volumeOptions(for: input) }
    var settings = EncodeSettings(codec: codec, lossless: lossless)
    if let pixelFormat { settings.pixelFormat = pixelFormat }
    let job = ProbeJob(input: input, stream: stream.number, output: output, encoding: settings)
    let outcome = try StopSignals.watched { try job.run(isCancelled: StopSignals.hasReceived) }
    print(json ? String(decoding: try outcome.json(), as: UTF8.self) : ProbeText.text(outcome))
    if let damage = outcome.input.damage {
      Console.warning("\(input) is damaged: \(damage)")
      throw ExitStatus.input
    }
  }

  private func probeVolume() throws {
    let job = VolumeProbeJob(input: input, pages: try stackAs.map(PageOrder.init(parsing:)))
    let outcome = try StopSignals.watched { try job.run(isCancelled: StopSignals.hasReceived) }
    print(json ? String(decoding: try outcome.json(), as: UTF8.self) : ProbeText.text(outcome))
  }
}
