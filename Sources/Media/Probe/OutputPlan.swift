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
  public init(input: String, stream: Int? = nil, output: String, settings: EncodeSettings) throws {
    let reader = try VideoReader(path: input, stream: stream, gaps: .frames)
    path = output
    streams = []
    keepsChapters = false
    do {
      let format = try ContainerChoice.format(for: output, settings: settings, source: reader)
      let muxer = try Muxer(path: output, temporaryPath: output, format: format)
      try SteadyRate.check(reader, in: muxer)
      container = muxer.name
      let hasChapters = reader.demuxer.context.pointee.nb_chapters > 0
      keepsChapters = hasChapters && settings.streams.chapters && muxer.holdsChapters
      let properties = VideoProperties(source: reader)
      let choice = try EncoderChoice(
        settings: settings, source: properties, container: muxer.format, path: output)
      self.encoder = choice.name
      pixelFormat = choice.layout.name
      let encoder = try VideoEncoder(
        choice: choice, source: properties, settings: settings, needsGlobalHeader: muxer.needsGlobalHeader,
        path: output)
      let admission = try StreamAdmission(
        of: reader, in: muxer, encoder: encoder, properties: properties, choice: settings.streams)
      streams = admission.verdicts.enumerated().map { OutputPlan.fate($0, $1, choice.name) }
    } catch let error as MediaError {
      problem = error.description
    }
  }

  private static func fate(_ index: Int, _ verdict: StreamAdmission.Verdict, _ encoder: String) -> Fate {
    switch verdict {
    case .restored: Fate(stream: index, isKept: true, reason: "restored, written by \(encoder)")
    case .copied: Fate(stream: index, isKept: true, reason: "copied packet by packet")
    case .unwanted: Fate(stream: index, isKept: false, reason: "not wanted")
    case .madeAnew:
      Fate(stream: index, isKept: false, reason: "made anew by the container from the tags")
    case .refused(let reason): Fate(stream: index, isKept: false, reason: reason)
    }
  }
}
