import Detection
import Frames
import Masks
import Media
import Reconstruction

/// Writes what a restoration of a video would fill: white where a sample is missing, black where it is known.
///
/// The masks lie on the picture as a player shows it, so that they can be given as a mask file again.
struct MaskJob {
  var input: String
  var stream: Int?
  var masks: MaskOptions
  /// A name that ends in .mkv, for a video with a mask for each frame, or in .png, for a mask that is the same in all.
  var output: String
  var overwrite: Bool
  var threads = 1

  /// What surveys of the input found; nil where that is not known yet.
  var surveyed: SurveyedDamage?

  /// Refuses names that stand for nothing that can be written, and files that are there.
  ///
  /// - Parameter others: files that the mask must not replace.
  /// - Throws: `JobError`.
  func check(others: [String]) throws {
    if masks.planes != .all || masks.bayer != nil {
      throw JobError.configuration(
        "--save-mask writes what is missing in all planes: leave --mask-planes and --mask-bayer out of it")
    }
    try MaskOutput.check(output, others: others, overwrite: overwrite, option: "--save-mask")
    for path in [input] + masks.files { try OutputPath.checkReadTwice(path, by: "--save-mask") }
  }

  /// Reads the input once, as far as it can be decoded.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  func run(isCancelled: () -> Bool = { false }) throws {
    let surveyed =
      try surveyed
      ?? masks.surveyed(input: input, stream: stream, threads: threads, isCancelled: isCancelled)
    let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
    let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    if MaskOutput.isPicture(output) && !mask.isConstant {
      throw JobError.configuration(
        "the mask is not the same in every frame, so that \(output) can't hold it: name a video, such as mask.mkv"
      )
    }
    let masked = try MaskOutput(output, masksOf: reader, overwrite: overwrite)
    do {
      let frames = FoundFrames(reader, masks.detection, surveyed: surveyed, threads: threads)
      while let (frame, missing) = try next(frames, mask) {
        if isCancelled() { throw RestorationError.cancelled }
        try masked.write(missing, of: frame)
        if masked.isPicture { break }
      }
      try masked.finish()
    } catch {
      masked.cancel()
      throw error
    }
  }

  private func next(_ frames: FoundFrames, _ mask: CombinedMask) throws -> (Frame, FrameMask)? {
    do {
      guard let found = try frames.next() else { return nil }
      return (found.frame, try mask.mask(for: found))
    } catch let error as MediaError where error.kind == .damaged && mask.frames > 0 {
      // The restoration tells of the damage, and ends there as well.
      return nil
    } catch let short as MaskRanOut {
      var count = mask.frames + 1
      while try frames.next() != nil { count += 1 }
      throw short.error(input: input, inputFrames: count)
    }
  }
}
