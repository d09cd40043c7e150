import Detection
import Foundation
import Frames
import Media
import Reconstruction
import Volumes

/// Makes the units of one input: reads it once, with its masks and what is found in it, and solves nothing.
struct InputPlanner {
  let task: BatchTask
  let data: PlanData
  let hashes: InputHashes
  /// What pieces of the input found in its scenes.
  var known: SceneLibrary?
  let isCancelled: () -> Bool

  /// - Throws: `JobError`, but for an input that can't be restored: the task says why.
  func plan() throws -> ShardPlan.Task {
    let stamp = task.restore.stamp
    let job = task.restore
    let unread = ShardPlan.Task(
      job: task.job, input: job.input, output: job.output, inputHash: "",
      settingsHash: try ResolvedSettings(job: job).digest, stamp: stamp ?? "")
    var planned = unread
    do {
      try TaskInspection.checkInput(of: task)
      planned.maskHash = try TaskInspection.record(of: task, inputHash: "", isCancelled: isCancelled).maskHash
      let digest = try hashes.digest(of: job.input, isCancelled: isCancelled) { hashUpTo in
        // An input that can't be restored has a hash, too.
        planned.fault = try Self.fault { try planUnits(&planned, hashUpTo) }
      }
      planned.inputHash = digest.hash
    } catch let error as JobError where error.kind == .input || error.kind == .configuration {
      planned = unread
      planned.fault = error.description
    }
    return planned
  }

  /// Why an input can't be restored; nil where it can.
  private static func fault(_ plan: () throws -> Void) throws -> String? {
    do { try JobError.during(.reading, plan) } catch let error as JobError
      where error.kind == .input || error.kind == .configuration
    {
      return error.description
    }
    return nil
  }

  /// - Parameter hashUpTo: told how many bytes of the input were read.
  private func planUnits(_ planned: inout ShardPlan.Task, _ hashUpTo: @escaping (Int) -> Void) throws {
    if VolumeFile.isVolume(task.restore.input) { return try planVolume(&planned) }
    do {
      try planVideo(&planned, known: known, hashUpTo)
    } catch is SceneChanged {
      // Reading from the middle on gave other frames than reading all gives: nothing that was found so is used.
      try planVideo(&planned, known: nil, hashUpTo)
    }
  }

  private func add(_ units: [PlannedUnit], to planned: inout ShardPlan.Task) throws {
    (planned.units, planned.cost) = (units.count, units.reduce(0) { $0 + $1.cost })
    if units.isEmpty { return }
    planned.unitBlock = try data.add(json: units)
  }

  private func planVideo(
    _ planned: inout ShardPlan.Task, known: SceneLibrary?, _ hashUpTo: @escaping (Int) -> Void
  ) throws {
    var job = task.restore
    job.knownScenes = known
    let events = JobEvents(isCancelled: isCancelled)
    job.surveyed = try job.surveyedDamage(isCancelled)
    try job.lookAtOverlays(events)
    let medium = try VideoMedium(job, events, isWritten: false)
    var masks = MaskLog(data)
    var keys: [SeekPoint] = []
    var units: [PlannedUnit] = []
    var failure: (any Error)?
    medium.observeFrames { frame, mask in
      if let picture = frame.attachment as? DecodedPicture {
        if picture.isKey { keys.append(SeekPoint(frame: frame.index, time: picture.pts)) }
        hashUpTo(picture.position)
      }
      do { try masks.add(mask, of: frame.index) } catch { failure = failure ?? error }
    }
    guard let part = medium.nextPart() else { return }
    var execution = Execution(threads: task.restore.threads)
    execution.isCancelled = isCancelled
    let frameSamples = part.stream.format.planes.reduce(0) { $0 + $1.count }
    let cost = UnitCost(restoration: part.settings)
    try Restorer(settings: part.settings, execution: execution).visitUnits(of: part.stream) { unit in
      if let failure { throw failure }
      let place = unit.place
      let samples = unit.box.samples(of: part.stream.format) * (place.frames + place.outside.count)
      units.append(
        PlannedUnit(
          place: place, hash: try UnitKey(unit).hexadecimal,
          cost: cost.seconds(of: place, samples: samples, frame: frameSamples)))
    }
    if let failure { throw failure }
    planned.frames = medium.framesRead
    planned.isSought = medium.canSeek
    planned.firstStacked = medium.firstStacked
    if planned.isSought {
      for i in units.indices {
        units[i].key = Self.key(for: units[i].place.first, among: keys)
        let outside = units[i].place.outside.map {
          Self.key(for: $0, among: keys) ?? SeekPoint(frame: 0, time: 0)
        }
        units[i].outsideKeys = outside.isEmpty ? nil : outside
      }
    }
    planned.maskBlock = try masks.finish()
    let options = task.restore.masks
    if options.detection != nil || !options.tracks.isEmpty {
      planned.foundBlock = try data.add(json: medium.found())
    }
    if options.overlay != .opaque {
      planned.overlayBlock = try data.add(OverlayCode.encoded(job.overlays))
    }
    try add(units, to: &planned)
  }

  /// The last key frame at or before a frame; nil where that is the first one of all.
  private static func key(for frame: Int, among keys: [SeekPoint]) -> SeekPoint? {
    var (low, high) = (0, keys.count)
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].frame <= frame { low = middle + 1 } else { high = middle }
    }
    return low > 0 && keys[low - 1].frame > 0 ? keys[low - 1] : nil
  }

  /// Units of volumes are told apart by their numbers.
  private func planVolume(_ planned: inout ShardPlan.Task) throws {
    let notes = UnitLog(cost: UnitCost(restoration: task.restore.restoration))
    var job = task.restore
    job.store = notes
    let events = JobEvents(isStopping: isCancelled, isCancelled: isCancelled)
    // On a finer grid slices are others than the file's.
    planned.isSought = try job.volume.scale == nil && SliceFile(path: job.input) != nil
    var volumes: [PlannedVolume] = []
    let medium = try job.open(events, isWritten: false)
    while let part = try medium.nextPart(), part.isOfInput {
      if planned.isSought {
        if let slices = part.stream as? VolumeSlices, slices.order == SliceOrder(along: .z) {
          volumes.append(try PlannedVolume(slices, data: data))
        } else {
          planned.isSought = false
        }
      }
      try job.restore(part, of: medium, events)
    }
    let (units, failure) = notes.result
    if let failure { throw failure }
    if !volumes.isEmpty { planned.volumeBlock = try data.add(json: volumes) }
    try add(units, to: &planned)
  }
}

extension Box {
  /// Samples of all planes within the box.
  func samples(of format: FrameFormat) -> Int {
    format.planes.reduce(0) { $0 + PlaneBox(self, in: $1).count }
  }
}
