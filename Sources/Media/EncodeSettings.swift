/// How to encode the output video.
public struct EncodeSettings: Sendable, Hashable {
  /// FFmpeg's name of the encoder; nil chooses the source's codec where an encoder for it takes the samples and the
  /// container holds it, else libx264 (libx264rgb for RGB), else the container's own default.
  public var codec: String?
  /// Whether to write FFV1 level 3 with checksums, which keeps every sample; takes the place of `codec`.
  public var lossless: Bool
  /// Constant rate factor of the encoders that know it; smaller is better and larger.
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

  /// Whether a TIFF file may stay as it is but for its samples: nothing is asked for that it would have to change for.
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
