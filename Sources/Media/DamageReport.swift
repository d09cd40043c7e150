/// What was wrong with a video that could be read nevertheless.
public struct DamageReport: Sendable, Hashable, Codable {
  /// Errors that the decoder reported.
  public var decoderErrors: Int
  /// Frames that the decoder delivered but flagged as corrupt.
  public var corruptFrames: Int
  /// Whether the file ends before what its header announces, or reading stopped with an error.
  public var isTruncated: Bool
  /// Frames delivered so far.
  public var framesRead: Int
  /// One sentence with the file and what is wrong with it.
  public var sentence: String
}
