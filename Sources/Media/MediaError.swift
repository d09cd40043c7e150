/// Why a video could not be read or written: one sentence that names the file and what to do.
public struct MediaError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, for callers that choose an exit code or try again.
  public enum Kind: String, Sendable, Codable {
    /// The input is missing, unreadable, or so incomplete that nothing of it can be shown.
    case cannotRead
    /// The input can be read, but there is no video in it.
    case notAVideo
    /// The input is broken in a way that makes going on pointless.
    case damaged
    /// A codec, pixel format or container that is not there, or that cannot hold what it should.
    case unsupported
    /// The disk or network that the input is on failed while it was read, which says nothing about the file.
    case readFailed
    /// The output cannot be created or written.
    case cannotWrite
    /// The output is there already and may not be replaced.
    case exists
    /// The disk, or the quota on it, is full, or a limit on the size of files is reached.
    case diskFull
    /// Memory ran out.
    case outOfMemory
  }

  public var kind: Kind
  /// One sentence with the file, the stream or frame, what is wrong and what to do.
  public var description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
