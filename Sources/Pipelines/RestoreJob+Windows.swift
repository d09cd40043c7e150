import Frames
import Masks
import Media
import Reconstruction
import Volumes

extension RestoreJob {
  /// Goes through the windows of the input without writing anything: `store` is asked for each, in an order that
  /// follows from input, mask and settings alone, and what it does not have is solved and saved there.
  ///
  /// - Throws: `JobError`, also for an input that is damaged: its windows depend on where the damage begins.
  func visitWindows(_ store: any SolutionStore, isStopping: () -> Bool, isCancelled: () -> Bool) throws {
    if VolumeFile.isVolume(input) { throw JobError.videosOnly("work in shards", input) }
    do {
      try masks.validate()
      try withoutActuallyEscaping(isStopping) { isStopping in
        let reader = try VideoReader(path: input, threads: restoration.threads)
        let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader))
        let source = ObservedSource(reader, isCancelled: isStopping)
        _ = try Restorer(settings: restoration, store: store).restore(
          from: source, masks: mask, to: DiscardedFrames(), isStopping: isStopping, isCancelled: isCancelled)
        if source.damage != nil || reader.damage != nil {
          throw JobError(.input, "\(input) is damaged: restore it by run, which tells how far it goes")
        }
      }
    } catch let short as MaskRanOut {
      throw JobError(.configuration, "the mask \(short.path) has only \(short.frames) frames")
    } catch {
      throw JobError(error, while: .reading)
    }
  }
}

/// Takes frames and keeps none.
private final class DiscardedFrames: FrameSink {
  func write(_ frame: Frame) throws {}
}
