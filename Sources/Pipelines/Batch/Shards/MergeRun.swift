import Foundation
import Kernels
import Synchronization
import Volumes

/// Puts solved units together: decodes each input once, and writes its output.
public struct MergeRun: Sendable {
  public let plan: ShardPlan
  /// Worker threads instead of the plan's.
  public let threads: Int?
  /// Outputs that are written at a time, instead of `run.parallel`.
  public let parallel: Int?

  public init(plan: ShardPlan, threads: Int? = nil, parallel: Int? = nil) {
    (self.plan, self.threads, self.parallel) = (plan, threads, parallel)
  }

  /// The jobs whose outputs are left to write, if all units are solved and whole.
  ///
  /// - Throws: `JobError` of kind `.configuration` that names the units that are missing or damaged, and how they are done again.
  public func batch(isCancelled: @escaping @Sendable () -> Bool = { false }) throws -> BatchPlan {
    let planned = try PlannedBatch(plan, tasks: Array(plan.tasks.indices), threads: threads)
    let firsts = plan.firstUnits
    struct Found {
      var tasks: [BatchTask?]
      var missing: [Int] = []
      var broken: [Int] = []
      var failure: (index: Int, error: any Error)?
    }
    let found = Mutex(Found(tasks: Array(repeating: nil, count: plan.tasks.count)))
    // Waits for files, rather than for processors.
    parallelFor(plan.tasks.count, threads: max(4, planned.run.threads)) { index in
      if isCancelled() { return }
      do {
        let part = try task(index, of: planned, isCancelled: isCancelled)
        found.withLock { found in
          found.tasks[index] = part.task
          found.missing += part.missing.map { $0 + firsts[index] }
          found.broken += part.broken.map { $0 + firsts[index] }
        }
      } catch {
        found.withLock { found in
          if found.failure.map({ $0.index > index }) ?? true { found.failure = (index, error) }
        }
      }
    }
    let result = found.withLock { $0 }
    if let failure = result.failure { throw failure.error }
    if isCancelled() { throw JobError.stopped }
    try check(missing: result.missing, broken: result.broken)
    var run = planned.run
    if let parallel { run.parallel = parallel }
    return BatchPlan(file: planned.file, run: run, tasks: result.tasks.compactMap { $0 })
  }

  private func task(
    _ index: Int, of planned: PlannedBatch, isCancelled: () -> Bool
  ) throws -> (task: BatchTask?, missing: [Int], broken: [Int]) {
    let entry = plan.tasks[index]
    guard var task = planned.tasks[index] else { return (nil, [], []) }
    // What could not be read then fails, or not, as in any run.
    if entry.fault != nil && entry.inputHash.isEmpty { return (task, [], []) }
    let record = try planned.check(index, isCancelled: isCancelled)
    var results = PlannedResults(record: record, frames: entry.frames)
    let units = planned.isWritten(index) || entry.fault != nil ? [] : try plan.units(of: entry)
    let store = planned.journal.windows(of: entry.output)
    let isVolume = VolumeFile.isVolume(entry.input)
    var (missing, broken): ([Int], [Int]) = ([], [])
    for (number, unit) in units.enumerated() {
      guard let key = unit.unitKey else { throw PlannedBatch.changed(entry) }
      // Units of volumes are told by their contents alone: on a finer grid others lie where these did.
      if !isVolume { results.keys[unit.place.key] = key }
      if !unit.place.outside.isEmpty { results.carried[unit.place.key] = unit.place.outside.count }
      if store.isWhole(key) { continue }
      if store.hasFile(key) { broken.append(number) } else { missing.append(number) }
    }
    if let block = entry.foundBlock, !results.keys.isEmpty {
      let found = try JSONDecoder().decode(MaskReplay.Found.self, from: plan.data.data(block))
      results.replay = MaskReplay(found, masks: entry.maskBlock, in: plan.data)
    }
    if let block = entry.overlayBlock, !results.keys.isEmpty {
      results.overlays = try OverlayCode.findings(plan.data.data(block))
    }
    task.planned = results
    return (task, missing, broken)
  }

  private func check(missing: [Int], broken: [Int]) throws {
    let all = (missing + broken).sorted()
    if all.isEmpty { return }
    var faults: [String] = []
    if !missing.isEmpty { faults.append("\(missing.count) of \(plan.unitCount) units are not solved yet") }
    if !broken.isEmpty {
      faults.append("the files of \(broken.count) of \(plan.unitCount) units are damaged")
    }
    let names = Set(all.map { unit in plan.firstUnits.lastIndex { $0 <= unit } ?? 0 }).sorted().map {
      PathName.name(of: plan.tasks[min($0, plan.tasks.count - 1)].input)
    }
    let inputs =
      names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    throw JobError.configuration(
      "\(faults.joined(separator: ", and ")) (\(inputs)): run the shards that are left, or these alone, with inrr-video run "
        + "--plan \(plan.path) --units \(UnitRanges.text(all, most: 20)), then merge again")
  }
}

/// Numbers as people write them: 0-2,5.
public enum UnitRanges {
  /// - Parameter most: ranges that are written at most; the rest is left out.
  static func text(_ sorted: [Int], most: Int) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in sorted {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.prefix(most).map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }

  /// - Throws: `JobError` of kind `.configuration`.
  public static func parse(_ text: String) throws -> [ClosedRange<Int>] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
        (0...last).contains(first), last < 1 << 40
      else {
        throw JobError.configuration("--units \(text) is no list of units: write numbers, such as 0-2,5")
      }
      return first...last
    }
  }
}
