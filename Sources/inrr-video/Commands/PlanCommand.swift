import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video plan PIPELINE.yaml -o plan.json`
struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan", abstract: "Cuts the jobs of a YAML file into units for several machines.",
    discussion: """
      Each input is read once. Then 'run --plan plan.json --shard i/n' on each machine solves its part of the units, or \
      'run --plan plan.json --claim' takes units as it goes, 'status plan.json' says how far they are, and 'merge \
      plan.json' writes the outputs. The machines share the folders of the inputs, of the plan and of the work.

      Where reading takes long, as where damage is looked for, machines share it too: 'plan --draft' writes down the \
      inputs, 'run --plan draft.json --shard i/n' or '--claim' reads them, and 'plan --from draft.json' makes the plan.
      """)

  @Argument(help: ArgumentHelp("The file of jobs.", valueName: "pipeline.yaml"))
  var file: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The plan.", valueName: "plan.json"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Adds the inputs that are new to a plan that is there; work on it goes on.", valueName: "plan.json"))
  var append: String?

  @Flag(help: "Writes down the inputs and reads none: that is done by 'run --plan', on several machines.")
  var draft = false

  @Option(
    help: ArgumentHelp(
      "Makes the plan of what was found in the inputs of a draft, all of which are read.",
      valueName: "draft.json"))
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Plans a part of the inputs only, from 0: several machines plan, each its part, and each plan is worked on by "
        + "itself.", valueName: "i/n"))
  var shard: String?

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A setting instead of the file's; repeatable.", valueName: "key=value"))
  var sets: [String] = []

  @Flag(name: .shortAndLong, help: "Replaces a plan that is there already.")
  var force = false

  mutating func validate() throws {
    if [append != nil, from != nil, draft].filter({ $0 }).count > 1 {
      throw ValidationError("--draft, --from and --append are three things to do: give one")
    }
    let isOfJobs = append == nil && from == nil
    if isOfJobs && (file == nil || output == nil) {
      throw ValidationError(
        "give a file of jobs and -o plan.json, --append with a plan, or --from with a draft and -o plan.json")
    }
    if append != nil && (file != nil || output != nil || force || shard != nil || !sets.isEmpty) {
      throw ValidationError(
        "--append takes the file of jobs and the settings from the plan: leave out everything else")
    }
    if from != nil && (file != nil || output == nil || shard != nil || !sets.isEmpty) {
      throw ValidationError(
        "--from takes the file of jobs and the settings from the draft: give -o plan.json, and leave out everything else"
      )
    }
  }

  mutating func run() throws {
    let maker = PlanMaker(isCancelled: StopSignals.hasReceived)
    if let append {
      let before = try ShardPlan(path: append)
      let (plan, added) = try StopSignals.watched { try maker.append(to: append) }
      tell(plan, after: before)
      let units = Figures.count(plan.unitCount - before.unitCount, "unit")
      print("\(Figures.count(added, "new input")), \(units) more, \(plan.unitCount) in all  \(append)")
      return
    }
    guard let output else { return }
    if !force && FileManager.default.fileExists(atPath: output) {
      throw JobError.output("\(output) exists already: give --force to replace it, or another name with -o")
    }
    let plan: ShardPlan
    if let from {
      let draft = try PlanDraft(path: from)
      plan = try StopSignals.watched { try maker.make(from: draft, output: output) }
    } else {
      guard let file else { return }
      let part = try shard.map(ShardIndex.init(parsing:))
      if draft {
        let draft = try StopSignals.watched { [sets] in
          try maker.draft(yaml: file, sets: sets, part: part, output: output)
        }
        print("\(Figures.count(draft.inputCount, "input"))  \(output)")
        return
      }
      plan = try StopSignals.watched { [sets] in
        try maker.make(yaml: file, sets: sets, part: part, output: output)
      }
    }
    tell(plan, after: nil)
    print("\(Figures.count(plan.unitCount, "unit"))  \(output)")
  }

  /// Warns of inputs that are bad or slow, of those that an earlier plan did not have.
  private func tell(_ plan: ShardPlan, after before: ShardPlan?) {
    for fault in plan.faults.dropFirst(before?.faults.count ?? 0) {
      Console.warning("\(fault); it has no units, and the merge will report it")
    }
    for input in plan.unsoughtInputs.dropFirst(before?.unsoughtInputs.count ?? 0) {
      Console.warning("\(input) can't be read from its middle: shards decode it from its beginning on")
    }
  }
}

/// `inrr-video merge plan.json`
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Writes the outputs of a plan whose units are all solved.",
    discussion: """
      Each input is decoded once, and each output encoded once. Units that are missing or damaged are named with the \
      command that does them again.
      """)

  @Argument(help: ArgumentHelp("The plan.", valueName: "plan.json"))
  var file: String

  @Option(help: ArgumentHelp("Worker threads, instead of run.threads.", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("Outputs that are written at a time, instead of run.parallel.", valueName: "n"))
  var parallel: Int?

  @Option(
    help: ArgumentHelp("\(ProgressKind.help)", valueName: "kind"), completion: .list(ProgressKind.words))
  var progress = "auto"

  mutating func validate() throws {
    try SolverArguments.check(threads: threads)
    try ProgressKind.check(progress)
    if let parallel, !(1...256).contains(parallel) {
      throw ValidationError("--parallel \(parallel) is out of range: give 1 to 256")
    }
  }

  mutating func run() throws {
    let work = BatchWork(kind: ProgressKind(rawValue: progress) ?? .auto)
    let merge = MergeRun(plan: try ShardPlan(path: file), threads: threads, parallel: parallel)
    try work.run(StopSignals.watched { try merge.batch(isCancelled: StopSignals.hasReceived) })
  }
}
