internal import CFFmpeg
import Frames

extension VideoWriter {
  /// Starts a video of gray samples of 8 bits, written without loss, that has the times of `source` and nothing else of it.
  ///
  /// Frames are given with their `DecodedPicture.timing`.
  ///
  /// - Parameter isTurned: whether its width is along the height of the source.
  /// - Throws: `MediaError`: `.exists`, `.cannotWrite`, `.unsupported` or `.diskFull`.
  public convenience init(
    path: String, gray format: FrameFormat, timesOf source: VideoReader, isTurned: Bool, overwrite: Bool
  ) throws {
    var properties = VideoProperties(source: source)
    properties.layout = try PixelLayout.holding(format, path: path)
    properties.format = format
    (properties.fieldOrder, properties.isInterlaced) = (AV_FIELD_PROGRESSIVE, false)
    (properties.codecID, properties.codecProfile, properties.first) = (nil, nil, nil)
    (properties.isImageSequence, properties.keepsDolbyVision) = (false, false)
    // Where the file keeps a rate instead of times.
    let container = try Container(for: path, settings: EncodeSettings(lossless: true), source: nil)
    properties.steadyRate = try SteadyRate.check(source, in: container, path: path)
    if isTurned && properties.sampleAspectRatio.isKnown {
      properties.sampleAspectRatio = properties.sampleAspectRatio.inverse
    }
    try self.init(
      path: path, properties: properties, source: nil, settings: EncodeSettings(lossless: true),
      overwrite: overwrite)
  }
}

extension DecodedPicture {
  /// When the picture is shown, without anything that belongs to its samples.
  public var timing: DecodedPicture {
    var timing = self
    (timing.properties, timing.page) = (nil, nil)
    return timing
  }
}
