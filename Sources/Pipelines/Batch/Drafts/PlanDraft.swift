import Foundation

/// The first stage of a plan: inputs that are still to be read, by any number of machines. What each of them finds (frames, masks,
/// damage, units) is kept in the work folder, and the plan is put together of it without reading an input again.
///
/// A file like a plan's, without units. It is written once and never changed.
public struct PlanDraft: Sendable {
  let plan: ShardPlan

  public var path: String { plan.path }
  public var inputCount: Int { plan.inputCount }

  init(_ plan: ShardPlan) { self.plan = plan }

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is no draft, one of another
  ///   version, or of a user who is not trusted.
  public init(path: String) throws {
    plan = try ShardPlan.read(path)
    if plan.isDraft != true {
      throw JobError.configuration("\(path) is a plan already: make a draft with inrr-video plan --draft")
    }
  }

  /// Where what was found in the inputs is kept.
  func results(in work: String) -> DraftResults { DraftResults(folder: "\(plan.folder(in: work))/read") }
}

/// A plan, or the draft of one: both are worked on in the same ways.
public enum PlanFile: Sendable {
  case plan(ShardPlan)
  case draft(PlanDraft)

  /// - Throws: `JobError`: `.input` for a file that can't be read, `.configuration` for one that is neither, one of another
  ///   version, or of a user who is not trusted.
  public init(path: String) throws {
    let plan = try ShardPlan.read(path)
    self = plan.isDraft == true ? .draft(PlanDraft(plan)) : .plan(plan)
  }

  /// - Parameter threads: worker threads instead of the file's.
  public func work(threads: Int?) -> any PlanWork {
    switch self {
    case .plan(let plan): ShardRun(plan: plan, threads: threads)
    case .draft(let draft): DraftRun(draft: draft, threads: threads)
    }
  }

  /// - Throws: `JobError`.
  public func status() throws -> PlanStatus {
    switch self {
    case .plan(let plan): try PlanStatus(of: plan)
    case .draft(let draft): try PlanStatus(of: draft)
    }
  }
}

extension PlanMaker {
  /// Writes down the inputs of a plan. Reads none, but for the beginnings of long ones, which are cut into pieces where damage is
  /// looked for scene by scene.
  ///
  /// - Parameter part: the part of the inputs to plan; nil for all.
  /// - Throws: `JobError`.
  public func draft(
    yaml: String, sets: [String], part: ShardIndex? = nil, output: String
  ) throws -> PlanDraft {
    var (plan, batch, old) = try begin(yaml: yaml, sets: sets, part: part, output: output)
    plan.isDraft = true
    for task in batch.tasks where ShardIndex.isOurs(task.restore.output, part) {
      if isCancelled() { throw JobError.stopped }
      var entry = ShardPlan.Task(
        job: task.job, input: task.restore.input, output: task.restore.output, inputHash: "",
        settingsHash: try ResolvedSettings(job: task.restore).digest, stamp: "")
      let size = Self.size(of: task.restore.input)
      // A day of film has some gigabytes; the rest is for opening. As good as can be told without reading.
      (entry.units, entry.cost) = (1, ((0.02 + size * 1e-6) * 1000).rounded() / 1000)
      if size > Self.leastCut { entry.cuts = ScenePiece.cuts(of: task.restore, frames: Self.pieceFrames) }
      plan.tasks.append(entry)
    }
    try finish(&plan, instead: old, work: batch.run.work)
    return PlanDraft(plan)
  }

  /// Frames of a piece of an input that is looked through by itself, and bytes of inputs that are looked at whether they can be
  /// cut.
  private static let (pieceFrames, leastCut) = (4096, 4e6)

  /// Bytes of the files of an input.
  private static func size(of input: String) -> Double {
    ContentDigest.files(input).reduce(0.0) { sum, file in
      var status = stat()
      return stat(file, &status) == 0 ? sum + Double(status.st_size) : sum
    }
  }
}
