import Frames
import Inspection
import Masks
import Media
import Volumes

/// Reads an input, its result and perhaps its reference side by side, with the masks.
final class InspectionReader {
  /// Samples as they are stored.
  struct Step {
    var index: Int
    /// Seconds since the first frame.
    var time: Double?
    var damaged: Frame
    var restored: Frame
    var reference: Frame?
    var filled: Frame?
    /// In coded orientation.
    var mask: FrameMask
  }

  let inputs: VideoReader
  let results: VideoReader
  let references: VideoReader?
  private let filled: (reader: VideoReader, screen: DisplayConverter)?
  /// An overlay's opacity and colour, where it is of a file.
  let overlay: (opacity: RGBPicture, colour: RGBPicture)?
  let mask: CombinedMask
  private let frames: FoundFrames
  private let screens: (damaged: DisplayConverter, restored: DisplayConverter, reference: DisplayConverter?)
  private var index = 0
  private var firstTime: Double?

  /// - Throws: `JobError`, `MediaError` or `MaskError`.
  init(_ files: InspectedFiles) throws {
    if VolumeFile.isVolume(files.input) { throw JobError.videosOnly("inspect", files.input) }
    try files.masks.validate()
    try OutputPath.checkStandardInput(files.paths)
    let inputs = try VideoReader(path: files.input, stream: files.stream, gaps: files.masks.gaps)
    self.inputs = inputs
    results = try VideoReader(path: files.result, stream: try inputs.counterpart(in: files.result))
    references = try files.reference.map {
      try VideoReader(path: $0, stream: try inputs.counterpart(in: $0))
    }
    let shown = results
    filled = try files.filled.map {
      let reader = try VideoReader(path: $0, stream: try inputs.counterpart(in: $0))
      guard reader.format == shown.format else {
        throw JobError.configuration(
          "\($0) is \(reader.kind) but \(files.result) is \(shown.kind): compare files of one format")
      }
      return (reader, try DisplayConverter(reader: reader))
    }
    overlay = try files.masks.overlay.file.map { try OverlayFile(path: $0).pictures(for: inputs) }
    guard inputs.format.width == results.format.width, inputs.format.height == results.format.height else {
      throw JobError.configuration(
        "\(files.input) is \(inputs.kind) but \(files.result) is \(results.kind): give the result of this input"
      )
    }
    if let references, references.format != results.format {
      throw JobError.configuration(
        "\(references.path) is \(references.kind) but \(files.result) is \(results.kind): compare files of one format"
      )
    }
    let surveyed = try files.surveyedDamage()
    mask = try CombinedMask(options: files.masks, input: MaskedInput(reader: inputs), surveyed: surveyed)
    frames = FoundFrames(
      inputs, files.masks.detection, surveyed: surveyed, threads: InspectedFiles.threads)
    screens = (
      try DisplayConverter(reader: inputs), try DisplayConverter(reader: results),
      try references.map { try DisplayConverter(reader: $0) }
    )
    guard (screens.damaged.width, screens.damaged.height) == (screens.restored.width, screens.restored.height)
    else {
      throw JobError.configuration("\(files.input) and \(files.result) are not turned the same way")
    }
  }

  /// Size as displayed, in samples, and a sample's width by its height.
  var size: (width: Int, height: Int, aspect: Double) {
    (screens.damaged.width, screens.damaged.height, screens.damaged.sampleAspect)
  }

  var frameRate: Rational { inputs.info.shownFrameRate }

  /// The next frames; nil after the last frame of the shortest file.
  func next() throws -> Step? {
    guard let found = try frames.next(), let restored = try results.nextFrame() else { return nil }
    let damaged = found.frame
    var reference: Frame?
    if let references {
      guard let next = try references.nextFrame() else { return nil }
      reference = next
    }
    let filledFrame = try filled?.reader.nextFrame()
    if filled != nil && filledFrame == nil { return nil }
    defer { index += 1 }
    if firstTime == nil { firstTime = damaged.time }
    let time = damaged.time.flatMap { time in firstTime.map { time - $0 } }
    do {
      return Step(
        index: index, time: time, damaged: damaged, restored: restored, reference: reference,
        filled: filledFrame,
        mask: try mask.mask(for: found))
    } catch let short as MaskRanOut {
      throw JobError.configuration(
        "the mask \(short.path) has only \(short.frames) frames but \(inputs.path) has more: give a mask for each frame, "
          + "or --mask-hold")
    }
  }

  /// The frames as screens show them.
  func pictures(of step: Step) throws -> InspectedFrame {
    var frame = InspectedFrame(
      index: step.index, time: step.time, damaged: try screens.damaged.picture(of: step.damaged),
      restored: try screens.restored.picture(of: step.restored),
      reference: try step.reference.flatMap { try screens.reference?.picture(of: $0) },
      mask: displayed(step.mask), quality: quality(of: step))
    if let filled, let picture = step.filled {
      frame.others.append(("filled in", try filled.screen.picture(of: picture)))
    }
    if let overlay {
      frame.others += [("overlay: opacity", overlay.opacity), ("overlay: colour", overlay.colour)]
    }
    return frame
  }

  /// A mask as screens show it.
  func displayed(_ mask: FrameMask) -> FrameMask {
    screens.damaged.orientation.displayedMask(fromCoded: mask)
  }

  /// How the restored frame compares with the reference's; nil without one.
  func quality(of step: Step) -> FrameQuality? {
    step.reference.map { FrameQuality(reference: $0, result: step.restored, mask: step.mask) }
  }
}

extension VideoInfo {
  /// Frames a second; 25 where the input does not say.
  var shownFrameRate: Rational {
    guard let rate = averageFrameRate, (1...240).contains(rate.value) else { return Rational(25, 1) }
    return rate
  }
}
