import Foundation

/// Why a file of a volume can't be read or written, in one sentence with the file, what is wrong and what to do.
public struct VolumeError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The file is not there, or is none of its kind, or is cut short.
    case cannotRead
    /// The file is sound, but holds what volumes here can't.
    case unsupported
    case cannotWrite
    case diskFull
    /// Files, or a file and what was asked for, do not go together.
    case mismatch
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// - Parameter code: the system's, such as `ENOENT`.
  static func cannotOpen(_ path: String, _ code: Int32) -> VolumeError {
    VolumeError(
      .cannotRead,
      code == ENOENT
        ? "\(path): there is no such file; check the name"
        : "\(path) can't be read: \(String(cString: strerror(code)))")
  }
}
