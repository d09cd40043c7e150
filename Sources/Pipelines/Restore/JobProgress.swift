import Reconstruction

/// The progress of a job.
public struct JobProgress: Sendable, Equatable {
  /// The number of frames that the input announces, which may be wrong; nil if unknown.
  public var announcedFrames: Int?
  public var framesRead = 0
  public var framesWritten = 0
  /// Work done, in frames, with fractions.
  public var framesSolved = 0.0
  /// Hold-out PSNR in dB so far.
  public var holdoutPSNR: Double?
  /// True once, after the last frame.
  public var isFinished = false

  public init(announcedFrames: Int? = nil) { self.announcedFrames = announcedFrames }

  /// - Parameter before: the number of frames of earlier parts.
  init(_ progress: RestorationProgress, announcedFrames: Int?, framesBefore before: Int) {
    self.announcedFrames = announcedFrames
    framesRead = before + progress.framesRead
    framesWritten = before + progress.framesWritten
    framesSolved = Double(before) + progress.framesSolved
    holdoutPSNR = progress.holdoutPSNR
  }

  init(finished summary: RestorationSummary, announcedFrames: Int?) {
    self.announcedFrames = announcedFrames
    framesRead = summary.frames
    framesWritten = summary.frames
    framesSolved = Double(summary.frames)
    holdoutPSNR = summary.holdoutPSNR
    isFinished = true
  }
}
