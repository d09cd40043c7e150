import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video experiment FILE.yaml`, or `inrr-video experiment INPUT --pattern random=0.3 --models siren`
struct ExperimentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "experiment", abstract: "Compares models and penalties on one picture or clip.",
    discussion: """
      Takes pixels away from an undamaged picture or clip, reconstructs them by each method, and compares the results \
      with the truth. The experiment is read from a YAML file (see pipelines/paper.yaml), or put together from the \
      options under 'Without a YAML file': every model with every list of penalties.
      """)

  @Argument(help: "A YAML file, or an undamaged image or clip.")
  var file: String

  @OptionGroup(title: "Without a YAML file") var choice: ExperimentArguments

  @Option(help: ArgumentHelp("The undamaged image or clip, instead of the YAML file's.", valueName: "file"))
  var input: String?

  @Option(
    help: ArgumentHelp(
      "A mask's picture, resized as the input is: known where white (the opposite of restore). Instead of the YAML file's mask.",
      valueName: "file"))
  var mask: String?

  @Option(
    help: ArgumentHelp(
      "From which gray on --mask is known, of 1 ... 255 (default 255: white only).", valueName: "level"))
  var maskThreshold: Int?

  @Option(help: "Iterations of every method (default: the YAML file's, or 2000).")
  var iterations: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder of the results (default: <name>.results in this folder).", valueName: "folder")
  )
  var output: String?

  @Option(help: ArgumentHelp("Worker threads (default: all cores); the result does not depend on it."))
  var threads: Int?

  @Option(help: ArgumentHelp("Runs only these methods.", valueName: "name,..."))
  var only: String?

  @Flag(help: "Goes on in the folder: what is finished with the same settings, input and mask is kept.")
  var resume = false

  @Flag(name: .shortAndLong, help: "Replaces results that are there already.")
  var force = false

  @Option(help: ArgumentHelp("plain (a line an observation) or none.", valueName: "kind"))
  var progress = "plain"

  private var isYAML: Bool { [".yaml", ".yml"].contains(PathName.suffix(of: file).lowercased()) }

  mutating func validate() throws {
    if file.isEmpty { throw ValidationError("the name is empty: name a YAML file, an image or a clip") }
    if output?.isEmpty == true { throw ValidationError("--output is empty: name a folder, or leave it out") }
    if resume && force {
      throw ValidationError("--resume keeps results and --force replaces them: give one of them")
    }
    if !["plain", "none"].contains(progress) {
      throw ValidationError("--progress \(progress) is not available: choose plain or none")
    }
    try SolverArguments.check(threads: threads)
    if let iterations, !(1...100_000_000).contains(iterations) {
      throw ValidationError("--iterations \(iterations) lies outside 1 ... 100000000")
    }
    if let maskThreshold, !(1...255).contains(maskThreshold) {
      throw ValidationError("--mask-threshold \(maskThreshold) lies outside 1 ... 255")
    }
    if maskThreshold != nil && mask == nil {
      throw ValidationError("--mask-threshold is of --mask: name one")
    }
    if isYAML, let given = choice.given.first {
      throw ValidationError("\(given) is of experiments without a YAML file: write it into \(file)")
    }
    if !isYAML && input != nil {
      throw ValidationError("--input replaces that of a YAML file, and \(file) is none: name the input once")
    }
  }

  mutating func run() throws {
    var job = ExperimentJob(settings: try settings(), output: "")
    job.output = output ?? "\(job.settings.name).results"
    job.only = only.map { $0.split(separator: ",").map(String.init) }
    job.resumes = resume
    job.overwrites = force
    let reporter = ExperimentReporter(isSilent: progress == "none")
    let results = try StopSignals.watched(outputs: ["\(job.output)/results.json"]) {
      try job.run(warn: Console.warning, observe: reporter.report, isCancelled: StopSignals.hasReceived)
    }
    if progress != "none" { print("results  \(job.output)/results.md") }
    if results.hasFailures { throw ExitStatus.someFailed }
  }

  /// - Throws: `ValidationError` or `JobError`.
  private func settings() throws -> ExperimentSettings {
    var settings: ExperimentSettings
    if isYAML {
      settings = try ExperimentSettings(yaml: file)
      if let input { settings.input = input }
      if let mask { settings.mask.source = .file(mask, threshold: threshold(of: settings.mask)) }
    } else {
      settings = try choice.settings(
        input: file, mask: mask, threshold: maskThreshold ?? ExperimentSettings.Mask.standardThreshold)
    }
    settings.iterationsForAll = iterations
    settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    return settings
  }

  private func threshold(of mask: ExperimentSettings.Mask) -> Int {
    if let maskThreshold { return maskThreshold }
    if case .file(_, let threshold) = mask.source { return threshold }
    return ExperimentSettings.Mask.standardThreshold
  }
}
