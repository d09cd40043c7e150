import Detection
import Foundation
import Masks
import Media
import Overlays
import Reconstruction

/// What a finished job did.
public struct RestoreResult: Sendable {
  public var metrics: RestoreMetrics
  /// What was wrong with the input, which was restored up to there; nil for a sound input.
  public var damage: String?
  /// Frames in which something is missing, and frames that are missing altogether; nil for a volume.
  public var missingFrames: (touched: Int, whole: Int)?
}

/// One file to restore: reads, masks, reconstructs and writes it.
///
/// When `run` returns, the output is complete or does not exist.
public struct RestoreJob: Sendable {
  public var input: String
  public var output: String
  /// The number of the video stream in the input; nil for the one that moves.
  public var stream: Int?
  public var masks: MaskOptions
  /// Settings that only volumes have.
  public var volume = VolumeSettings()
  public var restoration: RestorationSettings
  /// Worker threads, at least 1. The result does not depend on it.
  public var threads = 1
  public var encoding: EncodeSettings
  /// Replaces an output that exists already.
  public var overwrite: Bool
  /// Solves interlaced frames as whole pictures instead of field by field.
  public var interlacedAsFrames = false
  /// Where to write the report in JSON, if anywhere.
  public var metrics: String?
  /// The folder for the HTML report, if any.
  public var report: String?
  /// Where to save the fitted representations, if anywhere.
  public var savedModel: String?
  /// Where to write, before anything else, what is going to be filled, if anywhere.
  public var savedMask: String?
  /// Where to save the overlay that was seen through, if anywhere.
  public var savedOverlay: String?
  /// What surveys of the input found; nil where that is not known yet.
  var surveyed: SurveyedDamage?
  /// What pieces of the input found in its scenes; nil where nothing was looked at before.
  var knownScenes: SceneLibrary?
  /// What there is at the masks' places, where overlays may be seen through.
  var overlays: [OverlayFinding] = []
  /// The same, as a plan found it; nil where that is still to be looked at.
  var plannedOverlays: [OverlayFinding]?
  /// The input's number of frames, where a plan has counted them; all units are solved then.
  var knownFrames: Int?
  /// What a plan found to be missing in the input; nil where that is still to be found.
  var replay: MaskReplay?
  /// Keeps solved windows for another run, if given.
  public var store: (any SolutionStore)?
  /// Keeps solved windows beside the output until it is complete, and uses those that an earlier run left.
  public var resumes = false

  public init(
    input: String, output: String, masks: MaskOptions,
    restoration: RestorationSettings = RestorationSettings(),
    encoding: EncodeSettings = EncodeSettings(), overwrite: Bool = false, metrics: String? = nil
  ) {
    (self.input, self.output, self.masks) = (input, output, masks)
    (self.restoration, self.encoding) = (restoration, encoding)
    (self.overwrite, self.metrics) = (overwrite, metrics)
  }

  /// Does the job.
  ///
  /// - Parameters:
  ///   - warn: gets a sentence for each problem that is no reason to stop.
  ///   - note: gets a sentence that says how a volume is read.
  ///   - observe: called when the job starts, a few times a second, and when the last frame is written.
  ///   - isStopping: asked often; true ends the job as `isCancelled` does, after the window at work is solved.
  ///   - isCancelled: asked often; true ends the job with an error of kind `.cancelled` and no output.
  /// - Throws: `JobError`.
  public func run(
    warn: @escaping (String) -> Void = { _ in }, note: @escaping (String) -> Void = { _ in },
    observe: @escaping (JobProgress) -> Void = { _ in }, isStopping: @escaping () -> Bool = { false },
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> RestoreResult {
    let events = JobEvents(
      warn: warn, note: note, observe: observe, isStopping: isStopping, isCancelled: isCancelled)
    if resumes { return try resume { try $0.perform(events) } }
    let (folder, kept) = resumable
    if store == nil && kept > 0 {
      warn(
        "\(folder) holds what a run that was stopped had solved: --resume goes on from there; delete it if nobody "
          + "needs it")
    }
    return try perform(events)
  }

  private func perform(_ given: JobEvents) throws -> RestoreResult {
    var said: [String] = []
    var events = given
    // Warnings are in the report too.
    events.warn = { sentence in
      said.append(sentence)
      given.warn(sentence)
    }
    return try JobError.during(.reading) {
      let start = ContinuousClock.now
      try checkSettings()
      try checkPaths(events.warn)
      var job = self
      if surveyed == nil, let kinds = masks.detection?.surveyedKinds {
        events.note("all of \(input) is looked through for \(kinds) first")
      }
      if surveyed == nil, let masks = masks.trackedText {
        events.note("all of \(input) is read first to follow \(masks) through it")
      }
      job.surveyed = try surveyedDamage(events.isEnding)
      try job.maskJob?.run(isCancelled: events.isEnding)
      try job.lookAtOverlays(events)
      let medium = try job.open(events)
      do {
        let learned = report == nil ? nil : LearnedStructureRecorder()
        let models = try savedModel.map(ModelRecorder.init(path:))
        let recorder = SeveralRecorders([learned, models])
        events.observe(JobProgress(announcedFrames: medium.expectedFrames))
        while let part = try medium.nextPart() {
          try restore(part, of: medium, recorder: recorder, events)
        }
        try medium.finish(events.warn)
        var metrics = medium.metrics(total: (ContinuousClock.now - start).inSeconds)
        if let path = savedModel, let spots = Self.spots(in: metrics) {
          events.warn(
            "\(path) has nothing of \(spots), which no representation was fitted to: --tile 256 has it fitted to all"
          )
        }
        if let bound = restoration.maximumMemory, metrics.peakMemoryBytes > bound {
          events.warn(Self.tooMuchMemory(metrics.peakMemoryBytes, bound: bound))
        }
        metrics.warnings = said + (medium.damage.map { [$0] } ?? [])
        var record = RestorationRecord(metrics, learned: learned)
        // The output is complete: where one of the files beside it fails, the error says so.
        try completing("output") { try self.metrics.map { try AtomicFile.write(metrics.json(), to: $0) } }
        try completing(medium.noun) { try models?.finish(medium.savedVideo) }
        try completing(medium.noun) {
          if report != nil { record.overlays = try job.overlayPictures() }
          try job.makePage(record, metrics, events)
        }
        events.observe(JobProgress(finished: medium.summary, announcedFrames: medium.expectedFrames))
        return RestoreResult(metrics: metrics, damage: medium.damage, missingFrames: medium.missingFrames)
      } catch {
        medium.cancel()
        throw error
      }
    }
  }

  /// Writes the masks; nil where that was not asked for.
  var maskJob: MaskJob? {
    savedMask.map {
      // A run that goes on where another one was stopped may find that one's masks.
      MaskJob(
        input: input, stream: stream, masks: masks, output: $0, overwrite: overwrite || resumes,
        threads: threads, surveyed: surveyed)
    }
  }

  private func completing(_ what: String, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as JobError {
      throw JobError(error.kind, "\(error.description); the \(what) \(output) is complete")
    }
  }

  /// In words; nil for none.
  private static func spots(in metrics: RestoreMetrics) -> String? {
    let count = metrics.windows.reduce(0) { $0 + ($1.report.spots?.all ?? 0) }
    return count == 0 ? nil : "\(count) small holes"
  }

  private static func tooMuchMemory(_ peak: Int, bound: Int) -> String {
    "the process took \(ByteCount.text(peak)) at its peak, more than the \(ByteCount.text(bound)) that were allowed: "
      + "windows can't be smaller, and what is beside them, such as decoder and encoder, has no bound"
  }

  private func makePage(_ record: RestorationRecord, _ metrics: RestoreMetrics, _ events: JobEvents) throws {
    guard let page = page(record) else { return }
    if let volumes = metrics.volume?.shape.last {
      // The first volume of a series in which something was missing.
      let slices = max(metrics.frames / max(volumes, 1), 1)
      let number = min((metrics.windows.first?.report.firstFrame ?? 0) / slices, volumes - 1)
      try VolumeReportJob(report: page, number: number).run(isCancelled: events.isEnding)
    } else {
      try page.run(isCancelled: events.isEnding)
    }
  }

  /// The page that shows the result; nil where none was asked for.
  func page(_ record: RestorationRecord) -> ReportJob? {
    report.map {
      var files = InspectedFiles(input: input, result: output, stream: stream, masks: masks)
      (files.volumeMasks, files.spacing) = (volume.masks, volume.spacing)
      var page = ReportJob(files: files, record: record, folder: $0, overwrite: overwrite)
      page.files.surveyed = surveyed
      page.solvesFields = solvesFields
      return page
    }
  }
}
