import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video plan PIPELINE.yaml -o plan.json`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Cuts the jobs of a YAML file into units for several machines.",
    discussion: """
      Then 'run --plan plan.json --shard i/n' on each machine solves units i, i + n, ..., and 'merge plan.json' writes \
      the outputs. The machines share the folders of the inputs and the work folder.
      """)

  @Argument(help: ArgumentHelp("The file of jobs.", valueName: "pipeline.yaml"))
  var file: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The plan.", valueName: "plan.json"))
  var output: String

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A setting instead of the file's; repeatable.", valueName: "key=value"))
  var sets: [String] = []

  @Flag(name: .shortAndLong, help: "Replaces a plan that is there already.")
  var force = false

  mutating func run() throws {
    if !force && FileManager.default.fileExists(atPath: output) {
      throw JobError.output("\(output) exists already: give --force to replace it, or another name with -o")
    }
    let plan = try StopSignals.watched {
      try ShardPlan(yaml: file, sets: sets, isCancelled: StopSignals.hasReceived)
    }
    for fault in plan.faults { Console.warning("\(fault); it has no units, and the merge will report it") }
    try plan.write(to: output)
    print("\(Figures.count(plan.unitCount, "unit"))  \(output)")
  }
}

/// `inrr-video merge plan.json`
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Writes the outputs of a plan whose units are all solved.")

  @Argument(help: ArgumentHelp("The plan.", valueName: "plan.json"))
  var file: String

  @Option(help: ArgumentHelp("Worker threads, instead of run.threads.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("\(ProgressKind.help)", valueName: "kind"), completion: .list(ProgressKind.words))
  var progress = "auto"

  mutating func validate() throws {
    try SolverArguments.check(threads: threads)
    try ProgressKind.check(progress)
  }

  mutating func run() throws {
    let work = BatchWork(kind: ProgressKind(rawValue: progress) ?? .auto)
    try work.run(ShardRun(plan: try ShardPlan(path: file), threads: threads).merged())
  }
}
