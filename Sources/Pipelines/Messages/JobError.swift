import Masks
import Media
import Reconstruction
import Volumes

/// Why a job failed: one clear sentence, and the kind of error, which decides the exit code.
public struct JobError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The settings are wrong, or do not fit the input.
    case configuration
    /// The input or a mask can't be read.
    case input
    /// The output can't be written.
    case output
    /// Disk or memory ran out, or an input's disk failed: the same job may succeed later.
    case tryAgain
    /// Someone asked to stop.
    case cancelled
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = MessageText.tidied(description)
  }
}

extension JobError {
  public static func configuration(_ text: String) -> JobError { JobError(.configuration, text) }
  public static func input(_ text: String) -> JobError { JobError(.input, text) }
  public static func output(_ text: String) -> JobError { JobError(.output, text) }
  static func tryAgain(_ text: String) -> JobError { JobError(.tryAgain, text) }
  static let stopped = JobError(.cancelled, "stopped")

  /// What a job was doing at the time of an error.
  enum Stage { case reading, writing }

  /// The error of another module as that of a job.
  init(_ error: any Error, while stage: Stage) {
    switch error {
    case let error as JobError: self = error
    case let error as MaskError: self.init(error.kind == .unreadable ? .input : .configuration, error.message)
    case let error as MediaError: self.init(Self.kind(of: error, while: stage), error.description)
    case let error as VolumeError: self.init(Self.kind(of: error), error.description)
    case RestorationError.cancelled: self = .stopped
    case RestorationError.nothingKnown(let first, let last):
      self.init(
        .configuration,
        "the mask covers every pixel of frames \(first) to \(last) and of all before them, so nothing is known to "
          + "restore from; leave pixels unmasked, or cut these frames off")
    case RestorationError.tooLittleMemory(let bound, let least):
      self.init(
        .configuration,
        "\(ByteCount.text(bound)) of memory (--max-memory, run.max_memory) is too little for frames of this size: the "
          + "smallest windows take \(ByteCount.text(least))")
    default: self.init(stage == .reading ? .input : .output, "\(error)")
    }
  }

  /// Does a part of a job, and turns its errors into a `JobError`.
  static func during<Result>(_ stage: Stage, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw JobError(error, while: stage) }
  }

  private static func kind(of error: VolumeError) -> Kind {
    switch error.kind {
    case .cannotRead, .unsupported: .input
    case .mismatch: .configuration
    case .cannotWrite: .output
    case .diskFull, .readFailed: .tryAgain
    }
  }

  /// For options of volumes that were given for another file.
  public static func volumeOptions(for path: String) -> JobError {
    JobError.configuration(
      "--missing-slices, --missing-value, --mask-box, --axis, --keep-nan, --spacing, --isotropic, --scale and --stack-as are of volumes, and \(path) is none"
    )
  }

  /// For what only videos have.
  static func videosOnly(_ what: String, _ path: String) -> JobError {
    JobError.configuration("\(what) is of videos only, and \(path) is a volume")
  }

  static let nothingKnown = configuration(
    "the mask covers every pixel of every frame, so nothing is known to restore from")

  private static func kind(of error: MediaError, while stage: Stage) -> Kind {
    switch error.kind {
    case .cannotRead, .notAVideo, .damaged: .input
    // A codec that can't be read is a fault of the input; one that can't be written was asked for.
    case .unsupported: stage == .reading ? .input : .configuration
    case .cannotWrite, .exists: .output
    case .diskFull, .outOfMemory, .readFailed: .tryAgain
    }
  }
}
