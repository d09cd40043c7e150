internal import CFFmpeg

extension Rational {
  /// The ratio if FFmpeg knows it: both numbers positive.
  init?(known value: AVRational) {
    if value.num <= 0 || value.den <= 0 { return nil }
    self.init(Int(value.num), Int(value.den))
  }
}

extension VideoInfo {
  /// Whether the codec keeps every sample; those that may or may not count as lossy.
  public var isLossless: Bool {
    avcodec_descriptor_get_by_name(codecName).map { EncoderChoice.isLossless($0.pointee.id) } ?? false
  }

  /// What the container says about the stream and what its first decoded picture says.
  init(
    demuxer: Demuxer, stream: UnsafeMutablePointer<AVStream>, first: UnsafePointer<AVFrame>
  ) {
    let context = demuxer.context.pointee
    let picture = first.pointee
    let parameters = stream.pointee.codecpar.pointee
    containerName = demuxer.formatName
    codecName = String(cString: avcodec_get_name(parameters.codec_id))
    let formatName = av_get_pix_fmt_name(AVPixelFormat(rawValue: picture.format))
    pixelFormat = formatName.map { String(cString: $0) } ?? "unknown"
    width = Int(picture.width)
    height = Int(picture.height)
    averageFrameRate = Rational(known: stream.pointee.avg_frame_rate)
    timeBase = Rational(Int(stream.pointee.time_base.num), Int(stream.pointee.time_base.den))
    sampleAspectRatio = Rational(
      known: av_guess_sample_aspect_ratio(demuxer.context, stream, UnsafeMutablePointer(mutating: first)))

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
    (rotation, isMirrored) =
      VideoInfo.orientation(of: stream) ?? StillFiles.turn(of: first, in: demuxer)
      ?? VideoInfo.orientation(of: first) ?? (0, false)

    isInterlaced = inrr_frame_is_interlaced(first) != 0
    streamIndex = Int(stream.pointee.index)
    otherStreams = [:]
    for other in demuxer.streams where other != stream {
      otherStreams[StreamAdmission.kind(of: other.pointee.codecpar.pointee), default: 0] += 1
    }

    let unknown = inrr_no_pts()
    if demuxer.isLengthLeftOpen {
      duration = nil
    } else if stream.pointee.duration != unknown && stream.pointee.duration > 0 {
      duration = Double(stream.pointee.duration) * av_q2d(stream.pointee.time_base)
    } else if context.duration != unknown && context.duration > 0 {
      duration = Double(context.duration) / 1e6
    } else {
      duration = nil
    }
    let indexed = demuxer.formatName.hasPrefix("mov") ? Int(inrr_shown_index_entries(stream)) : 0
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

  /// The clockwise turn in degrees that a player applies, after mirroring.
  private static func orientation(of stream: UnsafePointer<AVStream>) -> (rotation: Int, isMirrored: Bool)? {
    var size = 0
    guard let data = inrr_stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size), size >= 36 else {
      return nil
    }
    return orientation(ofMatrix: data)
  }

  /// The same as some pictures say it, such as one that comes by a pipe.
  private static func orientation(of picture: UnsafePointer<AVFrame>) -> (rotation: Int, isMirrored: Bool)? {
    guard let data = av_frame_get_side_data(picture, AV_FRAME_DATA_DISPLAYMATRIX), data.pointee.size >= 36
    else {
      return nil
    }
    return orientation(ofMatrix: data.pointee.data)
  }

  private static func orientation(
    ofMatrix data: UnsafePointer<UInt8>
  ) -> (rotation: Int, isMirrored: Bool) {
    var matrix = [Int32](repeating: 0, count: 9)
    memcpy(&matrix, data, 36)
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
