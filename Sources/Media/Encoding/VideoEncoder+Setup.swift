internal import CFFmpeg

extension VideoEncoder {
  /// Tells an encoder, before it is opened, about the pictures to come.
  static func describe(
    _ source: VideoProperties, layout: PixelLayout, to context: CodecContextPointer,
    codec: UnsafePointer<AVCodec>
  ) {
    context.pointee.width = Int32(clamping: source.format.width)
    context.pointee.height = Int32(clamping: source.format.height)
    context.pointee.pix_fmt = layout.pixelFormat
    context.pointee.time_base = timeBase(for: codec, source: source)
    if FrameRateGrid.isUsed(by: codec, for: source) {
      context.pointee.framerate = FrameRateGrid.rate(for: source, codec: codec)
    } else if source.codedFrameRate.num > 0 && isSequenceCodec(codec) {
      context.pointee.framerate = source.codedFrameRate
    } else if source.frameRate.isKnown {
      context.pointee.framerate = source.frameRate
    }
    context.pointee.sample_aspect_ratio = source.sampleAspectRatio
    if let first = source.first?.picture.pointee {
      context.pointee.color_primaries = first.color_primaries
      context.pointee.color_trc = first.color_trc
      context.pointee.colorspace = first.colorspace
      context.pointee.color_range = first.color_range
      context.pointee.chroma_sample_location = first.chroma_location
    }
    if source.isFullRange { context.pointee.color_range = AVCOL_RANGE_JPEG }
    if layout.isRGB && !source.layout.isRGB {
      context.pointee.colorspace = AVCOL_SPC_RGB
      context.pointee.color_range = AVCOL_RANGE_JPEG
    } else if source.layout.isRGB && !layout.isRGB {
      context.pointee.colorspace =
        VideoInfo.isHighDefinition(height: source.format.height) ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M
      context.pointee.color_range = AVCOL_RANGE_MPEG
    }
    if layout.isFullRangeByName { context.pointee.color_range = AVCOL_RANGE_JPEG }
    context.pointee.field_order = source.fieldOrder
    // Interlaced 4:2:0 needs a multiple of four lines; other heights are coded as whole frames.
    if source.isInterlaced && source.format.height % 4 == 0 {
      context.pointee.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME
    }
  }

  /// Has pictures coded in the order in which they are shown.
  static func keepOrder(_ context: CodecContextPointer, codec: UnsafePointer<AVCodec>) {
    context.pointee.max_b_frames = 0
    // Without this flag readers wait for a picture that might have to be shown before.
    if codec.pointee.id == AV_CODEC_ID_MPEG2VIDEO { context.pointee.flags |= AV_CODEC_FLAG_LOW_DELAY }
  }

  /// Whether coded pictures say a rate of their own, beside the container's times.
  private static func isSequenceCodec(_ codec: UnsafePointer<AVCodec>) -> Bool {
    [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec.pointee.id)
  }

  /// The source's time base, or the one that the codec's standard allows.
  private static func timeBase(for codec: UnsafePointer<AVCodec>, source: VideoProperties) -> AVRational {
    if FrameRateGrid.isUsed(by: codec, for: source) {
      return FrameRateGrid.rate(for: source, codec: codec).inverse
    }
    let isTooFine = codec.pointee.id == AV_CODEC_ID_MPEG4 && source.timeBase.den > 65535
    return isTooFine ? AVRational(num: 1, den: 60000) : source.timeBase
  }

  /// A converter if the encoder gets other samples than the source has.
  static func converter(
    source: VideoProperties, layout: PixelLayout, context: CodecContextPointer, path: String
  ) throws -> PixelConverter? {
    let isWidened = layout.isFullRangeByName && !source.isFullRange
    if layout.holdsSameSamples(as: source.layout) && !isWidened { return nil }
    return try PixelConverter(
      from: source.layout, matrix: source.first?.picture.pointee.colorspace ?? AVCOL_SPC_UNSPECIFIED,
      isFullRange: source.isFullRange || source.layout.isRGB, to: layout,
      toMatrix: context.pointee.colorspace,
      toFullRange: context.pointee.color_range == AVCOL_RANGE_JPEG, width: source.format.width,
      height: source.format.height, path: path)
  }
}
