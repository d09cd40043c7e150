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
  /// Whether frames that are not looked at are passed over where that is possible.
  var passesOver = true

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
    var constant: FrameMask?
    if opened.mask.isConstant {
      guard let found = try next(opened) else { return [] }
      places.add(found.mask, frames: OverlaySurvey.many)
      constant = found.mask
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
    if let constant, try fill(&survey, mask: constant, isCancelled: isCancelled) {
      return survey.finish(given: given)
    }
    while let found = try next(again) {
      if isCancelled() { throw JobError.stopped }
      if isSolvedByFields(found.frame) { return survey.unused(.interlaced) }
      survey.add(found.frame, mask: found.mask)
    }
    return survey.finish(given: given)
  }

  private func isSolvedByFields(_ frame: Frame) -> Bool {
    solvesFields && (frame.attachment as? DecodedPicture)?.isInterlaced == true
  }

  // MARK: Some of the frames

  /// Looks at the frames that a survey keeps, without decoding others, at several places of the video at once.
  ///
  /// Where damage is met that changes the numbers of frames, all have to be read. Damage between the frames is not, and nothing of it
  /// matters here: every frame has the same mask, and the restoration tells of it. Nor is one interlaced frame among others seen; from
  /// there on the restoration takes frames for stacks of fields, whose masks are not the overlay's.
  ///
  /// - Returns: false where all frames have to be read; nothing has changed then.
  private func fill(_ survey: inout OverlaySurvey, mask: FrameMask, isCancelled: () -> Bool) throws -> Bool {
    if !passesOver { return false }
    guard let packets = try reader(threads: 1).picturePackets() else { return false }
    let count = packets.count
    let chosen = survey.lookedAt(of: count)
    let pieces = packets.bytes > Self.mostBytesReadAgain ? 1 : min(threads, Self.mostPieces, chosen.count)
    if pieces == 0 { return false }
    let queues = try (0..<pieces).map { k in
      let piece = chosen[chosen.count * k / pieces..<chosen.count * (k + 1) / pieces]
      let frames = ChosenFrames(try reader(threads: max(1, threads / pieces)), packets, numbers: piece)
      return ReadQueue(ahead: 2) { try frames.next() }
    }
    var looks: [OverlaySurvey.Look] = []
    var open = queues
    while !open.isEmpty {
      var going: [ReadQueue<Frame>] = []
      for queue in open {
        if isCancelled() { throw JobError.stopped }
        do {
          guard let frame = try queue.next() else { continue }
          if isSolvedByFields(frame) { return false }
          looks.append(survey.look(at: frame, of: count))
          going.append(queue)
        } catch let error as MediaError where error.kind == .damaged {
          return false
        }
      }
      open = going
    }
    if looks.count < chosen.count { return false }
    survey.fill(looks, of: count, mask: mask)
    return true
  }

  /// Places of a video at which it is read at once, each from the file's beginning, and the bytes that are read so often.
  private static let (mostPieces, mostBytesReadAgain) = (4, 1_000_000_000)

  // MARK: Reading

  private func reader(threads: Int) throws -> VideoReader {
    try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
  }

  private struct Opened {
    var reader: VideoReader
    var mask: CombinedMask
    var frames: FoundFrames
  }

  private func open() throws -> Opened {
    let reader = try reader(threads: threads)
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
