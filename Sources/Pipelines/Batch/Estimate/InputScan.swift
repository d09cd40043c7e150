import Frames
import Masks
import Media
import Reconstruction
import Volumes

/// The windows in which an input will be solved, found without restoring it.
struct InputScan {
  let format: FrameFormat
  /// FFmpeg's name of a video's codec.
  var codec = ""
  let frames: Int
  let sites: [ExpectedSite]
  /// Bytes that the process takes while it works on this input.
  let memory: Double
  /// Warnings that the restoration would give.
  let warnings: [String]
  /// The largest window's box and some of its masks, for a trial; nil where nothing is missing.
  let largest: (box: Box, masks: [FrameMask])?
  /// For a volume: the largest window's slices for those masks, settings with the distances of voxels, and the seconds that
  /// a run without solving took.
  var volume: (slices: [Frame], settings: RestorationSettings, seconds: Double)?
}

extension InputScan {
  /// - Throws: `JobError`.
  init(_ job: RestoreJob, isCancelled: @escaping () -> Bool = { false }) throws {
    self = try JobError.during(.reading) {
      try VolumeFile.isVolume(job.input)
        ? InputScan(volume: job, isCancelled) : InputScan(video: job, isCancelled)
    }
    if isCancelled() { throw JobError.stopped }
  }

  /// Scans a video by its number of packets and its masks. It is decoded only where masks depend on its samples.
  private init(video job: RestoreJob, _ isCancelled: () -> Bool) throws {
    let reader = try job.videoReader()
    let surveyed = try job.surveyedDamage(isCancelled)
    let mask = try CombinedMask(
      options: job.masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    var scout = WindowScout(settings: job.restoration, format: reader.format)
    try scout.checkMemory()
    var warnings: [String] = []
    if mask.looksAtFrames {
      let frames = FoundFrames(reader, job.masks.detection, surveyed: surveyed, threads: job.threads)
      try Self.addDecoded(frames, mask, to: &scout, isCancelled)
    } else {
      let count = try PacketScan.countFrames(
        job.input, stream: job.stream, gaps: job.masks.gaps, isCancelled: isCancelled)
      if !isCancelled() { warnings += mask.extentWarnings(frames: count) }
      try Self.addCounted(count, reader, mask, to: &scout, isCancelled)
    }
    scout.finish()
    warnings = mask.warnings + warnings + (isCancelled() ? [] : mask.lateWarnings)
    if mask.frames > 0 && mask.missingCount == 0 {
      warnings.append("\(mask.nothingSentence): the output would be a copy")
    }
    let memory = job.restoration.memory(for: scout.sites, frames: scout.frames, format: reader.format)
    self.init(
      format: reader.format, codec: reader.info.codecName, frames: scout.frames, sites: scout.sites,
      memory: memory + CodecMemory.bytes(format: reader.format, encoding: job.encoding), warnings: warnings,
      largest: scout.largest)
  }

  private static func addDecoded(
    _ frames: FoundFrames, _ mask: CombinedMask, to scout: inout WindowScout, _ isCancelled: () -> Bool
  ) throws {
    do {
      while !isCancelled(), let found = try frames.next() { scout.add(try mask.mask(for: found)) }
    } catch let error as MediaError where error.kind == .damaged && scout.frames > 0 {
      // The frames before the damage will be restored.
    } catch is MaskRanOut {
    }
  }

  private static func addCounted(
    _ count: Int, _ reader: VideoReader, _ mask: CombinedMask, to scout: inout WindowScout,
    _ isCancelled: () -> Bool
  ) throws {
    let rate = reader.info.averageFrameRate?.value ?? 25
    // Frames without samples: the masks do not depend on them.
    func blank(_ index: Int) -> Frame {
      Frame(
        format: reader.format, planes: reader.format.planes.map { _ in [] }, index: index,
        time: Double(index) / max(rate, 1e-3))
    }
    if mask.isConstant {
      if count > 0 { scout.add(try mask.mask(for: blank(0)), count: count) }
      return
    }
    do {
      for index in 0..<count {
        if isCancelled() { return }
        scout.add(try mask.mask(for: blank(index)))
      }
    } catch is MaskRanOut {
      // The number of packets is not exactly that of frames: the run will find out whether the mask is long enough.
    }
  }
}
