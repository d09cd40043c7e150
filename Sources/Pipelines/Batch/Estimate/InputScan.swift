import Frames
import Masks
import Media
import Reconstruction
import Volumes

/// The windows that an input will be solved in, found without restoring it: from its number of packets and its masks.
/// The video is decoded only where masks look at its samples.
struct InputScan {
  let format: FrameFormat
  let codec: String
  private(set) var scout: WindowScout
  /// What the restoration would warn about.
  private(set) var warnings: [String] = []

  /// - Throws: `JobError`.
  init(_ job: RestoreJob, isCancelled: () -> Bool = { false }) throws {
    if VolumeFile.isVolume(job.input) {
      throw JobError.videosOnly("an estimate, or a plan of shards,", job.input)
    }
    do {
      let reader = try job.videoReader()
      let mask = try CombinedMask(options: job.masks, input: MaskedInput(reader: reader))
      format = reader.format
      codec = reader.info.codecName
      scout = WindowScout(settings: job.restoration, format: reader.format)
      try scout.checkMemory()
      if mask.looksAtFrames {
        try addDecoded(reader, mask, isCancelled)
      } else {
        try addCounted(job, reader, mask, isCancelled)
      }
      scout.finish()
      warnings = mask.warnings + warnings + (isCancelled() ? [] : mask.lateWarnings)
      if mask.frames > 0 && mask.missingCount == 0 {
        warnings.append("nothing is missing in \(job.input) by this mask: the output would be a copy")
      }
    } catch {
      throw JobError(error, while: .reading)
    }
    if isCancelled() { throw JobError(.cancelled, "stopped") }
  }

  private mutating func addDecoded(_ reader: VideoReader, _ mask: CombinedMask, _ isCancelled: () -> Bool)
    throws
  {
    do {
      while !isCancelled(), let frame = try reader.nextFrame() { scout.add(try mask.mask(for: frame)) }
    } catch let error as MediaError where error.kind == .damaged && scout.frames > 0 {
      // What comes before the damage is restored.
    } catch is MaskRanOut {
    }
  }

  private mutating func addCounted(
    _ job: RestoreJob, _ reader: VideoReader, _ mask: CombinedMask, _ isCancelled: () -> Bool
  ) throws {
    let count = try PacketScan.countFrames(
      job.input, stream: job.stream, gaps: job.masks.gaps, isCancelled: isCancelled)
    if !isCancelled() { warnings += mask.extentWarnings(frames: count) }
    let rate = reader.info.averageFrameRate?.value ?? 25
    // Frames without samples: no mask that is asked here looks at any.
    func blank(_ index: Int) -> Frame {
      Frame(
        format: format, planes: format.planes.map { _ in [] }, index: index,
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
      // Packets are not quite frames: whether the lengths fit is for the run to find out.
    }
  }
}
