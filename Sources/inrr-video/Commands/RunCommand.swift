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

  @Option(
    help: ArgumentHelp(
      "A plan, a part of which is solved, or the draft of one, a part of whose inputs is read: a shard, or what --claim "
        + "or --units say.", valueName: "plan.json"))
  var plan: String?

  @Option(
    help: ArgumentHelp(
      "Which shard, from 0 (default: as the task of a Slurm array or the pod of an indexed Kubernetes job).",
      valueName: "i/n"))
  var shard: String?

  @Option(help: ArgumentHelp("Number of shards, where the cluster does not say it.", valueName: "n"))
  var shardCount: Int?

  @Flag(
    help:
      "Takes pieces of the plan that nobody else is at work on, until all are done; pieces whose owner is gone too."
  )
  var claim = false

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign of its owner after which a piece is taken over (default: 120).", valueName: "s")
  )
  var claimTimeout: Double?

  @Option(
    help: ArgumentHelp(
      "Solves units by their numbers, such as merge names them; reads inputs of a draft.", valueName: "0-2,5")
  )
  var units: String?

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
    if plan == nil && (shard != nil || shardCount != nil || claim || units != nil || claimTimeout != nil) {
      throw ValidationError(
        "shards and units are of plans: make one with inrr-video plan, and give it with --plan")
    }
    if plan != nil && (dryRun || !sets.isEmpty) {
      throw ValidationError("a plan is as it was made: leave out --dry-run and --set")
    }
    if [claim, units != nil, shard != nil || shardCount != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--shard, --claim and --units are three ways to say what to solve: give one")
    }
    if let claimTimeout {
      if !claim { throw ValidationError("--claim-timeout goes with --claim") }
      if !(1...1e6).contains(claimTimeout) {
        throw ValidationError("--claim-timeout \(claimTimeout) is out of range: give 1 to 1000000 seconds")
      }
    }
    if let shardCount, shardCount < 1 { throw ValidationError("--shard-count \(shardCount) is below 1") }
    try SolverArguments.check(threads: threads)
  }

  mutating func run() throws {
    let work = BatchWork(kind: ProgressKind(rawValue: progress) ?? .auto)
    if let plan {
      let units = try units.map(UnitRanges.parse)
      let run = try PlanFile(path: plan).work(threads: threads)
      if claim { return try work.solve(run, .claims(timeout: claimTimeout ?? 120)) }
      if let units { return try work.solve(run, .units(units)) }
      return try work.solve(run, .shard(try shardIndex()))
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
