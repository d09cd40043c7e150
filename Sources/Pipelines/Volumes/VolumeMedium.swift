import Frames
import Masks
import Reconstruction
import Volumes

/// A volume, or a series of volumes, with its mask and its output.
///
/// Slices are frames, and each volume of a series is a part. For a finer grid all volumes are restored along one axis after
/// the other.
final class VolumeMedium: Medium {
  let noun = "volume"
  private let job: RestoreJob
  private let isEnding: () -> Bool
  private let files: ReadFiles
  private let mask: VolumeMask
  private var file: VolumeFile
  private var volume: Volume
  /// The steps that are left: one on the file's own grid, or several to finer and finer grids.
  private var steps: [GridRefinement?]
  private var isFirstStep = true
  /// How many times finer the grid has become along x, y and z.
  private var factors = [1, 1, 1]
  private var holes: VolumeHoles
  /// The next volume of the step at work.
  private var number = 0
  /// Holes and scales of the volumes around it, as they were before they were restored.
  private var around: [Int: (missing: [UInt8], kept: [UInt8], scale: IntensityScale?)] = [:]
  /// Figures of the step at work.
  private(set) var summary = RestorationSummary()
  private var current: Current?
  /// The slice order of the last volume in which something is missing.
  private var order: SliceOrder?
  /// Times of all steps together.
  private var (reading, writing) = (Stopwatch(), Stopwatch())
  private var fitSeconds = 0.0
  /// Voxels that are known in the input.
  private var knownVoxels = 0
  /// The weight of other volumes in what the first step filled in.
  private var seriesShare = SeriesNeighbours.Share()
  private(set) var damage: String?
  let missingFrames: (touched: Int, whole: Int)? = nil

  /// The volume at work.
  private struct Current {
    let order: SliceOrder
    let missing: Int
    /// Voxels that are no numbers and stay so, with their bytes.
    let kept: (voxels: [UInt8], bytes: [UInt8])
  }

  init(_ job: RestoreJob, _ events: JobEvents, isWritten: Bool) throws {
    (self.job, isEnding) = (job, events.isEnding)
    files = ReadFiles([job.input, job.masks.file])
    let file = try reading.time { try VolumeFile(path: job.input, pages: job.volume.masks.pages) }
    if isWritten { try file.checkOutput(job.output) }
    events.note("\(job.input) is read as \(file.reading)")
    if let doubt = file.doubt { events.warn("\(job.input): \(doubt)") }
    var volume = file.volume
    if let spacing = job.volume.spacing { volume.spacing = spacing }
    let mask = try reading.time {
      try VolumeMask(
        options: job.masks, volumeOptions: job.volume.masks, volume: volume, name: job.input,
        allowsNothing: job.volume.scale != nil)
    }
    for warning in mask.warnings { events.warn(warning) }
    steps = try job.volume.scale.map { try Self.steps($0, of: file, volume, job, events.warn) } ?? [nil]
    (self.file, self.volume, self.mask) = (file, volume, mask)
    holes = VolumeHoles(mask: mask, shape: volume.shape)
    try begin(steps.removeFirst())
  }

  /// The most bytes that a finer volume may take.
  private static var memory: UInt64 { UInt64(MemoryBound.most) }

  /// The steps to a finer grid; nil stands for a step on the file's own grid.
  private static func steps(
    _ scale: VolumeScale, of file: VolumeFile, _ volume: Volume, _ job: RestoreJob, _ warn: (String) -> Void
  ) throws -> [GridRefinement?] {
    let chosen = scale.chosen(for: volume, name: job.input)
    chosen.warning.map(warn)
    if job.volume.masks.keepsNaN {
      throw JobError.configuration(
        "--keep-nan leaves voxels without a number, between which a finer grid has nothing to go by: leave out "
          + "--keep-nan, or --isotropic and --scale")
    }
    try file.checkRefinement(by: chosen.refinement, memory: memory)
    return chosen.refinement.isIdentity ? [nil] : chosen.refinement.steps
  }

  /// Bytes of voxels and masks.
  var bytes: Int { volume.shape.voxels * (volume.shape.volumes * volume.type.size + 4) }

  // MARK: Parts

  var expectedFrames: Int? { volume.shape[(order ?? SliceOrder(along: .z)).frame] * volume.shape.volumes }

  private func begin(_ step: GridRefinement?) throws {
    (number, around, summary) = (0, [:], RestorationSummary())
    guard let step else { return }
    file = try reading.time { try file.refined(by: step, memory: Self.memory) }
    let spacing = step.refined(volume.spacing)
    volume = file.volume
    volume.spacing = spacing
    holes.finer = (step, volume.shape)
    factors = zip(factors, step.factors).map { $0 * $1 }
  }

  func nextPart() throws -> MediumPart? {
    while true {
      if isEnding() { throw RestorationError.cancelled }
      if number == volume.shape.volumes {
        if isFirstStep { knownVoxels = summary.samples - summary.missingSamples }
        if steps.isEmpty { return nil }
        isFirstStep = false
        // The results of one step are known samples of the next.
        holes = VolumeHoles(mask: nil, shape: volume.shape)
        try begin(steps.removeFirst())
      } else if let part = try part() {
        return part
      }
    }
  }

  /// The next volume as a part. A volume in which nothing is missing is passed over, and nil returned.
  private func part() throws -> MediumPart? {
    let (missing, kept, scale) = lookAround()
    let order = SliceOrder(for: volume, missing: missing)
    current = Current(
      order: order, missing: missing.reduce(0) { $0 + Int($1) },
      kept: (kept, volume.voxelBytes(ofVolume: number, where: kept)))
    guard missing.contains(1) else {
      advance(past: order, missing: 0)
      return nil
    }
    self.order = order
    guard let scale else {
      let which = volume.shape.volumes > 1 ? " of volume \(number)" : ""
      throw JobError.configuration(
        "the mask covers every voxel\(which) of \(job.input), so nothing is known to restore from")
    }
    var settings = job.restoration
    settings.volume = SampleSpacing(volume.spacing, order)
    // Voxels that stay without a number are solved like holes, and put back afterwards.
    let stream = VolumeSlices(
      volume, number: number, missing: Self.union(missing, kept), order: order, scale: scale,
      firstIndex: summary.frames)
    return MediumPart(stream: stream, settings: settings, isOfInput: isFirstStep, isOfOutput: steps.isEmpty)
  }

  private func advance(past order: SliceOrder, missing: Int) {
    summary.frames += volume.shape[order.frame]
    summary.samples += volume.shape.voxels
    summary.missingSamples += missing
    number += 1
  }

  func end(_ part: RestorationSummary) {
    guard let current else { return }
    self.current = nil
    blend(current.order, part)
    volume.putVoxelBytes(current.kept.bytes, ofVolume: number, where: current.kept.voxels)
    fitSeconds += part.fitSeconds
    var done = part
    // Counted here from the mask: voxels that are put back are not missing.
    (done.frames, done.samples, done.missingSamples) = (0, 0, 0)
    summary.add(done)
    advance(past: current.order, missing: current.missing)
  }

  /// The holes of the volume at work, and the scale of its known voxels. Keeps those of the volumes around it in a series.
  private func lookAround() -> (missing: [UInt8], kept: [UInt8], scale: IntensityScale?) {
    let reach = volume.shape.volumes > 1 ? SeriesNeighbours.reach : 0
    around = around.filter { $0.key >= number - reach }
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

  /// - Parameter kept: empty for none.
  private static func union(_ missing: [UInt8], _ kept: [UInt8]) -> [UInt8] {
    kept.isEmpty ? missing : zip(missing, kept).map { $0 | $1 }
  }

  /// Blends in predictions from other volumes of the series.
  private func blend(_ order: SliceOrder, _ part: RestorationSummary) {
    if volume.shape.volumes == 1 { return }
    let known = around.compactMapValues { missing, kept, scale in
      scale.map { SeriesNeighbours.Known(missing: Self.union(missing, kept), scale: $0) }
    }
    let share = SeriesNeighbours(volume: volume, known: known, order: order).blend(into: number) { index in
      let slice = summary.frames + index
      var judged = ErrorSum()
      for site in part.sites where (site.firstFrame...site.lastFrame).contains(slice) {
        judged += site.heldOut
      }
      return judged.mean
    }
    if isFirstStep {
      seriesShare.weight += share.weight
      seriesShare.voxels += share.voxels
    }
  }

  // MARK: The output

  func finish(_ warn: (String) -> Void) throws {
    if summary.missingSamples == 0 {
      if mask.isSilent && job.volume.scale == nil {
        throw JobError.configuration(
          "nothing says what is missing in \(job.input), all of whose voxels are numbers: give --mask FILE, "
            + "--missing-slices, --missing-value or --mask-box")
      }
      warn("nothing is missing in \(job.input)\(mask.isSilent ? "" : " by this mask"): the output is a copy")
    }
    try JobError.during(.writing) { try writing.time { try write(warn) } }
    damage = files.change
  }

  func cancel() {}

  private func write(_ warn: (String) -> Void) throws {
    if file.format == .tiff {
      try AtomicFile.replace(job.output, overwrite: job.overwrite) { temporary in
        if file.isChangedInPlace { try AtomicFile.copy(file.path, to: temporary) }
        try file.write(overCopyAt: temporary, output: job.output, warn: warn)
      }
    } else {
      try AtomicFile.write(to: job.output, overwrite: job.overwrite) { put in
        try file.write(to: job.output, put)
      }
    }
  }

  func metrics(total: Double) -> RestoreMetrics {
    // Windows and hold-out figures are of the last step, on the output's grid.
    let missing = summary.samples - knownVoxels
    let axis = order?.frame ?? .z
    let size = volume.size(across: axis)
    var metrics = RestoreMetrics(
      job, summary, width: size.width, height: size.height,
      missingFraction: Double(missing) / Double(max(summary.samples, 1)),
      seconds: .init(decode: reading.seconds, fit: fitSeconds, encode: writing.seconds, total: total))
    let spacing = volume.spacing.usable
    metrics.volume = .init(
      shape: [volume.shape.x, volume.shape.y, volume.shape.z, volume.shape.volumes],
      spacing: [spacing.x, spacing.y, spacing.z], scale: factors,
      otherVolumes: seriesShare.weight / Double(max(missing, 1)), sliceAxis: axis.name)
    return metrics
  }

  var savedVideo: SavedModel.Video {
    let size = volume.size(across: order?.frame ?? .z)
    let spacing = volume.spacing.usable
    let axes = Volume.Slice.axes(across: order?.frame ?? .z)
    return SavedModel.Video(
      input: PathName.name(of: job.input), width: size.width, height: size.height, bitDepth: 16,
      roles: [.luma], redWeight: 0.299, blueWeight: 0.114, isFullRange: true, framesPerSecond: 0,
      sampleAspect: spacing[axes.column] / spacing[axes.row])
  }
}

extension SampleSpacing {
  /// Distances of samples along slices, rows and columns.
  init(_ spacing: VoxelSpacing, _ order: SliceOrder) {
    let usable = spacing.usable
    self.init(frame: usable[order.frame], row: usable[order.row], column: usable[order.column])
  }
}

/// The missing voxels of the volumes of a series, on the grid of the result.
private struct VolumeHoles {
  /// On the grid of `shape`; nil where everything is known there.
  let mask: VolumeMask?
  let shape: VolumeShape
  /// The result's grid; nil where it is the same.
  var finer: (refinement: GridRefinement, shape: VolumeShape)?

  /// The missing voxels of one volume: 1 where missing, x fastest.
  func missing(ofVolume number: Int) -> [UInt8] {
    let missing = mask?.missing(ofVolume: number) ?? Array(repeating: 0, count: shape.voxels)
    return finer.map { $0.refinement.spread(missing, from: shape, to: $0.shape) } ?? missing
  }

  /// The voxels of one volume that are no numbers and stay so: 1 where they are, x fastest; empty for none.
  func kept(ofVolume number: Int) -> [UInt8] { mask?.kept(ofVolume: number) ?? [] }
}
