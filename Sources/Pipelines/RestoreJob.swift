import Foundation
import Frames
import Masks
import Media
import Reconstruction
import Volumes

/// One file to restore: reads, masks, reconstructs and writes it.
///
/// The output is there under its name when `run` returns, complete, or not at all.
public struct RestoreJob: Sendable {
  public var input: String
  public var output: String
  /// The number of the video stream in the input; nil for the one that moves.
  public var stream: Int?
  public var masks: MaskOptions
  /// What only a volume has.
  public var volume = VolumeSettings()
  public var restoration: RestorationSettings
  public var encoding: EncodeSettings
  /// Replaces an output that is there already.
  public var overwrite: Bool
  /// Solves interlaced frames as whole pictures instead of field by field.
  public var interlacedAsFrames = false
  /// Where to write the report in JSON, if anywhere.
  public var metrics: String?
  /// The folder that gets a page to look at, if any.
  public var report: String?
  /// Where the fitted representations go, if anywhere.
  public var savedModel: String?
  /// Where solved windows are kept for another run, if anywhere.
  public var store: (any SolutionStore)?
  /// Keeps solved windows beside the output until it is complete, and goes on with those that are there.
  public var resumes = false

  public init(
    input: String, output: String, masks: MaskOptions,
    restoration: RestorationSettings = RestorationSettings(),
    encoding: EncodeSettings = EncodeSettings(), overwrite: Bool = false, metrics: String? = nil
  ) {
    self.input = input
    self.output = output
    self.masks = masks
    self.restoration = restoration
    self.encoding = encoding
    self.overwrite = overwrite
    self.metrics = metrics
  }

  /// Does the job.
  ///
  /// - Parameters:
  ///   - warn: gets a sentence for each thing that a person should know and that is no reason to stop.
  ///   - note: gets a sentence that says how a volume is read.
  ///   - observe: called when the job starts, a few times a second, and when the last frame is written.
  ///   - isStopping: asked often; true ends the job as `isCancelled` does, but once the window at work is solved.
  ///   - isCancelled: asked often; true ends the job with an error of kind `.cancelled` and no output.
  /// - Throws: `JobError`.
  public func run(
    warn: (String) -> Void = { _ in }, note: (String) -> Void = { _ in },
    observe: (JobProgress) -> Void = { _ in }, isStopping: @escaping () -> Bool = { false },
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> RestoreResult {
    func perform(_ job: RestoreJob) throws -> RestoreResult {
      try job.perform(
        warn: warn, note: note, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
    }
    if resumes { return try resume(perform) }
    let (folder, kept) = resumable
    if store == nil && kept > 0 {
      warn(
        "\(folder) holds what a run that was stopped had solved: --resume goes on from there; delete it if nobody "
          + "needs it")
    }
    return try perform(self)
  }

  private func perform(
    warn tell: (String) -> Void, note: (String) -> Void, observe: (JobProgress) -> Void,
    isStopping: @escaping () -> Bool, isCancelled: @escaping () -> Bool
  ) throws -> RestoreResult {
    if VolumeFile.isVolume(input) {
      return try VolumeJob(job: self).run(
        warn: tell, note: note, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
    }
    // Between windows both are the same.
    let isEnding = { isStopping() || isCancelled() }
    var said: [String] = []
    // What is told on the way is in the report too.
    func warn(_ sentence: String) {
      said.append(sentence)
      tell(sentence)
    }
    do {
      let start = ContinuousClock.now
      if !volume.isEmpty { throw JobError.volumeOptions(for: input) }
      try masks.validate()
      try checkPaths(warn)
      let files = ReadFiles([input, masks.file])
      let reader = try VideoReader(
        path: input, stream: stream, threads: restoration.threads, gaps: masks.gaps)
      if let choice = reader.choiceWarning { warn(choice) }
      let mask = try CombinedMask(options: masks, input: MaskedInput(reader: reader))
      for warning in mask.warnings { warn(warning) }
      var announced = reader.info.estimatedFrameCount
      try mask.checkLength(announced: announced) {
        let counted = try countFrames(isEnding)
        announced = counted ?? announced
        return counted
      }
      let expected = try expectedFrames(reader, counted: announced, isEnding)
      if let expected { mask.extentWarnings(frames: expected).forEach(warn) }
      let writer = try open(reader)
      for warning in writer.warnings { warn(warning) }
      let observed = ObservedMasks(mask)
      let source = ObservedSource(reader, isCancelled: isEnding)
      let sink = ObservedSink(
        writer, masks: observed, waiting: restoration.waitingFrames, isCancelled: isEnding)
      let run = Run(
        reader: reader, source: source, masks: observed, writer: writer,
        openingWarnings: writer.warnings.count, sink: sink,
        fields: FieldStreams(source: source, masks: observed, sink: sink, isEnabled: solvesFields),
        files: files, start: start,
        announced: announced, expected: expected, recorder: report == nil ? nil : LearnedStructureRecorder(),
        models: try savedModel.map(ModelRecorder.init(path:)))
      do {
        let summary = try restore(
          run, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
        let result = try complete(run, summary, warn: warn, said: { said }, isCancelled: isEnding)
        observe(JobProgress(finished: summary, announcedFrames: expected))
        return result
      } catch {
        sink.cancel()
        throw error
      }
    } catch {
      throw JobError(error, while: .reading)
    }
  }

  private static func tooMuchMemory(_ peak: Int, bound: Int) -> String {
    "the process took \(ByteCount.text(peak)) at its peak, more than the \(ByteCount.text(bound)) that were allowed: "
      + "windows can't be smaller, and what is beside them, such as decoder and encoder, has no bound"
  }

  /// Everything that is open while the job runs.
  struct Run {
    let reader: VideoReader
    let source: ObservedSource
    let masks: ObservedMasks
    let writer: VideoWriter
    /// Warnings that the writer had before the first frame.
    let openingWarnings: Int
    let sink: ObservedSink
    /// What the solver reads, masks and writes.
    let fields: FieldStreams
    let files: ReadFiles
    let start: ContinuousClock.Instant
    /// Frames that the input announces, or has where they were counted.
    let announced: Int?
    /// Frames that there will be, for the progress.
    let expected: Int?
    /// Keeps what fits learn, where a report will show it.
    let recorder: LearnedStructureRecorder?
    /// Keeps the fitted representations, where they are to be saved.
    let models: ModelRecorder?
  }

  private func restore(
    _ run: Run, observe: (JobProgress) -> Void, isStopping: () -> Bool, isCancelled: () -> Bool
  ) throws -> RestorationSummary {
    let expected = run.expected
    observe(JobProgress(announcedFrames: expected))
    do {
      var summary = try Restorer(
        settings: restoration, store: store, recorder: SeveralRecorders([run.recorder, run.models])
      ).restore(
        from: run.fields, masks: run.fields, to: run.fields,
        observe: { observe(JobProgress($0, announcedFrames: expected)) }, isStopping: isStopping,
        isCancelled: isCancelled)
      run.fields.correct(&summary)
      return summary
    } catch let short as MaskRanOut {
      throw short.error(input: input, inputFrames: try run.source.countRest())
    }
  }

  /// Checks that the whole input was restored and gives the output its name.
  private func complete(
    _ run: Run, _ summary: RestorationSummary, warn: (String) -> Void, said: () -> [String],
    isCancelled: () -> Bool
  ) throws -> RestoreResult {
    let mask = run.masks.masks
    let damage = damageSentence(run)
    // A mask may well be longer than what is left of a damaged input.
    if damage == nil { try mask.finish() }
    if summary.frames == 0 { throw JobError(.input, "\(input) holds no frame that can be decoded") }
    let pixels = mask.frames * run.reader.format.width * run.reader.format.height
    if pixels > 0 && mask.missingCount == pixels { throw JobError(.configuration, JobError.nothingKnown) }
    try run.sink.finish()
    for warning in run.writer.warnings.dropFirst(run.openingWarnings) { warn(warning) }
    var result = RestoreResult(job: self, run: run, summary: summary, damage: damage)
    if damage == nil { mask.lateWarnings.forEach(warn) }
    if mask.frames > 0 && mask.missingCount == 0 {
      warn("nothing is missing in \(input) by this mask: the output is a copy")
    }
    if let left = interlacedWarning(run.fields) { warn(left) }
    if let bound = restoration.maximumMemory, result.metrics.peakMemoryBytes > bound {
      warn(Self.tooMuchMemory(result.metrics.peakMemoryBytes, bound: bound))
    }
    result.metrics.warnings = said() + (damage.map { [$0] } ?? [])
    if let metrics { try writeReport(result.metrics, to: metrics) }
    do {
      try run.models?.finish(savedVideo(run.reader))
    } catch let error as JobError {
      throw JobError(error.kind, "\(error.description); the video \(output) is complete")
    }
    if let page = reportJob(RestorationRecord(result.metrics, learned: run.recorder)) {
      do {
        try page.run(isCancelled: isCancelled)
      } catch let error as JobError {
        throw JobError(error.kind, "\(error.description); the video \(output) is complete")
      }
    }
    return result
  }

  /// The page that shows the result; nil where none was asked for.
  func reportJob(_ record: RestorationRecord) -> ReportJob? {
    report.map {
      ReportJob(
        files: InspectedFiles(input: input, result: output, stream: stream, masks: masks), record: record,
        folder: $0,
        overwrite: overwrite)
    }
  }

  /// A report that can't be written is a failure, but none that costs the video: that is complete by now.
  func writeReport(_ report: RestoreMetrics, to metrics: String) throws {
    do {
      try AtomicFile.write(report.json(), to: metrics)
    } catch let error as JobError {
      throw JobError(error.kind, "\(error.description); the output \(output) is complete")
    }
  }
}
