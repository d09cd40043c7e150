internal import CFFmpeg

/// What would become of a file's parts in an output, found out without writing that output.
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
  /// FFmpeg's names of the encoder and the pixel format that it gets; nil where no encoder takes the video.
  public var encoder: String?
  public var pixelFormat: String?
  public var streams: [Fate]
  public var keepsChapters: Bool
  /// A sentence for each kind of thing that the output would lose, beside streams.
  public var warnings: [String] = []
  /// Why there would be no output, and what to do; nil where there would be one.
  public var problem: String?

  enum CodingKeys: String, CodingKey {
    case path, container, encoder, streams, problem, warnings
    case pixelFormat = "pixel_format"
    case keepsChapters = "keeps_chapters"
  }

  /// - Throws: `MediaError` where the input can't be read.
  public init(
    input: String, stream: Int? = nil, output: String, settings: EncodeSettings,
    isCancelled: () -> Bool = { false }
  ) throws {
    let reader = try VideoReader(path: input, stream: stream, gaps: .frames)
    path = output
    streams = []
    keepsChapters = false
    do {
      let container = try Container(for: output, settings: settings, source: reader)
      let muxer = try Muxer(
        path: StandardStream.outputName(output),
        to: output == StandardStream.path ? .standardOutput : .file(output), container: container)
      self.container = container.name
      let setup = try OutputSetup(
        path: output, container: container, settings: settings, properties: VideoProperties(source: reader),
        source: reader)
      encoder = setup.choice.name
      pixelFormat = setup.choice.layout.name
      let admission = try StreamAdmission(of: reader, in: muxer, setup, VideoEncoder(for: setup))
      streams = admission.verdicts.enumerated().map { OutputPlan.fate($0, $1, setup.choice.name) }
      let losses = try InputLosses(of: reader, in: setup)
      keepsChapters = losses.keepsChapters
      warnings = losses.warnings
      warnings += Self.laterLosses(losses.log, reader, isCancelled: isCancelled)
    } catch let error as MediaError {
      problem = error.description
    }
  }

  /// How many pictures are examined: all of the first ones, then only those that need no other.
  private static let pictures = (all: 24, most: 400)

  /// What would be lost of the pictures after the first one.
  private static func laterLosses(
    _ log: LossLog?, _ reader: VideoReader, isCancelled: () -> Bool
  ) -> [String] {
    guard var log else { return [] }
    for number in 0..<pictures.most where !isCancelled() {
      if number == pictures.all { reader.decoder.skipToKeyPictures() }
      // `FileProbe` reports pictures that can't be read.
      guard let frame = try? reader.nextFrame() else { break }
      let seconds = (frame.time ?? 0) * 1000
      log.note((frame.attachment as? DecodedPicture)?.properties, "at \(seconds.rounded() / 1000) s")
    }
    return log.warnings
  }

  private static func fate(_ index: Int, _ verdict: StreamAdmission.Verdict, _ encoder: String) -> Fate {
    switch verdict {
    case .restored: Fate(stream: index, isKept: true, reason: "restored, written by \(encoder)")
    case .copied: Fate(stream: index, isKept: true, reason: "copied packet by packet")
    case .unwanted: Fate(stream: index, isKept: false, reason: "not wanted")
    case .madeAnew:
      Fate(stream: index, isKept: false, reason: "made anew by the container from tags or chapters")
    case .refused(let reason): Fate(stream: index, isKept: false, reason: reason)
    }
  }
}
