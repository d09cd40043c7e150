import Frames
import Overlays
import Reconstruction
import Volumes

/// The opened input, mask and output of a job: of a video or of a volume.
///
/// It is restored part by part: a video is one part, and each volume of a series is one.
protocol Medium: AnyObject {
  /// What messages call it.
  var noun: String { get }
  /// The number of frames or slices, for the progress; nil where it is unknown.
  var expectedFrames: Int? { get }
  /// Figures of the parts that are restored.
  var summary: RestorationSummary { get }
  /// What was wrong with the input, so that only a part of it could be restored; nil for a sound one.
  var damage: String? { get }
  /// Frames in which something is missing, and frames that are missing altogether; nil for a volume.
  var missingFrames: (touched: Int, whole: Int)? { get }

  /// The next part, once the last one is restored; nil after all of them.
  func nextPart() throws -> MediumPart?
  /// Adds the figures of a part that is restored.
  func end(_ part: RestorationSummary) throws
  /// Checks whether all of the input was restored, and gives the output its name.
  func finish(_ warn: (String) -> Void) throws
  /// Ends without an output; does nothing after `finish`.
  func cancel()

  /// - Parameter total: seconds that the job took.
  func metrics(total: Double) -> RestoreMetrics
  /// What a file of representations says about the medium.
  var savedVideo: SavedModel.Video { get }
}

/// A part of a medium, restored separately.
struct MediumPart {
  let stream: any MaskedStream
  let settings: RestorationSettings
  /// Overlays that let the picture through.
  var overlays: [SeeThroughOverlay] = []
  /// Whether all its known samples are the input's; otherwise some are results of earlier parts.
  var isOfInput = true
  /// Whether its grid is the output's, so that its fits are recorded.
  var isOfOutput = true
}

/// The callbacks of a job.
struct JobEvents {
  var warn: (String) -> Void = { _ in }
  var note: (String) -> Void = { _ in }
  var observe: (JobProgress) -> Void = { _ in }
  var isStopping: () -> Bool = { false }
  var isCancelled: () -> Bool = { false }

  /// For work between windows, where stopping and cancelling are the same.
  var isEnding: () -> Bool { { [isStopping, isCancelled] in isStopping() || isCancelled() } }
}

extension RestoreJob {
  /// - Parameter isWritten: false opens no output, and nothing is written.
  func open(_ events: JobEvents, isWritten: Bool = true) throws -> any Medium {
    try VolumeFile.isVolume(input)
      ? VolumeMedium(self, events, isWritten: isWritten) : VideoMedium(self, events, isWritten: isWritten)
  }

  /// Restores a part.
  func restore(
    _ part: MediumPart, of medium: any Medium, recorder: (any FitRecorder)? = nil, _ events: JobEvents
  ) throws {
    var execution = Execution(threads: threads, store: store, recorder: part.isOfOutput ? recorder : nil)
    (execution.isStopping, execution.isCancelled) = (events.isStopping, events.isCancelled)
    let (expected, before) = (medium.expectedFrames, medium.summary.frames)
    execution.observe = {
      events.observe(JobProgress($0, announcedFrames: expected, framesBefore: before))
    }
    try medium.end(
      Restorer(settings: part.settings, execution: execution, overlays: part.overlays)
        .restore(part.stream))
  }

  /// Goes through the units of the input without writing an output. The store is asked for each unit, in an order that
  /// depends on input, mask and settings alone; units that it does not have are solved and saved there.
  ///
  /// A damaged input has the units of the frames that can be decoded. Units whose known samples are results of other units,
  /// as in a volume that becomes finer along a second axis, are left out.
  ///
  /// - Throws: `JobError`.
  func visitUnits(
    _ store: any SolutionStore, isStopping: @escaping () -> Bool, isCancelled: @escaping () -> Bool
  ) throws {
    var job = self
    job.store = store
    let events = JobEvents(isStopping: isStopping, isCancelled: isCancelled)
    try JobError.during(.reading) {
      let medium = try job.open(events, isWritten: false)
      while let part = try medium.nextPart(), part.isOfInput { try job.restore(part, of: medium, events) }
    }
  }
}
