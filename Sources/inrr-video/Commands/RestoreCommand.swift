import ArgumentParser
import Foundation
import Media
import Pipelines
import Volumes

/// `inrr-video [restore] INPUT --mask MASK`
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Reconstructs the missing pixels of a video or volume (the default).")

  @Argument(
    help:
      "Any video FFmpeg reads, - for standard input, a pattern of images such as frame_%05d.png, or a volume (.nii, .nii.gz, .tif, .npy, archive.npz:name)."
  )
  var input: String

  @OptionGroup var stream: StreamArgument
  @OptionGroup(title: "What is missing") var mask: MaskArguments
  @OptionGroup(title: "What is missing") var overlay: OverlayArguments
  @OptionGroup(title: "Of volumes") var volume: VolumeArguments
  @OptionGroup(title: "Of volumes") var grid: VolumeGridArguments
  @OptionGroup(title: "Reconstruction") var solver: SolverArguments
  @OptionGroup(title: "Output") var output: OutputArguments

  @Option(
    help: ArgumentHelp("\(ProgressKind.help)", valueName: "kind"), completion: .list(ProgressKind.words))
  var progress = "auto"

  mutating func validate() throws {
    if input.isEmpty { throw ValidationError("the input's name is empty: name a video") }
    // A volume has other options for masks, and may have voxels that are no numbers.
    if try volumeSettings().isEmpty && !VolumeFile.isVolume(input) { try mask.requireSome() }
    try ProgressKind.check(progress)
  }

  mutating func run() throws {
    let job = try self.job()
    let kind = ProgressKind(rawValue: progress) ?? .auto
    let isPiped = job.output == StandardStream.path
    let reporter = kind.reporter(isOutputPiped: isPiped)
    let notice = job.resumes ? BatchWork.notice : nil
    let result = try StopSignals.watched(notice: notice, outputs: [job.output]) {
      do {
        return try job.run(
          warn: { reporter.warn($0) }, note: { reporter.note($0) }, observe: { reporter.update($0) },
          isStopping: StopSignals.hasReceived,
          isCancelled: { job.resumes ? BatchWork.isCancelled() : StopSignals.hasReceived() })
      } catch let error as JobError {
        reporter.end()
        throw Self.hinted(error, job)
      }
    }
    if let damage = result.damage { reporter.warn(damage) }
    reporter.end()
    switch kind {
    case .json: JSONProgress.write(try JSONProgress.doneLine(result), toErrors: isPiped)
    case .none: break
    case .auto, .bar, .plain, .summary:
      let summary = RestoreSummary.text(result, output: output, input: input)
      if isPiped { Console.write(summary + "\n") } else { print(summary) }
    }
    if result.damage != nil { throw ExitStatus.input }
  }

  /// The error with a hint about --resume.
  private static func hinted(_ error: JobError, _ job: RestoreJob) -> JobError {
    let (folder, windows) = job.resumable
    if job.resumes {
      guard [.cancelled, .tryAgain, .output].contains(error.kind), windows > 0 else { return error }
      return JobError(
        error.kind,
        "\(error.description); \(Figures.count(windows, "solved window")) of it \(windows == 1 ? "is" : "are") kept in "
          + "\(folder): the same command goes on from there")
    }
    guard error.kind == .cancelled, job.resumeObstacle == nil else { return error }
    return JobError(
      .cancelled,
      "\(error.description), and nothing of it is kept: with --resume what is solved is, and the same command goes on "
        + "from there")
  }

  private func volumeSettings() throws -> VolumeSettings { try volume.settings(grid: grid.options) }

  private func job() throws -> RestoreJob {
    let threads = try solver.threadCount()
    var job = RestoreJob(
      input: input,
      output: try output.output ?? OutputPath.standard(forInput: input, lossless: output.lossless),
      masks: try mask.options(), restoration: try solver.settings(),
      encoding: try output.encodeSettings(threads: threads), overwrite: output.force,
      metrics: output.metrics)
    job.threads = threads
    job.masks.overlay = overlay.choice
    job.savedOverlay = overlay.saveOverlay
    job.volume = try volumeSettings()
    job.report = output.report
    job.stream = stream.number
    job.interlacedAsFrames = solver.interlacedAsFrames
    job.savedModel = output.saveModel
    job.savedMask = output.saveMask
    job.resumes = output.resume
    return job
  }
}
