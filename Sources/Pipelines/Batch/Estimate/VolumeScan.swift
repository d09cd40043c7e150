import Frames
import Reconstruction
import Synchronization

extension InputScan {
  /// Scans a volume by going through all of its parts without solving them.
  init(volume job: RestoreJob, _ isCancelled: @escaping () -> Bool) throws {
    let start = ContinuousClock.now
    var warnings: [String] = []
    let units = UnitNotes()
    var job = job
    job.store = units
    let events = JobEvents(warn: { warnings.append($0) }, isCancelled: isCancelled)
    let medium = try VolumeMedium(job, events, isWritten: false)
    var (format, frames, memory) = (FrameFormat(width: 0, height: 0, bitDepth: 16, roles: [.luma]), 0, 0.0)
    while let part = try medium.nextPart() {
      let before = units.seen.withLock { $0.sites.count }
      try job.restore(part, of: medium, events)
      format = part.stream.format
      let sites = units.seen.withLock { Array($0.sites[before...]) }
      memory = max(memory, part.settings.memory(for: sites, frames: medium.summary.frames, format: format))
    }
    frames = medium.summary.frames
    let seen = units.seen.withLock { $0 }
    self.init(
      format: format, frames: frames, sites: seen.sites, memory: memory + Double(medium.bytes),
      warnings: warnings, largest: seen.largest.map { (Self.whole(of: $0), Self.masks(of: $0)) })
    volume = seen.largest.map {
      (Self.slices(of: $0), $0.settings, (ContinuousClock.now - start).inSeconds)
    }
  }

  private static func whole(of unit: SiteUnit) -> Box {
    Box(x: 0, y: 0, width: unit.box.width, height: unit.box.height)
  }

  /// The slices of a unit for a trial: from the first missing voxels on.
  private static func some(of unit: SiteUnit) -> Range<Int> {
    let first = (unit.missing.firstIndex(of: 1) ?? 0) / unit.box.area
    // Start two slices earlier, so that the trial has known slices before the hole.
    let start = max(0, min(first - 2, unit.samples.frames - SolverTrial.mostFrames))
    return start..<min(unit.samples.frames, start + SolverTrial.mostFrames)
  }

  private static func masks(of unit: SiteUnit) -> [FrameMask] {
    some(of: unit).map { t in
      FrameMask(
        width: unit.box.width, height: unit.box.height,
        missing: Array(unit.missing[t * unit.box.area..<(t + 1) * unit.box.area]))
    }
  }

  private static func slices(of unit: SiteUnit) -> [Frame] {
    let format = FrameFormat(width: unit.box.width, height: unit.box.height, bitDepth: 16, roles: [.luma])
    return some(of: unit).map { t in
      let values = unit.samples.planes[0].values[t * unit.box.area..<(t + 1) * unit.box.area]
      return Frame(format: format, values: [Array(values)], index: t)
    }
  }
}

/// Notes the units that it is asked for, and answers with empty solutions.
private final class UnitNotes: SolutionStore {
  struct Seen {
    var sites: [ExpectedSite] = []
    var largest: SiteUnit?
  }

  let seen = Mutex(Seen())

  func solution(of unit: any WorkUnit) -> UnitSolution? {
    // Volumes have nothing but sites.
    guard let unit = unit as? SiteUnit else { return nil }
    let samples = unit.samples.planes.reduce(0) { $0 + $1.values.count }
    seen.withLock { seen in
      seen.sites.append(
        ExpectedSite(firstFrame: unit.firstFrame, frames: unit.frames, box: unit.box, samples: samples))
      if samples > seen.largest?.samples.planes.reduce(0, { $0 + $1.values.count }) ?? 0 {
        seen.largest = unit
      }
    }
    return .unread(of: unit)
  }

  func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
}
