/// How to encode the output video.
public struct EncodeSettings: Sendable, Hashable {
  /// FFmpeg's name of the encoder. Nil chooses the source's codec where an encoder for it takes the samples and the
  /// container holds it, else libx264 (libx264rgb for RGB), else the container's own default.
  public var codec: String?
  /// Whether to write FFV1 level 3 with checksums, which keeps every sample, instead of `codec`.
  public var lossless: Bool
  /// Constant rate factor of the encoders that have one; lower values give better quality and larger files.
  public var crf: Double
  /// The encoder's own speed preset, such as "slow".
  public var preset: String?
  /// FFmpeg's name of the pixel format to encode, or "source" for the source's own.
  public var pixelFormat: String
  /// Further options of the encoder by FFmpeg's names; they take precedence over everything above.
  public var options: [String: String]
  /// FFmpeg's name of the container, or an ending that stands for it; nil for the one that the output's name stands for.
  public var container: String?
  /// What goes beside the video.
  public var streams: StreamChoice
  /// Threads that the encoder may use; the output does not depend on it.
  public var threads: Int

  /// Whether a TIFF file may keep everything beside its samples: no setting asks for a change.
  var keepsPages: Bool { codec == nil && pixelFormat == "source" && options.isEmpty && streams.metadata }

  public init(
    codec: String? = nil, lossless: Bool = false, crf: Double = 16, preset: String? = nil,
    pixelFormat: String = "source", options: [String: String] = [:], streams: StreamChoice = StreamChoice(),
    threads: Int = 2
  ) {
    self.codec = codec
    self.lossless = lossless
    self.crf = crf
    self.preset = preset
    self.pixelFormat = pixelFormat
    self.options = options
    self.streams = streams
    self.threads = threads
  }
}

/// An option of an encoder as users write it, `key=value`; the value may have further equals signs.
public struct EncoderOption: Sendable, Hashable {
  public var key: String
  public var value: String

  /// - Returns: nil for a text without a key or without an equals sign.
  public init?(parsing text: String) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else { return nil }
    key = String(text[..<sign])
    value = String(text[text.index(after: sign)...])
  }
}

/// What of the source, beside its video, goes into the output; all of it by default.
public struct StreamChoice: Sendable, Hashable {
  public var audio = true
  public var subtitles = true
  /// Everything else: data, attachments such as fonts, and further video such as cover art.
  public var data = true
  public var chapters = true
  /// Tags of the file and of its streams.
  public var metadata = true

  public init() {}

  /// Whether streams of a kind, by FFmpeg's name, are copied.
  func isCopied(kind: String) -> Bool {
    switch kind {
    case "audio": audio
    case "subtitle": subtitles
    default: data
    }
  }
}
