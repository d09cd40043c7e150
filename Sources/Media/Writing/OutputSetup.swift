internal import CFFmpeg

/// What an output is written with: its container, the encoder and its pixel format, and what both are told.
struct OutputSetup {
  /// The path of the output as it was given, which its container and the codecs of images follow.
  let path: String
  let container: Container
  let settings: EncodeSettings
  private(set) var properties: VideoProperties
  let choice: EncoderChoice

  /// - Parameter source: what is restored; nil for frames without a source.
  /// - Throws: `MediaError.unsupported` where the container or the encoders can't hold the video.
  init(
    path: String, container: Container, settings: EncodeSettings, properties: VideoProperties,
    source: VideoReader?
  ) throws {
    var properties = properties
    let name = StandardStream.outputName(path)
    properties.steadyRate =
      try SteadyRate.check(source, in: container, path: name) ?? properties.steadyRate
    choice = try EncoderChoice(settings: settings, source: properties, container: container, path: path)
    (self.path, self.container, self.settings, self.properties) = (path, container, settings, properties)
  }

  /// The same for pictures that tell as much and cost less: FFV1 keeps what it keeps at any size, and its encoder first clears
  /// 150 bytes for each sample, which takes longer than encoding a frame.
  ///
  /// Unchanged where the size may matter: with samples that aren't square, whose shape containers round by the picture's size,
  /// and with options of the user.
  var forRehearsal: OutputSetup {
    let shape = properties.sampleAspectRatio
    guard choice.codec.name == "ffv1", settings.options.isEmpty, shape.num == shape.den || shape.num == 0
    else {
      return self
    }
    var small = self
    let size = properties.format
    small.properties.format = properties.layout.frameFormat(
      width: min(size.width, Self.rehearsedSize), height: min(size.height, Self.rehearsedSize))
    return small
  }

  /// Large enough for as many slices as a large picture has.
  private static let rehearsedSize = 64
}
