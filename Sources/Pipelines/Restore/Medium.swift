import Frames
import Masks
import Reconstruction
import Volumes

/// Input, mask and output of a job, open: a video's or a volume's.
///
/// It is restored part by part: a video is one, and so is each volume of a series.
protocol Medium: AnyObject {
  /// What sentences call it.
  var noun: String { get }
  /// Frames or slices that there will be, for the progress; nil where nobody knows.
  var expectedFrames: Int? { get }
  /// What was done so far.
  var summary: RestorationSummary { get }
  /// What was wrong with the input, of which the output holds what could be restored; nil for a sound one.
  var damage: String? { get }
  /// Frames in which something is missing, and those of which everything is; nil for a volume.
  var missingFrames: (touched: Int, whole: Int)? { get }

  /// The next part to be restored, once the last one is; nil where there is no more.
  func nextPart() throws -> MediumPart?
  /// Takes note of what was done for the part.
  func end(_ part: RestorationSummary) throws
  /// Finds out whether all of the input was restored, and gives the output its name.
  func finish(_ warn: (String) -> Void) throws
  /// Ends without an output; nothing happens after `finish`.
  func cancel()

  /// - Parameter total: seconds that the job took.
  func metrics(total: Double) -> RestoreMetrics
  /// What a file of representations says about the medium.
  var savedVideo: SavedModel.Video { get }
}

/// What is restored by itself.
struct MediumPart {
  let stream: any MaskedStream
  let settings: RestorationSettings
  /// Whether its known samples are the input's; otherwise some of them are what earlier parts came to.
  var isOfInput = true
  /// Whether the output is on its grid, so that what its fits learn belongs to the output.
  var isOfOutput = true
}

/// What a job tells whoever runs it, and asks.
struct JobEvents {
  var warn: (String) -> Void = { _ in }
  var note: (String) -> Void = { _ in }
  var observe: (JobProgress) -> Void = { _ in }
  var isStopping: () -> Bool = { false }
  var isCancelled: () -> Bool = { false }

  /// Between windows both are the same.
  var isEnding: () -> Bool { { [isStopping, isCancelled] in isStopping() || isCancelled() } }
}

extension RestoreJob {
  /// - Parameter isWritten: false opens no output, and what is restored goes nowhere.
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
    try medium.end(Restorer(settings: part.settings, execution: execution).restore(part.stream))
  }

  /// Goes through the units of the input without writing anything: the store is asked for each, in an order that follows
  /// from input, mask and settings alone, and what it does not have is solved and saved there.
  ///
  /// Of a damaged input the units are those of what can be decoded. Units whose known samples follow from other units, as
  /// of a volume that becomes finer along a second axis, are left out.
  ///
  /// - Throws: `JobError`.
  func visitUnits(
    _ store: any SolutionStore, isStopping: @escaping () -> Bool, isCancelled: @escaping () -> Bool
  ) throws {
    var job = self
    job.store = store
    let events = JobEvents(isStopping: isStopping, isCancelled: isCancelled)
    do {
      let medium = try job.open(events, isWritten: false)
      while let part = try medium.nextPart(), part.isOfInput { try job.restore(part, of: medium, events) }
    } catch {
      throw JobError(error, while: .reading)
    }
  }
}
