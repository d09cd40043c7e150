import Masks
import Media
import Reconstruction
import Volumes

/// Why a job failed: one clear sentence, and what to do about it in general.
public struct JobError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The settings are wrong, or do not fit the input.
    case configuration
    /// The input or a mask can't be read.
    case input
    /// The output can't be written.
    case output
    /// Disk or memory ran out: the same job may succeed later.
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
  /// What a job was doing when an error came up.
  enum Stage { case reading, writing }

  /// The job's view of an error of the modules it drives.
  init(_ error: any Error, while stage: Stage) {
    switch error {
    case let error as JobError: self = error
    case let error as MaskError: self.init(error.kind == .unreadable ? .input : .configuration, error.message)
    case let error as MediaError: self.init(Self.kind(of: error, while: stage), error.description)
    case let error as VolumeError: self.init(Self.kind(of: error), error.description)
    case RestorationError.cancelled: self.init(.cancelled, "stopped")
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

  private static func kind(of error: VolumeError) -> Kind {
    switch error.kind {
    case .cannotRead, .unsupported: .input
    case .mismatch: .configuration
    case .cannotWrite: .output
    case .diskFull: .tryAgain
    }
  }

  /// For what was said of a file that has no voxels.
  public static func volumeOptions(for path: String) -> JobError {
    JobError(
      .configuration,
      "--missing-slices, --missing-value, --mask-box, --axis, --keep-nan, --spacing, --isotropic, --scale and --stack-as are of volumes, and \(path) is none"
    )
  }

  /// For what only videos have so far.
  static func videosOnly(_ what: String, _ path: String) -> JobError {
    JobError(.configuration, "\(what) is of videos only, and \(path) is a volume")
  }

  static let nothingKnown = "the mask covers every pixel of every frame, so nothing is known to restore from"

  private static func kind(of error: MediaError, while stage: Stage) -> Kind {
    switch error.kind {
    case .cannotRead, .notAVideo, .damaged: .input
    // A codec that can't be read is the input's trouble; one that can't be written was asked for.
    case .unsupported: stage == .reading ? .input : .configuration
    case .cannotWrite, .exists: .output
    case .diskFull, .outOfMemory: .tryAgain
    }
  }
}
