import Foundation
import Frames
import Media
import Reconstruction
import Volumes

/// Solves units of one input, one after the other, and keeps them in the work folder.
final class UnitWorker {
  private let batch: PlannedBatch
  private let number: Int
  private let task: BatchTask
  private let planned: ShardPlan.Task
  let units: [PlannedUnit]
  private let store: FileSolutionStore
  private let isStopping: () -> Bool
  private let isCancelled: () -> Bool
  private var video: Video?

  /// The input, once it is opened: its frames in order, and those outside windows.
  private struct Video {
    var frames: PlannedFrames
    var outside: PlannedFrames?
    var outsideFrames: [Int: MaskedFrame] = [:]
    let restorer: Restorer
  }

  /// - Parameter isStopping: asked between units.
  /// - Throws: `JobError` where the input is not the plan's.
  init(
    _ batch: PlannedBatch, task number: Int, isStopping: @escaping () -> Bool,
    isCancelled: @escaping () -> Bool
  ) throws {
    (self.batch, self.number, planned) = (batch, number, batch.plan.tasks[number])
    (self.isStopping, self.isCancelled) = (isStopping, isCancelled)
    _ = try batch.check(number, isCancelled: { isStopping() || isCancelled() })
    guard let task = batch.tasks[number] else { throw PlannedBatch.changed(planned) }
    self.task = task
    units = try batch.plan.units(of: planned)
    store = batch.journal.windows(of: planned.output)
  }

  /// Solves the units that are not solved yet.
  ///
  /// - Parameters:
  ///   - chosen: their numbers among those of the input, in order.
  ///   - observe: told each unit that is there now, and the seconds that it took; 0 for one that was there.
  /// - Returns: how many were solved now.
  /// - Throws: `JobError`.
  func solve(_ chosen: Range<Int>, observe: (PlannedUnit, Double) -> Void = { _, _ in }) throws -> Int {
    if VolumeFile.isVolume(task.restore.input) { return try solveVolume(chosen, observe: observe) }
    var solved = 0
    for unit in units[chosen] {
      if isStopping() || isCancelled() { throw JobError.stopped }
      guard let key = unit.unitKey else { throw PlannedBatch.changed(planned) }
      if store.isWhole(key) {
        observe(unit, 0)
        continue
      }
      let start = ContinuousClock.now
      try JobError.during(.reading) { try solve(unit, key) }
      solved += 1
      observe(unit, (ContinuousClock.now - start).inSeconds)
    }
    return solved
  }

  private func solve(_ unit: PlannedUnit, _ key: UnitKey) throws {
    var video = try self.video ?? open()
    // Let go of while it changes, or its frames would be copied.
    self.video = nil
    defer { self.video = video }
    var found = try made(unit, key, in: &video)
    if found == nil && video.frames.isSought {
      // Some files say that a frame needs no other, and it does.
      try video.frames.distrust()
      (video.outside, video.outsideFrames) = (nil, [:])
      found = try made(unit, key, in: &video)
    }
    guard let found else {
      throw JobError.configuration(
        "\(planned.input): frames \(unit.place.first) to \(unit.end - 1) are decoded to other samples here than when the "
          + "plan was made: use the same FFmpeg on all machines, or make the plan anew with inrr-video plan --force"
      )
    }
    let solution = try video.restorer.solve(found, format: video.frames.format)
    try JobError.during(.writing) { try store.save(solution, key) }
  }

  private func open() throws -> Video {
    Video(
      frames: try PlannedFrames(task.restore, planned, data: batch.plan.data),
      restorer: Restorer(settings: task.restore.restoration, execution: execution))
  }

  /// The unit, made of the input's frames; nil where it is not that of the plan.
  private func made(_ unit: PlannedUnit, _ key: UnitKey, in video: inout Video) throws -> (any WorkUnit)? {
    let place = unit.place
    guard place.first >= 0, place.frames > 0, place.frames < 1 << 24, place.first < 1 << 40 else {
      return nil
    }
    guard let window = try video.frames.frames(place.first..<unit.end, from: unit.key) else { return nil }
    let keys = Dictionary(
      zip(place.outside, unit.outsideKeys ?? []), uniquingKeysWith: { first, _ in first })
    video.outsideFrames = video.outsideFrames.filter { place.outside.contains($0.key) }
    for frame in place.outside.sorted() where video.outsideFrames[frame] == nil {
      var outside = try video.outside ?? PlannedFrames(task.restore, planned, data: batch.plan.data)
      if !video.frames.isSought && outside.isSought { try outside.distrust() }
      video.outside = nil
      defer { video.outside = outside }
      guard let found = try outside.frames(frame..<frame + 1, from: keys[frame])?.first else { return nil }
      video.outsideFrames[frame] = found
    }
    let found = try video.restorer.unit(at: place, of: window, format: video.frames.format) {
      video.outsideFrames[$0]
    }
    guard let found, try UnitKey(found) == key else { return nil }
    return found
  }

  private var execution: Execution {
    var execution = Execution(threads: task.restore.threads)
    (execution.isStopping, execution.isCancelled) = (isStopping, isCancelled)
    return execution
  }

  /// Units of volumes, from the slices that they need where the file has these at known places.
  private func solveVolume(_ chosen: Range<Int>, observe: (PlannedUnit, Double) -> Void) throws -> Int {
    let open = units[chosen].filter { unit in !(unit.unitKey.map { store.isWhole($0) } ?? false) }
    if open.isEmpty { return 0 }
    let sought = try JobError.during(.reading) {
      try PlannedSlices(task.restore, planned, data: batch.plan.data, execution: execution)
    }
    guard var slices = sought else { return try solveWholeVolume(chosen) }
    var solved = 0
    for unit in open {
      if isStopping() || isCancelled() { throw JobError.stopped }
      let start = ContinuousClock.now
      let found = try JobError.during(.reading) { try slices.unit(at: unit.place) }
      guard let key = unit.unitKey, let found, try UnitKey(found) == key else {
        return try solved + solveWholeVolume(chosen)
      }
      let solution = try JobError.during(.reading) {
        try slices.restorer.solve(found, format: slices.format)
      }
      try JobError.during(.writing) { try store.save(solution, key) }
      solved += 1
      observe(unit, (ContinuousClock.now - start).inSeconds)
    }
    return solved
  }

  private func solveWholeVolume(_ chosen: Range<Int>) throws -> Int {
    let some = ChosenUnits(store, units: units, chosen: Set(chosen))
    try task.restore.visitUnits(some, isStopping: isStopping, isCancelled: isCancelled)
    if some.mismatch != nil || some.end != units.count { throw PlannedBatch.changed(planned) }
    return some.solved
  }
}
