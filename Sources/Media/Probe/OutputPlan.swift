internal import CFFmpeg

/// What would become of a file's parts in an output, found out without writing anything.
public struct OutputPlan: Sendable, Hashable, Codable {
  /// What would become of a stream.
  public struct Fate: Sendable, Hashable, Codable {
    public var stream: Int
    public var isKept: Bool
    /// How it is kept, or why it is not.
    public var reason: String

    enum CodingKeys: String, CodingKey {
      case stream, reason
      case isKept = "kept"
    }
  }

  public var path: String
  /// FFmpeg's short name of the container; nil if there is none by this name.
  public var container: String?
  /// FFmpeg's name of the encoder, and the pixel format that it gets; nil where there is none that takes the video.
  public var encoder: String?
  public var pixelFormat: String?
  public var streams: [Fate]
  public var keepsChapters: Bool
  /// Why there would be no output, and what to do; nil where there would be one.
  public var problem: String?

  enum CodingKeys: String, CodingKey {
    case path, container, encoder, streams, problem
    case pixelFormat = "pixel_format"
    case keepsChapters = "keeps_chapters"
  }

  /// - Throws: `MediaError` where the input can't be read.
  public init(input: String, output: String, settings: EncodeSettings) throws {
    let reader = try VideoReader(path: input, gaps: .frames)
    path = output
    streams = []
    keepsChapters = false
    do {
      let muxer = try Muxer(path: output, temporaryPath: output)
      container = muxer.name
      let hasChapters = reader.demuxer.context.pointee.nb_chapters > 0
      keepsChapters = hasChapters && settings.streams.chapters && muxer.holdsChapters
      let choice = try EncoderChoice(
        settings: settings, source: VideoProperties(source: reader), container: muxer.format, path: output)
      encoder = choice.name
      pixelFormat = choice.layout.name
      streams = reader.demuxer.streams.indices.map {
        OutputPlan.fate(of: $0, in: reader, muxer, choice, settings.streams)
      }
    } catch let error as MediaError {
      problem = error.description
    }
  }

  private static func fate(
    of index: Int, in reader: VideoReader, _ muxer: Muxer, _ choice: EncoderChoice, _ wanted: StreamChoice
  ) -> Fate {
    if index == reader.info.streamIndex {
      return Fate(stream: index, isKept: true, reason: "restored, written by \(choice.name)")
    }
    let parameters = reader.demuxer.streams[index].pointee.codecpar.pointee
    let kind = av_get_media_type_string(parameters.codec_type).map { String(cString: $0) } ?? "unknown"
    if !wanted.isCopied(kind: kind) {
      return Fate(stream: index, isKept: false, reason: "not wanted")
    }
    if let refusal = muxer.refusal(of: parameters) {
      return Fate(
        stream: index, isKept: false,
        reason: refusal.isMadeAnew ? "made anew by the container from the tags" : refusal.reason)
    }
    return Fate(stream: index, isKept: true, reason: "copied packet by packet")
  }
}
