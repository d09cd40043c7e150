import ArgumentParser
import Inspection
import Pipelines
import Volumes

/// `inrr-video evaluate --reference REF --result OUT --mask MASK`
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Compares a restored file with the original.")

  @Option(help: ArgumentHelp("The original, undamaged file.", valueName: "file"))
  var reference: String

  @Option(help: ArgumentHelp("The restored file.", valueName: "file"))
  var result: String

  @Option(
    help: ArgumentHelp(
      "The damaged file, which --mask-value, --mask-color, --mask-corrupt and --mask-gaps look at.",
      valueName: "file"))
  var input: String?

  @OptionGroup var stream: StreamArgument

  @OptionGroup(title: "What was missing") var mask: MaskArguments

  @OptionGroup(title: "Of volumes") var volume: VolumeArguments

  @Flag(help: "Prints JSON, with every frame's figures.")
  var json = false

  mutating func validate() throws {
    if try volume.settings().isEmpty && !VolumeFile.isVolume(reference) { try mask.requireSome() }
  }

  mutating func run() throws {
    if VolumeFile.isVolume(reference) { return try evaluateVolumes() }
    if try !volume.settings().isEmpty { throw JobError.volumeOptions(for: reference) }
    let job = EvaluateJob(
      reference: reference, result: result, input: input, stream: stream.number, masks: try mask.options())
    let outcome = try StopSignals.watched {
      try job.run(warn: Console.warning, isCancelled: StopSignals.hasReceived)
    }
    let report = QualityReport(outcome.quality, isLossless: outcome.isLossless)
    print(json ? String(decoding: try report.json(), as: UTF8.self) : QualityText.text(outcome))
    if !outcome.damage.isEmpty { throw ExitStatus.input }
  }

  private func evaluateVolumes() throws {
    let job = VolumeEvaluateJob(
      reference: reference, result: result, input: input, masks: try mask.options(),
      volumeMasks: try volume.settings().masks)
    let quality = try job.run(warn: Console.warning)
    print(
      json ? String(decoding: try QualityReport(quality).json(), as: UTF8.self) : QualityText.text(quality))
  }
}
