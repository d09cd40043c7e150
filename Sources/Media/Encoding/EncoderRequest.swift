internal import CFFmpeg

/// What an encoder is wanted for, and which encoders would do.
struct EncoderRequest {
  let source: VideoProperties
  /// The samples to encode: the source's, or those of a pixel format that was asked for.
  let wanted: PixelLayout
  let container: Container
  let path: String

  private func unsupported(_ reason: String) -> MediaError { MediaError(.unsupported, "\(path): \(reason)") }

  /// A certain encoder, if it takes the samples and the container its packets.
  ///
  /// - Throws: `MediaError.unsupported`, naming what would do instead.
  func choice(of codec: UnsafePointer<AVCodec>, isLossless: Bool = false) throws -> EncoderChoice {
    let id = codec.pointee.id
    guard container.holds(id) else {
      let hint = isLossless ? "lossless output is FFV1: use a name ending in .mkv" : "use .mkv"
      throw unsupported("the container \(container.name) cannot hold \(id.name); \(hint), or another encoder")
    }
    try checkName(codec)
    // JPEG has no other range than the full one.
    let isFullRange = source.isFullRange || wanted.isFullRangeByName
    let isNarrowJPEG = id == AV_CODEC_ID_MJPEG && !isFullRange && !wanted.isRGB
    var layout = isNarrowJPEG ? nil : self.layout(for: codec, isFullRange: isFullRange)
    if id == AV_CODEC_ID_MJPEG && wanted.components.count == 1 && wanted.bitDepth == 8 {
      // JPEG's encoder takes no gray: it is written as colour with constant chroma.
      layout = try PixelLayout.named("yuvj420p", path: path)
    }
    if id == AV_CODEC_ID_GIF && layout == nil {
      throw unsupported(
        "GIF holds 256 colours at most, so that known pixels would change: use a name ending in .apng, .webp or "
          + ".mkv, which keep them, and make a GIF of that")
    }
    if layout == nil, isNarrowJPEG, wanted.name.hasPrefix("yuv4"),
      self.layout(for: codec, isFullRange: true) != nil
    {
      throw unsupported(
        "JPEG holds the full range of values only, and the input has that of video: convert it with the pixel "
          + "format yuvj4\(wanted.name.dropFirst(4)) (--pixel-format), or use .mkv, which keeps it")
    }
    guard let layout else {
      throw unsupported(
        "the encoder \(codec.name) does not take pixel format \(wanted.name); \(advice(for: codec))")
    }
    if id == AV_CODEC_ID_RAWVIDEO && !container.namesRaw(layout.name) {
      throw unsupported(
        "the container \(container.name) has no name for raw video of pixel format "
          + "\(layout.name), which would be read as something else; use a name ending in .nut or the encoder ffv1"
      )
    }
    try checkSize(codec, layout)
    return EncoderChoice(codec: codec, layout: layout)
  }

  /// Refuses sizes that an encoder can't write, because its own messages do not say what to do. H.264 and H.265 crop in
  /// units of chroma samples.
  private func checkSize(_ codec: UnsafePointer<AVCodec>, _ layout: PixelLayout) throws {
    let (width, height) = (source.format.width, source.format.height)
    if codec.name == "libsvtav1" {
      if width >= 64 && height >= 64 && width % 2 == 0 && height % 2 == 0 { return }
      throw unsupported(
        "libsvtav1 cannot write \(width)x\(height): it takes even sizes from 64x64 up; use the encoder "
          + "libaom-av1 or libvpx-vp9, or lossless output")
    }
    guard [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec.pointee.id) else { return }
    let units = (x: 1 << layout.chromaHorizontalShift, y: 1 << layout.chromaVerticalShift)
    if width % units.x != 0 || height % units.y != 0 {
      throw unsupported(
        "\(codec.name) cannot write \(width)x\(height) in \(layout.name): width and "
          + "height must be divisible by \(units.x) and \(units.y); use lossless output, the encoder libvpx-vp9 or "
          + "ffv1, or the pixel format yuv444p")
    }
  }

  /// The encoder's layout for the samples: the wanted one, or one that holds the same samples in other places.
  private func layout(for codec: UnsafePointer<AVCodec>, isFullRange: Bool) -> PixelLayout? {
    guard let layouts = EncoderChoice.layouts(of: codec) else { return wanted }
    let same = layouts.filter { $0.holdsSameSamples(as: wanted) }
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
  private func advice(for codec: UnsafePointer<AVCodec>) -> String {
    let formats = pixelFormats(of: codec)
    let conversion =
      formats.isEmpty
      ? "use .mkv" : "choose a pixel format to convert to: \(formats.prefix(6).joined(separator: ", "))"
    // The name of an image says its codec: another encoder would not fit it.
    let others = container.isImages ? [] : otherEncoders
    return others.isEmpty
      ? conversion : "encoders that can: \(others.joined(separator: ", ")); or \(conversion)"
  }

  /// The pixel formats that an encoder takes and that can be written here, those first that lose least.
  private func pixelFormats(of codec: UnsafePointer<AVCodec>) -> [String] {
    let layouts = (EncoderChoice.layouts(of: codec) ?? []).filter {
      $0.isFullRangeByName || codec.pointee.id != AV_CODEC_ID_MJPEG
    }
    let losses = layouts.enumerated().map { (losses: $1.losses(from: wanted), place: $0, name: $1.name) }
    return losses.sorted { a, b in
      a.losses == b.losses ? a.place < b.place : a.losses.lexicographicallyPrecedes(b.losses)
    }.map(\.name)
  }

  /// Names of encoders that take the samples and whose packets the container holds, the usual ones first.
  private var otherEncoders: [String] {
    let usual = [
      "libx264", "libx264rgb", "libx265", "libsvtav1", "libvpx-vp9", "libaom-av1", "ffv1", "prores_ks", "png",
    ]
    return usual.filter { name in
      guard let codec = avcodec_find_encoder_by_name(name) else { return false }
      return container.holds(codec.pointee.id) && layout(for: codec, isFullRange: source.isFullRange) != nil
    }
  }
}

/// Frames as they are, which nothing encodes.
extension EncoderRequest {
  /// - Throws: `MediaError.unsupported` for samples that YUV4MPEG has no name for.
  func frames() throws -> EncoderChoice {
    guard let codec = avcodec_find_encoder(container.format.pointee.video_codec) else {
      throw unsupported("this FFmpeg has no encoder for Y4M; use nut")
    }
    guard Container.namesYUV4MPEG(wanted.name) else {
      throw unsupported(
        "Y4M has no name for pixel format \(wanted.name): choose one to convert to with --pixel-format, such as "
          + "\(wanted.bitDepth > 8 ? "yuv444p\(min(wanted.bitDepth, 16))" : "yuv444p"), or use the container nut, which keeps it"
      )
    }
    return try choice(of: codec)
  }
}

/// Files whose names say how their pictures are coded.
extension EncoderRequest {
  /// The codec that the file's name says; nil for containers that hold several.
  private var namedCodec: AVCodecID? {
    guard container.namesItsCodec else { return nil }
    let codec = av_guess_codec(container.format, nil, path, nil, AVMEDIA_TYPE_VIDEO)
    return codec == AV_CODEC_ID_NONE ? nil : codec
  }

  /// The encoder of a picture that keeps every sample, by the file's name; nil where the name leaves it open.
  ///
  /// - Throws: `MediaError.unsupported` where the codec that the name says may lose something.
  func losslessPicture() throws -> UnsafePointer<AVCodec>? {
    guard let codec = namedCodec else { return nil }
    guard EncoderChoice.isLossless(codec), let encoder = avcodec_find_encoder(codec) else {
      throw unsupported("\(codec.name) does not keep every sample: use a name ending in .png, .tif or .mkv")
    }
    return encoder
  }

  /// Refuses an encoder whose codec is not the one that the file's name says.
  private func checkName(_ codec: UnsafePointer<AVCodec>) throws {
    guard let named = namedCodec, named != codec.pointee.id else { return }
    // JPEG has a form without loss, which FFmpeg counts as a codec of its own.
    if named == AV_CODEC_ID_MJPEG && codec.pointee.id == AV_CODEC_ID_LJPEG { return }
    throw unsupported(
      "a name ending in .\(path.split(separator: ".").last ?? "") says \(named.name), which the encoder "
        + "\(codec.name) does not write: leave the encoder out, or use a name ending in .mkv")
  }
}
