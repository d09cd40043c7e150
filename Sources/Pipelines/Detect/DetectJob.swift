import Detection
import Foundation
import Frames
import Inspection
import Masks
import Media
import Reconstruction
import Volumes

/// What a search for damage found.
public struct DetectResult: Sendable {
  public var figures: DetectionFigures
  /// The number of frames.
  public var frames: Int
  public var seconds: Double
  /// What was wrong with the input, which was searched up to there; nil for a sound one.
  public var damage: String?
}

/// Looks for damage in a video, and writes masks of it and a list of what was found.
///
/// When `run` returns, all files are complete; where it throws, none is there.
public struct DetectJob: Sendable {
  public var input: String
  /// The number of the video stream in the input; nil for the one that moves.
  public var stream: Int?
  /// Names what is looked for, and what stays as it is.
  public var masks: MaskOptions
  /// A name that ends in .mkv, for a video with a mask for each frame, or in .png, for a mask that is the same in all.
  public var output: String
  /// Where to look at what was found.
  public var views = DetectViews()
  public var overwrite = false
  /// Worker threads, at least 1. The result does not depend on it.
  public var threads = 1

  public init(input: String, masks: MaskOptions, output: String) {
    (self.input, self.masks, self.output) = (input, masks, output)
  }

  /// `<stem>.mask.mkv` beside the input.
  ///
  /// - Throws: `JobError` of kind `.configuration` for standard input and for patterns of images.
  public static func standardOutput(forInput input: String) throws -> String {
    if input == StandardStream.path || ImageSequence.isPattern(input) {
      let what =
        input == StandardStream.path ? "standard input has no name" : "\(input) is a pattern of images"
      throw JobError.configuration("\(what): name the mask with -o, such as mask.mkv")
    }
    return "\(input.dropLast(PathName.suffix(of: input).count)).mask.mkv"
  }

  /// The list of what was found, beside the mask.
  public var list: String { "\(output.dropLast(PathName.suffix(of: output).count)).json" }

  /// Does the job.
  ///
  /// - Parameters:
  ///   - warn: gets a sentence for each problem that is no reason to stop.
  ///   - observe: called with each frame.
  ///   - isCancelled: asked with each frame; true ends the job with an error of kind `.cancelled` and no files.
  /// - Throws: `JobError`.
  public func run(
    warn: (String) -> Void = { _ in }, observe: @escaping (JobProgress) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> DetectResult {
    try JobError.during(.reading) {
      let start = ContinuousClock.now
      let detection = try check()
      // Opened once: to say what is in it, FFmpeg decodes its first frame.
      let reader = try VideoReader(path: input, stream: stream, threads: threads, gaps: masks.gaps)
      let pace = Pace(
        announced: try announcedFrames(of: reader, isCancelled), passes: detection.needsSurvey ? 2 : 1,
        observe: observe)
      pace.tell(0, pass: 0)
      let surveyed = try detection.surveyed(
        input: input, stream: stream, gaps: masks.gaps, threads: threads, observe: { pace.tell($0, pass: 0) },
        isCancelled: isCancelled)
      var result: DetectResult?
      do {
        try AtomicFile.write(to: list, overwrite: overwrite) { put in
          result = try search(reader, detection, surveyed, put: put, warn, pace, isCancelled)
        }
      } catch {
        // Masks that were complete before their list failed.
        if result != nil {
          unlink(output)
          views.remove()
        }
        throw error
      }
      guard var result else { throw JobError.output("\(list) can't be written") }
      result.seconds = (ContinuousClock.now - start).inSeconds
      return result
    }
  }

  /// Refuses what can be told before anything is read.
  private func check() throws -> DetectionOptions {
    guard let detection = masks.detection else {
      throw JobError.configuration("nothing says what is to be looked for: give --kinds")
    }
    if VolumeFile.isVolume(input) { throw JobError.videosOnly("detect", input) }
    try masks.validate()
    let inputs = [input] + masks.files
    try OutputPath.checkStandardInput(inputs)
    try detection.checkInput(input)
    try MaskOutput.check(output, others: inputs, overwrite: overwrite, option: "-o")
    for other in inputs where OutputPath.isSame(list, other) {
      throw JobError.configuration(
        "the list \(list) would replace \(other): give the mask another name with -o")
    }
    if !overwrite && FileManager.default.fileExists(atPath: list) {
      throw JobError.output("\(list) exists already: give --force to replace it, or the mask another name")
    }
    try AtomicFile.checkFolder(of: list)
    if MaskOutput.isPicture(output) && detection.needsSearch { throw notAPicture }
    try views.check(others: inputs + [output, list], overwrite: overwrite)
    return detection
  }

  private var notAPicture: JobError {
    JobError.configuration(
      "what is found differs from frame to frame, so that \(output) can't hold it: name a video, such as mask.mkv"
    )
  }

  private func announcedFrames(of reader: VideoReader, _ isCancelled: () -> Bool) throws -> Int? {
    if StandardStream.isReadOnce(input) { return nil }
    if reader.info.isFrameCountKnown {
      return reader.info.estimatedFrameCount
    }
    let frames = try PacketScan.countFrames(
      input, stream: stream, gaps: masks.gaps, isCancelled: isCancelled)
    return frames > 0 ? frames : reader.info.estimatedFrameCount
  }

  private func search(
    _ reader: VideoReader, _ detection: DetectionOptions, _ surveyed: SurveyedDamage,
    put: (Data) throws -> Void,
    _ warn: (String) -> Void, _ pace: Pace, _ isCancelled: () -> Bool
  ) throws -> DetectResult {
    if let choice = reader.choiceWarning { warn(choice) }
    let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader), surveyed: surveyed)
    if MaskOutput.isPicture(output) && !mask.isConstant { throw notAPicture }
    for warning in mask.warnings { warn(warning) }
    let (width, height) = (reader.format.width, reader.format.height)
    let orientation = DisplayOrientation(of: reader.info)
    var list = FindList()
    let size = orientation.displayedSize(width: width, height: height)
    try put(list.head(input: input, mask: output, options: detection, size: size))
    var look =
      views.isEmpty ? nil : try FindLook(reader, kinds: detection.kinds, frames: pace.announced)
    let masked = try MaskOutput(output, masksOf: reader, overwrite: overwrite)
    // Masks are written beside the search.
    let writing = WriteQueue(limit: 4)
    do {
      let frames = FoundFrames(reader, detection, surveyed: surveyed, threads: threads)
      var tally = FindTally(detection)
      func write(_ finds: [ListedFind]) throws {
        for listed in finds {
          let box = orientation.displayedBox(fromCoded: listed.find.box, width: width, height: height)
          try put(list.entry(listed, box: box))
        }
      }
      var cuts: [Int] = []
      var damage: String?
      while let found = try next(frames, tally.frames, &damage) {
        if isCancelled() { throw JobError.stopped }
        if found.startsScene && found.frame.index > 0 { cuts.append(found.frame.index) }
        let missing = try self.mask(mask, for: found, of: frames)
        if !masked.isPicture || tally.frames == 0 {
          try JobError.during(.writing) {
            try writing.add { try masked.write(missing, of: found.frame) }
          }
        }
        let finds = tally.add(found, filled: mask.found)
        try write(finds)
        try look?.add(
          found.frame, present: tally.present, listed: finds, following: tally.following, missing: mask.found)
        pace.tell(tally.frames, pass: pace.passes - 1)
      }
      let rest = tally.finish()
      try write(rest)
      look?.finish(rest)
      if tally.frames == 0 { throw JobError.input("\(input) holds no frame that can be decoded") }
      damage = damage ?? reader.damage?.sentence
      if damage == nil {
        try mask.finish()
        mask.lateWarnings.forEach(warn)
      }
      let figures = tally.figures
      try put(list.tail(figures, frames: tally.frames, cuts: cuts))
      try JobError.during(.writing) { try writing.finish() }
      if let look { try views.write(look, shown(reader, size), figures, damage: damage) }
      do { try masked.finish() } catch {
        views.remove()
        throw error
      }
      pace.finish(tally.frames)
      return DetectResult(
        figures: figures, frames: tally.frames, seconds: 0,
        damage: damage.map { "\($0); \(tally.frames) frames were looked at" })
    } catch {
      writing.abandon()
      masked.cancel()
      throw error
    }
  }

  /// The video as a page names it.
  private func shown(_ reader: VideoReader, _ size: (width: Int, height: Int)) -> ReportData.Video {
    let aspect = reader.info.displayedSampleAspect
    let isTurned = DisplayOrientation(of: reader.info).quarterTurns % 2 == 1
    return ReportData.Video(
      input: PathName.name(of: input), result: PathName.name(of: output), width: size.width,
      height: size.height, aspect: isTurned ? 1 / aspect : aspect,
      framesPerSecond: reader.info.shownFrameRate.value)
  }

  private func mask(_ mask: CombinedMask, for found: FoundFrame, of frames: FoundFrames) throws -> FrameMask {
    do { return try mask.mask(for: found) } catch let short as MaskRanOut {
      var count = mask.frames + 1
      while try frames.next() != nil { count += 1 }
      throw short.error(input: input, inputFrames: count)
    }
  }

  /// The next frame; nil after the last one, or where the input is damaged after some frames.
  private func next(_ frames: FoundFrames, _ count: Int, _ damage: inout String?) throws -> FoundFrame? {
    do { return try frames.next() } catch let error as MediaError where error.kind == .damaged && count > 0 {
      damage = error.description
      return nil
    }
  }

  /// Tells the progress of a job that reads its input once or twice, as that of one reading.
  private struct Pace {
    let announced: Int?
    let passes: Int
    let observe: (JobProgress) -> Void

    func tell(_ frames: Int, pass: Int) {
      var progress = JobProgress(announcedFrames: announced)
      let before = Double(pass) * Double(announced ?? frames)
      progress.framesSolved = (before + Double(frames)) / Double(passes)
      progress.framesRead = Int(progress.framesSolved)
      observe(progress)
    }

    func finish(_ frames: Int) {
      var progress = JobProgress(announcedFrames: frames)
      (progress.framesRead, progress.framesWritten) = (frames, frames)
      (progress.framesSolved, progress.isFinished) = (Double(frames), true)
      observe(progress)
    }
  }
}
