import Foundation

/// How far the work on a plan is.
public struct PlanStatus: Sendable, Encodable {
  public var plan: String
  /// What its units are: `units` of a plan, or `inputs` of the draft of one, which are to be read.
  public var stage = "units"
  public var inputs = 0
  /// Inputs whose outputs are written.
  public var inputsWritten = 0
  public var inputsFailed = 0
  public var units = 0
  public var unitsDone = 0
  public var unitsLeft = 0
  /// By the plan, in seconds of a processor.
  public var costDone = 0.0
  public var costLeft = 0.0
  /// Processes that gave a sign in the last two minutes, and that have not ended.
  public var workers = 0
  /// Seconds that all processes worked on units so far.
  public var secondsSpent = 0.0
  /// Seconds until the last unit is solved, if as many processes go on as are at work; null where none is, or none has
  /// solved a unit yet.
  @OrNull public var secondsLeft: Double?
  /// Why inputs or pieces of work could not be done.
  public var failures: [String] = []

  /// Reads what is there of the units and of the processes at work. Reads no input.
  ///
  /// - Throws: `JobError`.
  public init(of plan: ShardPlan) throws {
    self.plan = plan.path
    let batch = try PlannedBatch(plan, tasks: [])
    inputs = plan.tasks.count
    for (number, task) in plan.tasks.enumerated() {
      units += task.units
      if let fault = task.fault {
        failures.append(fault)
        inputsFailed += 1
      }
      if batch.isWritten(number) {
        inputsWritten += 1
        unitsDone += task.units
        costDone += task.cost
        continue
      }
      if task.units == 0 { continue }
      let folder = batch.journal.windows(of: task.output).folder
      // Most inputs are not begun, or done altogether.
      guard access(folder, F_OK) == 0,
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
      else {
        costLeft += task.cost
        continue
      }
      let files = Set(names)
      for unit in try plan.units(of: task) {
        if unit.unitKey.map({ files.contains($0.name) }) ?? false {
          unitsDone += 1
          costDone += unit.cost
        } else {
          costLeft += unit.cost
        }
      }
    }
    unitsLeft = units - unitsDone
    readWorkers(WorkerProgress.folder(of: plan, in: batch.run.work))
  }

  /// The same for the draft of a plan: units are its inputs, which are done once they are read.
  ///
  /// - Throws: `JobError`.
  public init(of draft: PlanDraft) throws {
    (plan, stage) = (draft.path, "inputs")
    let batch = try PlannedBatch(draft.plan, tasks: [])
    let results = draft.results(in: batch.run.work)
    (inputs, units) = (draft.inputCount, draft.inputCount)
    for (number, task) in draft.plan.tasks.enumerated() {
      if !results.isRead(number) {
        let pieces = results.scenes(of: number, pieces: task.pieces).count { access($0, F_OK) == 0 }
        costDone += task.pieceCost * Double(pieces)
        costLeft += task.cost - task.pieceCost * Double(pieces)
        continue
      }
      unitsDone += 1
      costDone += task.cost
      if let fault = results.entry(number)?.task.fault {
        failures.append(fault)
        inputsFailed += 1
      }
    }
    unitsLeft = units - unitsDone
    readWorkers(WorkerProgress.folder(of: draft.plan, in: batch.run.work))
  }

  private mutating func readWorkers(_ folder: String) {
    let now = Date().timeIntervalSince1970
    var (cost, seconds) = (0.0, 0.0)
    for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    where name.hasSuffix(".json") && !name.hasPrefix(".") {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
        let record = try? JSONDecoder().decode(WorkerProgress.Record.self, from: data)
      else { continue }
      if !record.hasEnded && now - record.updated < 120 { workers += 1 }
      (cost, seconds) = (cost + record.cost, seconds + record.seconds)
      for failure in record.failures where !failures.contains(failure) { failures.append(failure) }
    }
    secondsSpent = seconds
    if unitsLeft == 0 {
      secondsLeft = 0
    } else if workers > 0 && cost > 0 {
      secondsLeft = costLeft * (seconds / cost) / Double(workers)
    }
  }

  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// The figures as Prometheus reads them, for the text file collector of its node exporter.
  public var metrics: String {
    let label =
      "{plan=\"\(plan.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\"}"
    let rows: [(String, String, Double)] = [
      ("units", "Units of the plan.", Double(units)),
      ("units_done", "Units that are solved.", Double(unitsDone)),
      ("units_left", "Units that are not solved yet.", Double(unitsLeft)),
      ("cost_done", "Cost of the solved units by the plan, in processor seconds.", costDone),
      ("cost_left", "Cost of the units that are left by the plan, in processor seconds.", costLeft),
      ("inputs", "Inputs of the plan.", Double(inputs)),
      ("inputs_written", "Inputs whose outputs are written.", Double(inputsWritten)),
      ("inputs_failed", "Inputs that can't be restored.", Double(inputsFailed)),
      ("failures", "Failures that were told.", Double(failures.count)),
      ("workers", "Processes at work.", Double(workers)),
      ("seconds_spent", "Seconds that all processes worked on units.", secondsSpent),
    ]
    var text = ""
    for (name, help, value) in rows
      + (secondsLeft.map { [("seconds_left", "Expected seconds to the last unit.", $0)] } ?? [])
    {
      text +=
        "# HELP inrr_video_\(name) \(help)\n# TYPE inrr_video_\(name) gauge\ninrr_video_\(name)\(label) \(value)\n"
    }
    return text
  }

  /// Writes the metrics; a reader sees the whole file, or the one before.
  ///
  /// - Throws: `JobError` of kind `.output`.
  public func writeMetrics(to path: String) throws {
    try AtomicFile.checkFolder(of: path)
    try AtomicFile.write(Data(metrics.utf8), to: path)
  }
}
