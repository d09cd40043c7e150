import Foundation

/// An error of a volume's file; the description is one sentence with the file, what is wrong and what to do.
public struct VolumeError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable {
    /// The file does not exist, is not of its format, or is damaged.
    case cannotRead
    /// The file is valid, but its content is not supported.
    case unsupported
    /// The disk or network that the file is on failed while it was read.
    case readFailed
    case cannotWrite
    case diskFull
    /// Files, or a file and what was asked for, do not go together.
    case mismatch
  }

  public var kind: Kind
  public var description: String

  public init(_ kind: Kind, _ description: String) { (self.kind, self.description) = (kind, description) }

  /// - Parameter code: the system's, such as `ENOENT`.
  static func cannotOpen(_ path: String, _ code: Int32) -> VolumeError {
    VolumeError(
      .cannotRead,
      code == ENOENT
        ? "\(path): there is no such file; check the name"
        : "\(path) can't be read: \(String(cString: strerror(code)))")
  }
}
