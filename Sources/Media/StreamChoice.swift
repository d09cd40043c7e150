/// What of the source, beside its video, goes into the output. All of it, if not told otherwise.
public struct StreamChoice: Sendable, Hashable {
  public var audio = true
  public var subtitles = true
  /// Everything else: data, attachments such as fonts, and further video such as cover art.
  public var data = true
  public var chapters = true
  /// Tags of the file and of its streams.
  public var metadata = true

  public init() {}

  /// FFmpeg's name of a kind of stream decides.
  func isCopied(kind: String) -> Bool {
    switch kind {
    case "audio": audio
    case "subtitle": subtitles
    default: data
    }
  }
}
