import Frames
import Overlays
import Reconstruction

/// What a plan knows of a task: its hashes, and the solutions of its units.
struct PlannedResults: Sendable {
  /// The plan, and the input's number in it.
  var plan: ShardPlan
  var number: Int
  var record: Journal.Record
  var frames: Int
  /// By where they lie.
  var keys: [UnitPlace.Key: UnitKey] = [:]
  /// How many frames from outside their windows sites take along.
  var carried: [UnitPlace.Key: Int] = [:]
  /// Nil where masks are to be made again.
  var replay: MaskReplay?
  /// What overlays are made of; nil where none may be seen through.
  var overlays: [OverlayFinding]?

  /// Whether the plan has all units solved.
  var isSolved: Bool { !keys.isEmpty }
}

/// Gives back the units that the shards of a plan solved, by where they lie: their contents are as the plan found them, because
/// the input is, and are not hashed again.
struct PlannedStore: SolutionStore {
  let files: FileSolutionStore
  let results: PlannedResults

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    guard let key = results.keys[unit.place.key] else { return nil }
    return files.solution(key, counts: unit.missingCounts)
  }

  /// What is solved only now would be solved without the frames that the plan had it take along. Says which units of the input
  /// are not whole.
  func save(_ solution: UnitSolution, of unit: any WorkUnit) throws {
    let units = try results.plan.units(of: results.plan.tasks[results.number]).compactMap(\.unitKey)
    let first = results.plan.firstUnits[results.number]
    try UnsolvedUnits(of: units, first: first, in: files, by: files.isWhole).check(results.plan)
    throw JobError.configuration(
      "\(results.record.input): the unit of frames \(unit.firstFrame) to \(unit.firstFrame + unit.frames - 1) was not whole "
        + "when it was read: merge again")
  }

  func carriedFrames(first: Int, frames: Int, box: Box) -> Int? {
    results.carried[UnitPlace.site(first: first, frames: frames, box: box)]
  }
}
