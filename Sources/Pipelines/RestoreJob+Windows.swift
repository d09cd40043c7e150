import Frames
import Masks
import Media
import Reconstruction
import Volumes

extension RestoreJob {
  /// Goes through the windows of the input without writing anything: `store` is asked for each, in an order that
  /// follows from input, mask and settings alone, and what it does not have is solved and saved there.
  ///
  /// Of a damaged input the windows are those of what can be decoded.
  ///
  /// - Throws: `JobError`.
  func visitWindows(_ store: any SolutionStore, isStopping: () -> Bool, isCancelled: () -> Bool) throws {
    if VolumeFile.isVolume(input) { throw JobError.videosOnly("work in shards", input) }
    do {
      try masks.validate()
      try withoutActuallyEscaping(isStopping) { isStopping in
        let reader = try VideoReader(
          path: input, stream: stream, threads: restoration.threads, gaps: masks.gaps)
        let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader))
        let source = ObservedSource(reader, isCancelled: isStopping)
        let fields = FieldStreams(
          source: source, masks: mask, sink: DiscardedFrames(), isEnabled: solvesFields)
        _ = try Restorer(settings: restoration, store: store).restore(
          from: fields, masks: fields, to: fields, isStopping: isStopping, isCancelled: isCancelled)
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
