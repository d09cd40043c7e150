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
  var file: String?

  @Option(help: ArgumentHelp("A plan, one shard of which is solved.", valueName: "plan.json"))
  var plan: String?

  @Option(
    help: ArgumentHelp(
      "Which shard, from 0 (default: as the task of a Slurm array or the pod of an indexed Kubernetes job).",
      valueName: "i/n"))
  var shard: String?

  @Option(help: ArgumentHelp("Number of shards, where the cluster does not say it.", valueName: "n"))
  var shardCount: Int?

  @Option(
    help: ArgumentHelp(
      "Worker threads of all inputs together, instead of run.threads; results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  @Flag(
    name: [.customShort("n"), .long],
    help: "Says what would be done, why, and what it would take, and does nothing.")
  var dryRun = false

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A setting instead of the file's, such as solve.preset=fast or vars.root=/media; repeatable.",
      valueName: "key=value"))
  var sets: [String] = []

  @Option(
    help: ArgumentHelp("\(ProgressKind.help)", valueName: "kind"), completion: .list(ProgressKind.words))
  var progress = "auto"

  mutating func validate() throws {
    try ProgressKind.check(progress)
    if (file == nil) == (plan == nil) {
      throw ValidationError("give a file of jobs, or --plan with a plan that was made of one")
    }
    if plan == nil && (shard != nil || shardCount != nil) {
      throw ValidationError("shards are of plans: make one with inrr-video plan, and give it with --plan")
    }
    if plan != nil && (dryRun || !sets.isEmpty) {
      throw ValidationError("a plan is as it was made: leave out --dry-run and --set")
    }
    if let shardCount, shardCount < 1 { throw ValidationError("--shard-count \(shardCount) is below 1") }
    try SolverArguments.check(threads: threads)
  }

  mutating func run() throws {
    let work = BatchWork(kind: ProgressKind(rawValue: progress) ?? .auto)
    if let plan {
      return try work.solve(
        ShardRun(plan: try ShardPlan(path: plan), threads: threads), shard: try shardIndex())
    }
    guard let file else { return }
    if try BatchPlan.isExperiment(file) { return try runExperiment(file) }
    let plan = try BatchPlan(yaml: file, sets: sets, threads: threads)
    if dryRun { return try DryRun(job: BatchRun(plan: plan), kind: work.kind).tell() }
    try work.run(plan)
  }

  private func shardIndex() throws -> ShardIndex {
    if let shard { return try ShardIndex(parsing: shard) }
    let environment = ProcessInfo.processInfo.environment
    if let index = try ShardIndex(environment: environment, count: shardCount) { return index }
    throw ValidationError("which shard? Give --shard i/n, or start it as a task of a job array")
  }

  private func runExperiment(_ file: String) throws {
    if dryRun || !sets.isEmpty {
      throw ValidationError(
        "\(file) is an experiment: --dry-run and --set are of jobs; see experiment --help")
    }
    let silence = progress == "none" ? ["--progress", "none"] : []
    var experiment = try ExperimentCommand.parse([file, "--resume"] + silence)
    try experiment.run()
  }
}
