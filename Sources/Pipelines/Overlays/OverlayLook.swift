import Detection
import Frames
import Masks
import Media
import Overlays
import Reconstruction

/// Reads a whole video to see what the overlays at its masks' places are made of.
struct OverlayLook {
  var input: String
  var stream: Int?
  var masks: MaskOptions
  /// Interlaced frames are solved field by field, for which there are no overlays.
  var solvesFields: Bool
  var threads = 1
  /// What surveys of the input found.
  var surveyed: SurveyedDamage
  /// What pieces of the input found in its scenes.
  var known: SceneLibrary?

  /// Refuses an input that can be read only once where it would have to be read twice.
  ///
  /// - Throws: `JobError`.
  static func check(_ masks: MaskOptions, input: String) throws {
    if masks.overlay == .opaque { return }
    for path in [input] + masks.files { try OutputPath.checkReadTwice(path, by: "--overlay") }
  }

  /// What is there at each place, as far as the input can be decoded.
  ///
  /// - Throws: `JobError`, `MaskError` or `MediaError`.
  func findings(isCancelled: () -> Bool = { false }) throws -> [OverlayFinding] {
    let opened = try open()
    var places = OverlayPlaces(format: opened.reader.format)
    if opened.mask.isConstant {
      guard let found = try next(opened) else { return [] }
      places.add(found.mask, frames: OverlaySurvey.many)
    } else {
      while let found = try next(opened) {
        if isCancelled() { throw JobError.stopped }
        places.add(found.mask)
      }
    }
    let here = places.places()
    if here.isEmpty { return [] }
    let again = try open()
    let given = try masks.overlay.file.map { try OverlayFile(path: $0).read(for: again.reader) }
    var survey = OverlaySurvey(format: again.reader.format, places: here, threads: threads)
    while let found = try next(again) {
      if isCancelled() { throw JobError.stopped }
      if solvesFields, (found.frame.attachment as? DecodedPicture)?.isInterlaced == true {
        return survey.unused(.interlaced)
      }
      survey.add(found.frame, mask: found.mask)
    }
    return survey.finish(given: given)
  }

  private struct Opened {
    var reader: VideoReader
    var mask: CombinedMask
    var frames: FoundFrames
  }

  private func open() throws -> Opened {
    let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
    let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    return Opened(
      reader: reader, mask: mask,
      frames: FoundFrames(reader, masks.detection, surveyed: surveyed, known: known, threads: threads))
  }

  private func next(_ opened: Opened) throws -> (frame: Frame, mask: FrameMask)? {
    do {
      guard let found = try opened.frames.next() else { return nil }
      return (found.frame, try opened.mask.mask(for: found))
    } catch let error as MediaError where error.kind == .damaged && opened.mask.frames > 0 {
      // The restoration tells of the damage, and ends there as well.
      return nil
    } catch is MaskRanOut {
      // The restoration counts the frames and says what is wrong.
      return nil
    }
  }
}
