import Frames
import Foundation
import Masks
import Reconstruction
import Volumes

/// What is missing of the volumes of a series, on the grid of the result.
struct VolumeHoles {
  /// On the coarser grid; nil where everything is known there.
  let mask: VolumeMask?
  /// The coarser grid's.
  let shape: VolumeShape
  /// Nil where the result has the same grid.
  var finer: (refinement: GridRefinement, shape: VolumeShape)?

  /// Of one volume, x fastest, 1 where missing.
  func missing(ofVolume number: Int) -> [UInt8] {
    let missing = mask?.missing(ofVolume: number) ?? Array(repeating: 0, count: shape.voxels)
    return finer.map { $0.refinement.spread(missing, from: shape, to: $0.shape) } ?? missing
  }

  /// What of one volume is no number and stays so, x fastest, 1 where it does; empty for none.
  func kept(ofVolume number: Int) -> [UInt8] { mask?.kept(ofVolume: number) ?? [] }
}

/// The volumes of a series, one after the other, restored in place.
struct VolumeRestoration {
  let job: RestoreJob
  let volume: Volume
  let holes: VolumeHoles
  private(set) var summary = RestorationSummary()
  private(set) var reading = Stopwatch()
  /// That of the last volume in which something is missing.
  private(set) var order: SliceOrder?
  private var heldOut = (error: 0.0, samples: 0)
  /// What is known of the volumes around the one at work, asked for before they are changed; nil where nothing is.
  private var around: [Int: (missing: [UInt8], kept: [UInt8], scale: IntensityScale?)] = [:]
  /// How much other volumes of the series counted.
  private(set) var seriesShare = SeriesNeighbours.Share()

  init(job: RestoreJob, volume: Volume, holes: VolumeHoles) {
    (self.job, self.volume, self.holes) = (job, volume, holes)
  }

  /// - Throws: `RestorationError`, or `JobError` where nothing is known.
  mutating func run(observe: (JobProgress) -> Void, isStopping: () -> Bool, isCancelled: () -> Bool) throws {
    for number in 0..<volume.shape.volumes {
      if isStopping() || isCancelled() { throw RestorationError.cancelled }
      try restore(number, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
    }
  }

  private mutating func restore(
    _ number: Int, observe: (JobProgress) -> Void, isStopping: () -> Bool, isCancelled: () -> Bool
  ) throws {
    let volume = volume
    let (missing, kept, scale) = lookAround(number)
    let count = missing.reduce(0) { $0 + Int($1) }
    let order = SliceOrder(for: volume, missing: missing)
    let slices = volume.shape[order.frame]
    let first = summary.frames
    if count > 0 {
      self.order = order
      guard let scale else {
        let which = volume.shape.volumes > 1 ? " of volume \(number)" : ""
        throw JobError(
          .configuration,
          "the mask covers every voxel\(which) of \(job.input), so nothing is known to restore from")
      }
      // Nothing is known of what stays without a number: it is solved like a hole, and put back.
      let before = summary
      let bytes = volume.voxelBytes(ofVolume: number, where: kept)
      defer { volume.putVoxelBytes(bytes, ofVolume: number, where: kept) }
      let stream = VolumeSlices(
        volume, number: number, missing: Self.union(missing, kept), order: order, scale: scale,
        firstIndex: first)
      var settings = job.restoration
      let spacing = volume.spacing.usable
      settings.volume = SampleSpacing(
        frame: spacing[order.frame], row: spacing[order.row], column: spacing[order.column])
      let announced = slices * volume.shape.volumes
      let part = try Restorer(settings: settings, store: job.store).restore(
        from: stream, masks: stream, to: stream,
        observe: { progress in
          var now = JobProgress(progress, announcedFrames: announced)
          now.framesRead += before.frames
          now.framesWritten += before.frames
          now.framesSolved += Double(before.frames)
          observe(now)
        }, isStopping: isStopping, isCancelled: isCancelled)
      add(part)
      blend(number, order, part)
    }
    summary.frames = first + slices
    summary.samples += volume.shape.voxels
    summary.missingSamples += count
  }

  /// What is missing of a volume, and the scale of all else; keeps the same of those around it, of a series.
  private mutating func lookAround(_ number: Int)
    -> (missing: [UInt8], kept: [UInt8], scale: IntensityScale?)
  {
    let reach = volume.shape.volumes > 1 ? SeriesNeighbours.reach : 0
    around = around.filter { $0.key >= number - reach }
    let (holes, volume) = (holes, volume)
    for other in number...min(number + reach, volume.shape.volumes - 1) where around[other] == nil {
      around[other] = reading.time {
        let missing = holes.missing(ofVolume: other)
        let kept = holes.kept(ofVolume: other)
        let scale = IntensityScale(volume, number: other, missing: Self.union(missing, kept))
        return (missing, kept, scale)
      }
    }
    return around[number] ?? ([], [], nil)
  }

  /// - Parameter kept: empty for nothing.
  private static func union(_ missing: [UInt8], _ kept: [UInt8]) -> [UInt8] {
    kept.isEmpty ? missing : zip(missing, kept).map { $0 | $1 }
  }

  /// Lets other volumes of the series have their say where they are known.
  private mutating func blend(_ number: Int, _ order: SliceOrder, _ part: RestorationSummary) {
    if volume.shape.volumes == 1 { return }
    let known = around.compactMapValues { missing, kept, scale in
      scale.map { SeriesNeighbours.Known(missing: Self.union(missing, kept), scale: $0) }
    }
    let neighbours = SeriesNeighbours(volume: volume, known: known, order: order)
    let first = summary.frames
    let share = neighbours.blend(into: number) { index in
      let judged = part.windows.filter {
        ($0.firstFrame...$0.lastFrame).contains(first + index) && $0.holdoutSamples > 0
      }
      let samples = judged.reduce(0.0) { $0 + Double($1.holdoutSamples) }
      let error = judged.reduce(0.0) {
        $0 + Double($1.holdoutSamples) * pow(10, -($1.holdoutPSNR ?? 100) / 10)
      }
      return samples > 0 ? error / samples : nil
    }
    seriesShare.weight += share.weight
    seriesShare.voxels += share.voxels
  }

  private mutating func add(_ part: RestorationSummary) {
    summary.windows += part.windows
    summary.fitSeconds += part.fitSeconds
    let samples = part.windows.reduce(0) { $0 + $1.holdoutSamples }
    guard let psnr = part.holdoutPSNR, samples > 0 else { return }
    heldOut.error += pow(10, -psnr / 10) * Double(samples)
    heldOut.samples += samples
    summary.holdoutPSNR = min(100, -10 * log10(max(heldOut.error / Double(heldOut.samples), 1e-10)))
  }
}
