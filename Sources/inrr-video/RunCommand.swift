import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video run PIPELINE.yaml`
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Does the jobs of a YAML file, one after the other or several at a time.",
    discussion: """
      Outputs that are complete and whose input, masks and settings are as they were are skipped, and windows that an \
      interrupted run solved are not solved again. An input that fails does not keep the others from being done. A \
      file with the key 'experiment' is run as 'experiment --resume' does.
      """)

  @Argument(help: ArgumentHelp("The file of jobs (see pipelines/README.md).", valueName: "pipeline.yaml"))
  var file: String

  @Flag(name: [.customShort("n"), .long], help: "Says what would be done and why, and does nothing.")
  var dryRun = false

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A setting in the place of the file's, such as solve.preset=fast or vars.root=/media; repeatable.",
      valueName: "key=value"))
  var sets: [String] = []

  @Option(
    help: ArgumentHelp(
      "auto (a bar on a terminal, else plain), bar, plain, json (a line each on standard output) or none.",
      valueName: "kind"))
  var progress = "auto"

  /// Seconds that the windows at work have to be solved in after a signal whose sender waits for the end.
  private static let grace = 12.0

  mutating func validate() throws {
    if ProgressKind(rawValue: progress) == nil {
      throw ValidationError("--progress \(progress) is not available: choose auto, bar, plain, json or none")
    }
  }

  mutating func run() throws {
    if try BatchPlan.isExperiment(file) { return try runExperiment() }
    let plan = try BatchPlan(yaml: file, sets: sets)
    let job = BatchRun(plan: plan)
    let kind = ProgressKind(rawValue: progress) ?? .auto
    if dryRun { return try tell(job, as: kind) }
    let reporter = BatchReporter(plan: plan, kind: kind)
    let written = plan.tasks.map(\.restore.output) + [plan.run.reportPath, "\(plan.run.work)/journal/-"]
    let signals = StopSignals(others: [SIGUSR1], cleanUp: { TemporaryFiles.remove(besideAll: written) })
    let report = try withExtendedLifetime(signals) {
      try job.run(
        observe: reporter.report, isStopping: { StopSignals.received != nil },
        isCancelled: {
          // Whoever sends these kills what has not ended by itself soon after.
          [SIGTERM, SIGUSR1].contains(StopSignals.received ?? 0)
            && StopSignals.secondsSinceReceived > Self.grace
        })
    }
    reporter.end()
    switch kind {
    case .json: print(try BatchSummary.line(report, path: plan.run.reportPath))
    case .none: break
    case .auto, .bar, .plain: print(BatchSummary.text(report, path: plan.run.reportPath))
    }
    if let signal = StopSignals.received, report.count(of: .stopped) > 0 {
      // A request to save is answered as one to end.
      throw ExitStatus.stopped(by: signal == SIGUSR1 ? SIGTERM : signal)
    }
    if report.count(of: .failed) > 0 { throw ExitStatus.someFailed }
  }

  private func tell(_ job: BatchRun, as kind: ProgressKind) throws {
    let states = job.states()
    for (task, state) in zip(job.plan.tasks, states) {
      switch kind {
      case .json: print(try BatchSummary.line(task, state))
      default: print(BatchSummary.text(task, state, skip: job.plan.run.skipExisting))
      }
    }
    if states.contains(where: { if case .failure = $0 { true } else { false } }) {
      throw ExitStatus.someFailed
    }
  }

  private func runExperiment() throws {
    if dryRun || !sets.isEmpty {
      throw ValidationError(
        "\(file) is an experiment: --dry-run and --set are of jobs; see experiment --help")
    }
    let silence = progress == "none" ? ["--progress", "none"] : []
    var experiment = try ExperimentCommand.parse([file, "--resume"] + silence)
    try experiment.run()
  }
}
