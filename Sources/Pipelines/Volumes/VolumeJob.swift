import Foundation
import Frames
import Masks
import Media
import Reconstruction
import Volumes

/// One volume, or series of volumes, to restore: slices are the frames of the reconstruction, and each volume of a
/// series is restored by itself.
struct VolumeJob {
  let job: RestoreJob

  /// As `RestoreJob.run`.
  func run(
    warn tell: (String) -> Void, note: (String) -> Void, observe: (JobProgress) -> Void,
    isStopping: () -> Bool,
    isCancelled: () -> Bool
  ) throws -> RestoreResult {
    var said: [String] = []
    func warn(_ sentence: String) {
      said.append(sentence)
      tell(sentence)
    }
    do {
      let start = ContinuousClock.now
      try checkSettings()
      try job.checkPaths(warn)
      let files = ReadFiles([job.input, job.masks.file])
      var reading = Stopwatch()
      var file = try reading.time { try VolumeFile(path: job.input, pages: job.volume.masks.pages) }
      try file.checkOutput(job.output)
      note("\(job.input) is read as \(file.reading)")
      if let doubt = file.doubt { warn("\(job.input): \(doubt)") }
      var volume = file.volume
      if let spacing = job.volume.spacing { volume.spacing = spacing }
      let mask = try reading.time {
        try VolumeMask(
          options: job.masks, volumeOptions: job.volume.masks, volume: volume, name: job.input,
          allowsNothing: job.volume.scale != nil)
      }
      for warning in mask.warnings { warn(warning) }
      var steps: [GridRefinement?] = [nil]
      if let scale = job.volume.scale {
        let chosen = scale.chosen(for: volume, name: job.input)
        chosen.warning.map(warn)
        if job.volume.masks.keepsNaN {
          throw JobError(
            .configuration,
            "--keep-nan leaves voxels without a number, between which a finer grid has nothing to go by: leave out "
              + "--keep-nan, or --isotropic and --scale")
        }
        try file.checkRefinement(by: chosen.refinement, memory: Self.memory)
        if !chosen.refinement.isIdentity { steps = chosen.refinement.steps }
      }
      var holes = VolumeHoles(mask: mask, shape: volume.shape)
      var done: [VolumeRestoration] = []
      for step in steps {
        if let step {
          file = try reading.time { try file.refined(by: step, memory: Self.memory) }
          let spacing = step.refined(volume.spacing)
          volume = file.volume
          volume.spacing = spacing
          holes.finer = (step, volume.shape)
        }
        var restoration = VolumeRestoration(job: job, volume: volume, holes: holes)
        try restoration.run(observe: observe, isStopping: isStopping, isCancelled: isCancelled)
        if isCancelled() { throw RestorationError.cancelled }
        done.append(restoration)
        // What one step fills in is known to the next one.
        holes = VolumeHoles(mask: nil, shape: volume.shape)
      }
      guard let restoration = done.last else { throw RestorationError.cancelled }
      if restoration.summary.missingSamples == 0 {
        if mask.isSilent && job.volume.scale == nil {
          throw JobError(
            .configuration,
            "nothing says what is missing in \(job.input), all of whose voxels are numbers: give --mask FILE, "
              + "--missing-slices, --missing-value or --mask-box")
        }
        warn(
          "nothing is missing in \(job.input)\(mask.isSilent ? "" : " by this mask"): the output is a copy")
      }
      var writing = Stopwatch()
      try writing.time { try write(file, warn) }
      let change = files.change
      var metrics = metrics(done, start: start, reading: reading.seconds, writing: writing.seconds)
      metrics.warnings = said + (change.map { [$0] } ?? [])
      if let path = job.metrics { try job.writeReport(metrics, to: path) }
      observe(JobProgress(finished: restoration.summary, announcedFrames: restoration.summary.frames))
      return RestoreResult(metrics: metrics, damage: change)
    } catch {
      throw JobError(error, while: .reading)
    }
  }

  /// Bytes that a finer volume may take.
  private static var memory: UInt64 { UInt64(MemoryBound.most) }

  /// Refuses what volumes do not have.
  private func checkSettings() throws {
    let encoding = job.encoding
    if encoding.codec != nil || encoding.pixelFormat != EncodeSettings().pixelFormat
      || encoding.crf != EncodeSettings().crf || !encoding.options.isEmpty || encoding.container != nil
      || job.stream != nil
    {
      throw JobError(
        .configuration,
        "\(job.input) is a volume, which is written as it was read: leave out --codec, --crf, --pixel-format, "
          + "--encoder-option, --container and --stream"
      )
    }
    if job.report != nil || job.savedModel != nil {
      throw JobError(.configuration, "--report and --save-model are of videos: \(job.input) is a volume")
    }
  }

  private func write(_ file: VolumeFile, _ warn: (String) -> Void) throws {
    do {
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
    } catch {
      throw JobError(error, while: .writing)
    }
  }

  private func metrics(
    _ steps: [VolumeRestoration], start: ContinuousClock.Instant, reading: Double, writing: Double
  ) -> RestoreMetrics {
    // Windows and hold-out figures are those of the last step, on the grid that is written.
    let (restoration, first) = (steps[steps.count - 1], steps[0])
    let (summary, volume) = (restoration.summary, restoration.volume)
    let missing = summary.samples - (first.summary.samples - first.summary.missingSamples)
    let axis = restoration.order?.frame ?? .z
    let size = volume.size(across: axis)
    var metrics = RestoreMetrics(
      input: job.input, output: job.output, frames: summary.frames, width: size.width, height: size.height,
      missingFraction: Double(missing) / Double(max(summary.samples, 1)),
      holdoutPSNR: summary.holdoutPSNR,
      seconds: .init(
        decode: steps.reduce(reading) { $0 + $1.reading.seconds },
        fit: steps.reduce(0) { $0 + $1.summary.fitSeconds }, encode: writing,
        total: (ContinuousClock.now - start).inSeconds),
      peakMemoryBytes: peakMemoryBytes(), model: job.restoration.model.rawValue,
      preset: job.restoration.preset,
      seed: job.restoration.seed, windows: summary.windows.map { .init(report: $0) })
    let spacing = volume.spacing.usable
    metrics.volume = .init(
      shape: [volume.shape.x, volume.shape.y, volume.shape.z, volume.shape.volumes],
      spacing: [spacing.x, spacing.y, spacing.z],
      scale: steps.reduce([1, 1, 1]) { factors, step in
        zip(factors, step.holes.finer?.refinement.factors ?? [1, 1, 1]).map { $0 * $1 }
      },
      otherVolumes: first.seriesShare.weight / Double(max(missing, 1)),
      sliceAxis: axis.name)
    return metrics
  }
}
