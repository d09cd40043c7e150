internal import CFFmpeg

/// The encoder for a video and the pixel format that it gets.
struct EncoderChoice {
  let codec: UnsafePointer<AVCodec>
  let layout: PixelLayout

  var name: String { String(cString: codec.pointee.name) }

  /// Chooses by the settings, the source and what the container holds.
  ///
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  init(
    settings: EncodeSettings, source: VideoProperties, container: UnsafePointer<AVOutputFormat>, path: String
  ) throws {
    var wanted = source.layout
    if settings.pixelFormat != "source" {
      guard let named = try PixelLayout.named(settings.pixelFormat, path: path) else {
        throw MediaError(
          .unsupported,
          "\(path): there is no pixel format called '\(settings.pixelFormat)'; see ffmpeg -pix_fmts")
      }
      wanted = named
    }
    if settings.lossless, let picture = try EncoderChoice.losslessPicture(container, path: path) {
      try self.init(picture, source: source, wanted: wanted, container: container, path: path)
      return
    }
    let name = settings.lossless ? "ffv1" : settings.codec
    guard let name else {
      try self.init(standardFor: source, wanted: wanted, container: container, path: path)
      return
    }
    try self.init(
      EncoderChoice.encoder(named: name, path: path), source: source, wanted: wanted, container: container,
      isLossless: settings.lossless, path: path)
  }

  /// A certain encoder, if it takes the samples and the container its packets.
  init(
    _ codec: UnsafePointer<AVCodec>, source: VideoProperties, wanted: PixelLayout,
    container: UnsafePointer<AVOutputFormat>, isLossless: Bool = false, path: String
  ) throws {
    let codecName = String(cString: codec.pointee.name)
    guard ContainerRules.holds(codec.pointee.id, container) else {
      let muxer = String(cString: container.pointee.name)
      let hint = isLossless ? "lossless output is FFV1: use a name ending in .mkv" : "use .mkv"
      throw MediaError(
        .unsupported,
        "\(path): the container \(muxer) cannot hold \(String(cString: avcodec_get_name(codec.pointee.id))); "
          + "\(hint), or another encoder")
    }
    try EncoderChoice.checkName(codec, container, path: path)
    // JPEG has no other range than the full one.
    let isFullRange = source.isFullRange || wanted.isFullRangeByName
    let isNarrowJPEG = codec.pointee.id == AV_CODEC_ID_MJPEG && !isFullRange && !wanted.isRGB
    var layout = isNarrowJPEG ? nil : EncoderChoice.layout(of: codec, for: wanted, isFullRange: isFullRange)
    if codec.pointee.id == AV_CODEC_ID_MJPEG && wanted.components.count == 1 && wanted.bitDepth == 8 {
      // Gray is colour without any: the encoder knows no other.
      layout = try PixelLayout.named("yuvj420p", path: path)
    }
    if codec.pointee.id == AV_CODEC_ID_GIF && layout == nil {
      throw MediaError(
        .unsupported,
        "\(path): GIF holds 256 colours at most, so that known pixels would change: use a name ending in .apng, .webp or "
          + ".mkv, which keep them, and make a GIF of that")
    }
    if layout == nil, isNarrowJPEG, wanted.name.hasPrefix("yuv4"),
      EncoderChoice.layout(of: codec, for: wanted, isFullRange: true) != nil
    {
      let full = "yuvj4" + wanted.name.dropFirst(4)
      throw MediaError(
        .unsupported,
        "\(path): JPEG holds the full range of values only, and the input has that of video: convert it with the pixel "
          + "format \(full) (--pixel-format), or use .mkv, which keeps it")
    }
    guard let layout else {
      let advice = EncoderChoice.advice(
        for: wanted, isFullRange: source.isFullRange, codec: codec, container: container, path: path)
      throw MediaError(
        .unsupported, "\(path): the encoder \(codecName) does not take pixel format \(wanted.name); \(advice)"
      )
    }
    if codec.pointee.id == AV_CODEC_ID_RAWVIDEO && !ContainerRules.namesRaw(layout.name, container) {
      throw MediaError(
        .unsupported,
        "\(path): the container \(String(cString: container.pointee.name)) has no name for raw video of pixel format "
          + "\(layout.name), which would be read as something else; use a name ending in .nut or the encoder ffv1"
      )
    }
    try EncoderChoice.checkSize(
      source.format.width, source.format.height, codec: codec, layout: layout, path: path)
    self.codec = codec
    self.layout = layout
  }

  /// H.264 and H.265 crop in units of chroma samples; their encoders' own words do not say what would do.
  private static func checkSize(
    _ width: Int, _ height: Int, codec: UnsafePointer<AVCodec>, layout: PixelLayout, path: String
  ) throws {
    if String(cString: codec.pointee.name) == "libsvtav1" {
      if width >= 64 && height >= 64 && width % 2 == 0 && height % 2 == 0 { return }
      throw MediaError(
        .unsupported,
        "\(path): libsvtav1 cannot write \(width)x\(height): it takes even sizes from 64x64 up; use the encoder "
          + "libaom-av1 or libvpx-vp9, or lossless output")
    }
    guard [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec.pointee.id) else { return }
    let units = (x: 1 << layout.chromaHorizontalShift, y: 1 << layout.chromaVerticalShift)
    if width % units.x != 0 || height % units.y != 0 {
      throw MediaError(
        .unsupported,
        "\(path): \(String(cString: codec.pointee.name)) cannot write \(width)x\(height) in \(layout.name): width and "
          + "height must be divisible by \(units.x) and \(units.y); use lossless output, the encoder libvpx-vp9 or "
          + "ffv1, or the pixel format yuv444p")
    }
  }

  /// The video encoder of a name, or of the codec of a name.
  static func encoder(named name: String) -> UnsafePointer<AVCodec>? {
    let found =
      avcodec_find_encoder_by_name(name)
      ?? avcodec_descriptor_get_by_name(name).flatMap { avcodec_find_encoder($0.pointee.id) }
    return found?.pointee.type == AVMEDIA_TYPE_VIDEO ? found : nil
  }

  private static func encoder(named name: String, path: String) throws -> UnsafePointer<AVCodec> {
    guard let found = encoder(named: name) else {
      throw MediaError(
        .unsupported, "\(path): this FFmpeg has no video encoder called '\(name)'; see ffmpeg -encoders")
    }
    return found
  }

  /// The encoder's format for these samples: this one, or one that holds the same in other places.
  private static func layout(
    of codec: UnsafePointer<AVCodec>, for wanted: PixelLayout, isFullRange: Bool
  ) -> PixelLayout? {
    guard let list = inrr_encoder_pixel_formats(codec) else { return wanted }
    var same: [PixelLayout] = []
    var next = list
    while next.pointee != AV_PIX_FMT_NONE {
      if let layout = try? PixelLayout(next.pointee, path: ""), layout.holdsSameSamples(as: wanted) {
        same.append(layout)
      }
      next += 1
    }
    // JPEG's encoder takes the plain names for a range that few readers expect.
    if codec.pointee.id == AV_CODEC_ID_MJPEG, let full = same.first(where: \.isFullRangeByName) {
      return full
    }
    // The yuvj names are deprecated for the plain name and a tag, and wrong without full range.
    let plain = same.filter { !$0.isFullRangeByName }
    return plain.first { $0.pixelFormat == wanted.pixelFormat } ?? plain.first
      ?? (isFullRange ? same.first : nil)
  }

  /// What to do where an encoder does not take the samples.
  private static func advice(
    for wanted: PixelLayout, isFullRange: Bool, codec: UnsafePointer<AVCodec>,
    container: UnsafePointer<AVOutputFormat>, path: String
  ) -> String {
    let formats = pixelFormats(of: codec, nearestTo: wanted)
    let conversion =
      formats.isEmpty
      ? "use .mkv" : "choose a pixel format to convert to: \(formats.prefix(6).joined(separator: ", "))"
    // An image's name says what it is: another encoder would belie it.
    let others =
      String(cString: container.pointee.name) == "image2"
      ? [] : encoders(for: wanted, isFullRange: isFullRange, container: container)
    return others.isEmpty
      ? conversion : "encoders that can: \(others.joined(separator: ", ")); or \(conversion)"
  }

  /// The pixel formats that an encoder takes and that can be written here, those first that lose least.
  private static func pixelFormats(of codec: UnsafePointer<AVCodec>, nearestTo wanted: PixelLayout)
    -> [String]
  {
    guard let list = inrr_encoder_pixel_formats(codec) else { return [] }
    var layouts: [PixelLayout] = []
    var next = list
    while next.pointee != AV_PIX_FMT_NONE {
      if let layout = try? PixelLayout(next.pointee, path: ""),
        layout.isFullRangeByName || codec.pointee.id != AV_CODEC_ID_MJPEG
      {
        layouts.append(layout)
      }
      next += 1
    }
    let losses = layouts.enumerated().map { (losses: $1.losses(from: wanted), place: $0, name: $1.name) }
    return losses.sorted { a, b in
      a.losses == b.losses ? a.place < b.place : a.losses.lexicographicallyPrecedes(b.losses)
    }.map(\.name)
  }

  /// Names of encoders that take these samples and that the container holds, the usual ones first.
  private static func encoders(
    for wanted: PixelLayout, isFullRange: Bool, container: UnsafePointer<AVOutputFormat>
  ) -> [String] {
    let usual = [
      "libx264", "libx264rgb", "libx265", "libsvtav1", "libvpx-vp9", "libaom-av1", "ffv1", "prores_ks", "png",
    ]
    return usual.filter { name in
      guard let codec = avcodec_find_encoder_by_name(name) else { return false }
      return ContainerRules.holds(codec.pointee.id, container)
        && layout(of: codec, for: wanted, isFullRange: isFullRange) != nil
    }
  }
}
