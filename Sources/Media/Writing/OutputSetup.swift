internal import CFFmpeg

/// What an output is written with: its container, the encoder and its pixel format, and what both are told.
struct OutputSetup {
  /// The path of the output as it was given, which its container and the codecs of images follow.
  let path: String
  let container: Container
  let settings: EncodeSettings
  let properties: VideoProperties
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
}
