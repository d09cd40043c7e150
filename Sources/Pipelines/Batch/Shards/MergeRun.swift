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

  /// The jobs whose outputs are left to write, if all units are solved. Checksums of videos' units are compared when their
  /// output is written, so that they are read once.
  ///
  /// - Throws: `JobError` of kind `.configuration` that names the units that are missing or cut short, and how they are done again.
  public func batch(isCancelled: @escaping @Sendable () -> Bool = { false }) throws -> BatchPlan {
    let planned = try PlannedBatch(plan, tasks: Array(plan.tasks.indices), threads: threads)
    let firsts = plan.firstUnits
    struct Found {
      var tasks: [BatchTask?]
      var unsolved = UnsolvedUnits()
      var failure: (index: Int, error: any Error)?
    }
    let found = Mutex(Found(tasks: Array(repeating: nil, count: plan.tasks.count)))
    // Waits for files, rather than for processors.
    parallelFor(plan.tasks.count, threads: max(4, planned.run.threads)) { index in
      if isCancelled() { return }
      do {
        let part = try task(index, of: planned, first: firsts[index], isCancelled: isCancelled)
        found.withLock { found in
          found.tasks[index] = part.task
          found.unsolved += part.unsolved
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
    try result.unsolved.check(plan)
    var run = planned.run
    if let parallel { run.parallel = parallel }
    return BatchPlan(file: planned.file, run: run, tasks: result.tasks.compactMap { $0 })
  }

  private func task(
    _ index: Int, of planned: PlannedBatch, first: Int, isCancelled: () -> Bool
  ) throws -> (task: BatchTask?, unsolved: UnsolvedUnits) {
    let entry = plan.tasks[index]
    guard var task = planned.tasks[index] else { return (nil, UnsolvedUnits()) }
    // What could not be read then fails, or not, as in any run.
    if entry.fault != nil && entry.inputHash.isEmpty { return (task, UnsolvedUnits()) }
    let record = try planned.check(index, isCancelled: isCancelled)
    var results = PlannedResults(plan: plan, number: index, record: record, frames: entry.frames)
    let units = planned.isWritten(index) || entry.fault != nil ? [] : try plan.units(of: entry)
    let store = planned.journal.windows(of: entry.output)
    let isVolume = VolumeFile.isVolume(entry.input)
    var keys: [UnitKey] = []
    for unit in units {
      guard let key = unit.unitKey else { throw PlannedBatch.changed(entry) }
      keys.append(key)
      // Units of volumes are told by their contents alone: on a finer grid others lie where these did.
      if !isVolume { results.keys[unit.place.key] = key }
      if !unit.place.outside.isEmpty { results.carried[unit.place.key] = unit.place.outside.count }
    }
    if let block = entry.foundBlock, !results.keys.isEmpty {
      let found = try JSONDecoder().decode(MaskReplay.Found.self, from: plan.data.data(block))
      results.replay = MaskReplay(found, masks: entry.maskBlock, in: plan.data)
    }
    if let block = entry.overlayBlock, !results.keys.isEmpty {
      results.overlays = try OverlayCode.findings(plan.data.data(block))
    }
    task.planned = results
    // A damaged unit of a volume would be solved again, instead of being named.
    let isThere = isVolume ? store.isWhole : store.isComplete
    return (task, UnsolvedUnits(of: keys, first: first, in: store, by: isThere))
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
