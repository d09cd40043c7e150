import Detection
import Frames
import Masks
import Media
import Reconstruction

/// A video, its masks, and its output.
final class VideoMedium: Medium {
  let noun = "video"
  private let job: RestoreJob
  private let reader: VideoReader
  private let mask: CombinedMask
  private let output: VideoOutput?
  /// The number of warnings that the writer had before the first frame.
  private let openingWarnings: Int
  private let stream: VideoStream
  private let files: ReadFiles
  /// The number of frames that the input announces, or that were counted.
  private let announced: Int?
  let expectedFrames: Int?
  private(set) var summary = RestorationSummary()
  private(set) var damage: String?
  private var isBegun = false

  init(_ job: RestoreJob, _ events: JobEvents, isWritten: Bool) throws {
    files = ReadFiles([job.input] + job.masks.files)
    let reader = try job.videoReader()
    self.reader = reader
    if let choice = reader.choiceWarning { events.warn(choice) }
    let surveyed = try job.surveyedDamage(events.isEnding)
    var job = job
    job.surveyed = surveyed
    self.job = job
    if let overlays = job.plannedOverlays, !overlays.allSatisfy({ $0.fits(reader.format) }) {
      throw JobError.configuration(
        "the plan's overlays are not of frames such as \(job.input) has: make the plan anew with inrr-video plan --force"
      )
    }
    mask = try CombinedMask(options: job.masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    let told = job.replay?.found.warnings ?? surveyed.tracked?.warnings ?? []
    for warning in mask.warnings + told { events.warn(warning) }
    var announced = reader.info.estimatedFrameCount
    if isWritten {
      try mask.checkLength(announced: announced) {
        let counted = try job.countFrames(events.isEnding)
        announced = counted ?? announced
        return counted
      }
      expectedFrames = try job.expectedFrames(reader, counted: announced, events.isEnding)
    } else {
      expectedFrames = nil
    }
    self.announced = announced
    if let expectedFrames { mask.extentWarnings(frames: expectedFrames).forEach(events.warn) }
    output =
      isWritten
      ? VideoOutput(try job.videoWriter(reader), waiting: job.restoration.waitingFrames(of: reader.format))
      : nil
    openingWarnings = output?.writer.warnings.count ?? 0
    for warning in output?.writer.warnings ?? [] { events.warn(warning) }
    stream = job.stream(
      reader, mask, output: output, events.isEnding,
      // Where all units are solved nobody asks what is ahead.
      again: job.isReadOnce || job.knownFrames != nil
        ? nil
        : .init(
          stream: { [job] in try job.streamAhead(events.isEnding) }, masks: { [job] in try job.masksAhead() })
    )
  }

  /// Hands over every frame that is read with its mask, before anything is done to them.
  func observeFrames(_ body: @escaping (Frame, FrameMask) -> Void) { stream.observe = body }

  /// What was found in the input, once all of it is read.
  ///
  /// - Throws: `MaskError` where the masks do not fit the input.
  func found() throws -> MaskReplay.Found {
    if stream.damage == nil && reader.damage == nil { try mask.finish() }
    return MaskReplay.Found(
      detection: stream.figures, tracking: job.surveyed?.tracked?.figures,
      warnings: job.surveyed?.tracked?.warnings ?? [], lateWarnings: mask.lateWarnings)
  }

  /// What is known once all frames are read.
  var framesRead: Int { stream.frames }
  var firstStacked: Int? { stream.firstStacked }
  /// Whether the input can be read from its middle on.
  var canSeek: Bool { reader.canSeek && stream.damage == nil }

  func nextPart() -> MediumPart? {
    if isBegun { return nil }
    isBegun = true
    var settings = job.restoration
    // Saved models are of the frames of their windows.
    if job.savedModel != nil { settings.carriesFrames = false }
    return MediumPart(
      stream: stream, settings: settings, overlays: job.overlays.compactMap(\.overlay))
  }

  func end(_ part: RestorationSummary) { summary = stream.ofFrames(part) }

  func finish(_ warn: (String) -> Void) throws {
    damage = damageSentence()
    // The mask may be longer than the part of a damaged input that could be decoded.
    if damage == nil && job.replay == nil { try mask.finish() }
    if summary.frames == 0 { throw JobError.input("\(job.input) holds no frame that can be decoded") }
    if mask.frames > 0 && mask.wholeFrames == mask.frames { throw JobError.nothingKnown }
    try output?.finish()
    for warning in (output?.writer.warnings ?? []).dropFirst(openingWarnings) { warn(warning) }
    if damage == nil { (job.replay?.found.lateWarnings ?? mask.lateWarnings).forEach(warn) }
    if mask.frames > 0 && mask.missingCount == 0 {
      warn(
        "\(mask.nothingSentence): its frames are written as they are"
          + (job.encoding.lossless ? "" : ", coded anew unless --lossless"))
    }
    if let left = interlacedWarning { warn(left) }
  }

  func cancel() { output?.cancel() }

  var missingFrames: (touched: Int, whole: Int)? { (mask.touchedFrames, mask.wholeFrames) }

  func metrics(total: Double) -> RestoreMetrics {
    var metrics = RestoreMetrics(
      job, summary, width: reader.format.width, height: reader.format.height,
      missingFraction: Double(summary.missingSamples) / Double(max(summary.samples, 1)),
      seconds: .init(
        decode: stream.seconds, fit: summary.fitSeconds, encode: output?.seconds ?? 0, total: total))
    metrics.detection = job.replay?.found.detection ?? stream.figures
    if job.masks.overlay != .opaque { metrics.overlays = job.overlays.map(OverlayFigures.init) }
    metrics.tracking = job.replay?.found.tracking ?? job.surveyed?.tracked?.figures
    return metrics
  }

  var savedVideo: SavedModel.Video {
    let (info, format) = (reader.info, reader.format)
    let encoding = ColourEncoding(of: info)
    let orientation = DisplayOrientation(of: info)
    return SavedModel.Video(
      input: PathName.name(of: job.input), width: format.width, height: format.height,
      bitDepth: format.bitDepth, roles: format.planes.map(\.role), redWeight: encoding.redWeight,
      blueWeight: encoding.blueWeight, isFullRange: encoding.isFullRange,
      framesPerSecond: info.averageFrameRate?.value ?? 0, quarterTurns: orientation.quarterTurns,
      isMirrored: orientation.mirrored, sampleAspect: info.displayedSampleAspect,
      transfer: info.colorTransfer, primaries: info.colorPrimaries)
  }

  /// What was wrong with the input and how much of it was restored; nil for a sound one.
  private func damageSentence() -> String? {
    guard let cause = stream.damage?.description ?? reader.damage?.sentence else { return files.change }
    let share = announced.map { $0 > stream.frames ? " of about \($0)" : "" } ?? ""
    return "\(cause); \(stream.frames)\(share) frames were restored"
  }

  /// The warning about interlaced frames that were not taken apart, unless that was asked for.
  private var interlacedWarning: String? {
    if job.interlacedAsFrames || stream.interlacedFrames == 0 || stream.firstStacked != nil { return nil }
    let cause =
      job.savedModel == nil ? "its height cannot be split into two fields" : "--save-model needs them whole"
    return
      "\(job.input) has \(stream.interlacedFrames) interlaced frames, which were restored as whole pictures: \(cause)"
  }
}

extension RestoreJob {
  /// Whether interlaced frames are taken apart. Not with `savedModel`: saved models are of frames as they are stored.
  var solvesFields: Bool { !interlacedAsFrames && savedModel == nil }

  /// Whether the input or its mask can't be opened a second time.
  fileprivate var isReadOnce: Bool {
    ([input] + masks.files).contains(where: StandardStream.isReadOnce)
  }

  /// What surveys of the input find.
  func surveyedDamage(_ isCancelled: () -> Bool) throws -> SurveyedDamage {
    try surveyed
      ?? masks.surveyed(input: input, stream: stream, threads: threads, isCancelled: isCancelled)
  }

  fileprivate func stream(
    _ reader: VideoReader, _ mask: CombinedMask, output: VideoOutput?, _ isCancelled: @escaping () -> Bool,
    again: VideoStream.Again? = nil
  ) -> VideoStream {
    // What a plan found is not looked for again.
    let detection = replay == nil ? masks.detection : nil
    let frames = FoundFrames(
      reader, detection, surveyed: surveyed ?? SurveyedDamage(), known: knownScenes, threads: threads)
    let stream = VideoStream(
      reader, finding: frames, detection, mask: mask, output: output, solvesFields: solvesFields,
      isCancelled: isCancelled, again: again)
    stream.replay = replay
    return stream
  }

  /// The mask of a reader of the input.
  ///
  /// - Throws: `MaskError`, or what a survey of the input throws.
  func combinedMask(_ reader: VideoReader, _ isCancelled: () -> Bool = { false }) throws -> CombinedMask {
    try CombinedMask(
      options: masks, input: MaskedInput(reader: reader), surveyed: try surveyedDamage(isCancelled))
  }

  /// The input and its masks once more, to look ahead in.
  fileprivate func streamAhead(_ isCancelled: @escaping () -> Bool) throws -> VideoStream {
    let reader = try videoReader()
    return stream(reader, try combinedMask(reader), output: nil, isCancelled)
  }

  /// The masks once more; nil where they depend on what frames hold, or when they are shown.
  fileprivate func masksAhead() throws -> (() throws -> FrameMask?)? {
    let reader = try videoReader()
    let mask = try combinedMask(reader)
    if mask.looksAtFrames || mask.needsTimes { return nil }
    let format = reader.format
    var index = 0
    return {
      defer { index += 1 }
      return try mask.mask(for: Frame(format: format, planes: format.planes.map { _ in [] }, index: index))
    }
  }

  func videoReader() throws -> VideoReader {
    try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
  }

  fileprivate func videoWriter(_ reader: VideoReader) throws -> VideoWriter {
    try JobError.during(.writing) {
      try VideoWriter(path: output, source: reader, settings: encoding, overwrite: overwrite)
    }
  }

  /// The input's number of frames for the progress. Packets are counted where the container does not know it for sure.
  fileprivate func expectedFrames(
    _ reader: VideoReader, counted: Int?, _ isCancelled: () -> Bool
  ) throws -> Int? {
    if let knownFrames { return knownFrames }
    if reader.info.isFrameCountKnown || StandardStream.isReadOnce(input) { return counted }
    let frames = try PacketScan.countFrames(input, stream: stream, gaps: masks.gaps, isCancelled: isCancelled)
    return frames > 0 ? frames : counted
  }

  /// The input's number of frames, counted by decoding all of it; nil where it is damaged or can be read only once.
  fileprivate func countFrames(_ isCancelled: () -> Bool) throws -> Int? {
    if StandardStream.isReadOnce(input) { return nil }
    let reader = try videoReader()
    var count = 0
    do {
      while try reader.nextFrame() != nil {
        if isCancelled() { throw RestorationError.cancelled }
        count += 1
      }
    } catch let error as MediaError where error.kind == .damaged {
      return nil
    }
    return reader.damage == nil ? count : nil
  }
}
