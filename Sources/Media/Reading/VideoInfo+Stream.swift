internal import CFFmpeg

extension Rational {
  /// The ratio if FFmpeg knows it: both numbers positive.
  init?(known value: AVRational) {
    if !value.isKnown { return nil }
    self.init(Int(value.num), Int(value.den))
  }
}

extension VideoInfo {
  /// Whether the codec keeps every sample; those that may or may not count as lossy.
  public var isLossless: Bool {
    avcodec_descriptor_get_by_name(codecName).map { EncoderChoice.isLossless($0.pointee.id) } ?? false
  }

  /// What the container says about the stream and what its first decoded picture says.
  init(demuxer: Demuxer, stream: StreamPointer, first: PicturePointer) {
    let context = demuxer.context.pointee
    let picture = first.pointee
    containerName = demuxer.formatName
    codecName = stream.pointee.codecpar.pointee.codec_id.name
    pixelFormat = AVPixelFormat.name(picture.format)
    width = Int(picture.width)
    height = Int(picture.height)
    averageFrameRate = Rational(known: stream.pointee.avg_frame_rate)
    timeBase = Rational(Int(stream.pointee.time_base.num), Int(stream.pointee.time_base.den))
    sampleAspectRatio = Rational(known: av_guess_sample_aspect_ratio(demuxer.context, stream, first))

    func name(_ text: UnsafePointer<CChar>?, ifNot unspecified: Bool) -> String? {
      unspecified ? nil : text.map { String(cString: $0) }
    }
    let range = pixelFormat.hasPrefix("yuvj") ? AVCOL_RANGE_JPEG : picture.color_range
    colorRange = name(av_color_range_name(range), ifNot: range == AVCOL_RANGE_UNSPECIFIED)
    colorPrimaries = name(
      av_color_primaries_name(picture.color_primaries),
      ifNot: picture.color_primaries == AVCOL_PRI_UNSPECIFIED)
    colorTransfer = name(
      av_color_transfer_name(picture.color_trc), ifNot: picture.color_trc == AVCOL_TRC_UNSPECIFIED)
    colorMatrix = name(
      av_color_space_name(picture.colorspace), ifNot: picture.colorspace == AVCOL_SPC_UNSPECIFIED)
    chromaLocation = name(
      av_chroma_location_name(picture.chroma_location),
      ifNot: picture.chroma_location == AVCHROMA_LOC_UNSPECIFIED)
    // A picture that comes by a pipe says it itself.
    (rotation, isMirrored) =
      VideoInfo.orientation(stream.sideData(AV_PKT_DATA_DISPLAYMATRIX))
      ?? StillFiles.turn(of: first, in: demuxer)
      ?? VideoInfo.orientation(first.sideData(AV_FRAME_DATA_DISPLAYMATRIX)) ?? (0, false)

    isInterlaced = inrr_frame_is_interlaced(first) != 0
    streamIndex = Int(stream.pointee.index)
    otherStreams = [:]
    for other in demuxer.streams where other != stream {
      otherStreams[other.kind, default: 0] += 1
    }

    if demuxer.isLengthLeftOpen {
      duration = nil
    } else if stream.pointee.duration > 0 {
      duration = Double(stream.pointee.duration) * av_q2d(stream.pointee.time_base)
    } else if context.duration > 0 {
      duration = Double(context.duration) / 1e6
    } else {
      duration = nil
    }
    let indexed = demuxer.isQuickTime ? Int(inrr_shown_index_entries(stream)) : 0
    isFrameCountKnown = indexed > 0 || stream.pointee.nb_frames > 0 || demuxer.isImageSequence
    if let sequence = demuxer.sequence {
      estimatedFrameCount = sequence.count
    } else if indexed > 0 {
      estimatedFrameCount = indexed
    } else if stream.pointee.nb_frames > 0 {
      estimatedFrameCount = Int(clamping: stream.pointee.nb_frames)
    } else if let duration, let rate = averageFrameRate {
      let frames = (duration * rate.value).rounded()
      estimatedFrameCount = frames.isFinite && frames < 1e15 ? max(1, Int(frames)) : nil
    } else {
      estimatedFrameCount = nil
    }
  }

  /// The clockwise turn in degrees that a player applies, after mirroring; nil where the side data has no matrix.
  private static func orientation(_ sideData: UnsafeBufferPointer<UInt8>?) -> (Int, Bool)? {
    guard let sideData, sideData.count >= 36 else { return nil }
    var matrix = (0..<9).map {
      UnsafeRawBufferPointer(sideData).loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)
    }
    let determinant = Double(matrix[0]) * Double(matrix[4]) - Double(matrix[1]) * Double(matrix[3])
    if determinant < 0 {
      matrix[0] = 0 &- matrix[0]
      matrix[1] = 0 &- matrix[1]
    }
    let angle = av_display_rotation_get(matrix)
    if !angle.isFinite { return (0, determinant < 0) }
    let clockwise = Int((-angle).rounded())
    return (((clockwise % 360) + 360) % 360, determinant < 0)
  }
}
