internal import CFFmpeg

/// The streams of an output file, in the order of the input's, with their tags and side data.
struct WriterSetup {
  let stream: UnsafeMutablePointer<AVStream>
  var copier: StreamCopier?
  var warnings: [String] = []
  var firstImageNumber = 1

  init(
    muxer: Muxer, encoder: VideoEncoder, properties: VideoProperties, source: VideoReader?,
    streams: StreamChoice
  ) throws {
    guard let source else {
      stream = try WriterSetup.videoStream(muxer, encoder, properties, source: nil, streams: streams)
      return
    }
    try StreamTags.copy(from: source.demuxer, to: muxer, streams)
    let start = source.demuxer.context.pointee.start_time
    muxer.keepTimes(beginningAt: start == inrr_no_pts() ? 0 : start)
    warnings += WriterSetup.losses(of: source, in: muxer, streams)
    let wanted = source.demuxer.streams.map { stream in
      let kind = av_get_media_type_string(stream.pointee.codecpar.pointee.codec_type)
      return streams.isCopied(kind: kind.map { String(cString: $0) } ?? "unknown")
    }
    let others = wanted.indices.contains { wanted[$0] && $0 != source.info.streamIndex }
    if others && !muxer.isImages {
      if WriterSetup.canReadTwice(source.path) {
        copier = try StreamCopier(path: source.path, muxer: muxer, keepsTags: streams.metadata)
      } else {
        warnings.append("\(source.path): the other streams were left out: a pipe cannot be read twice")
      }
    } else if others {
      warnings.append("\(source.path): the other streams were left out: images cannot hold them")
    }
    var video: UnsafeMutablePointer<AVStream>?
    for index in source.demuxer.streams.indices {
      if index == source.info.streamIndex {
        video = try WriterSetup.videoStream(muxer, encoder, properties, source: source, streams: streams)
      } else if wanted[index], let warning = try copier?.add(index) {
        warnings.append(warning)
      }
    }
    stream = try MediaError.allocated(video, muxer.path)
    firstImageNumber = source.sequence?.first ?? 1
  }

  private static func videoStream(
    _ muxer: Muxer, _ encoder: VideoEncoder, _ properties: VideoProperties, source: VideoReader?,
    streams: StreamChoice
  ) throws -> UnsafeMutablePointer<AVStream> {
    let stream = try muxer.newStream()
    let context = encoder.context
    let code = avcodec_parameters_from_context(stream.pointee.codecpar, context)
    try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot describe the video")
    stream.pointee.time_base = context.pointee.time_base
    stream.pointee.avg_frame_rate = properties.frameRate
    stream.pointee.r_frame_rate = source?.decoder.stream.pointee.r_frame_rate ?? properties.frameRate
    stream.pointee.sample_aspect_ratio = context.pointee.sample_aspect_ratio
    stream.pointee.codecpar.pointee.field_order = properties.fieldOrder
    // Apple's players know HEVC by "hvc1" only; what had the other tag keeps it.
    if context.pointee.codec_id == AV_CODEC_ID_HEVC && ["mp4", "mov", "ipod"].contains(muxer.name) {
      let had = source?.decoder.stream.pointee.codecpar.pointee.codec_tag
      stream.pointee.codecpar.pointee.codec_tag = had == 0x3176_6568 ? 0x3176_6568 : 0x3163_7668
    }
    guard let source else { return stream }
    StreamTags.copy(
      from: source.decoder.stream, to: stream, isEncodedAnew: true, keepsTags: streams.metadata)
    try copySideData(from: source, to: stream, path: muxer.path)
    return stream
  }

  /// Orientation and light levels: from the stream, or from its first picture.
  private static func copySideData(
    from source: VideoReader, to stream: UnsafeMutablePointer<AVStream>, path: String
  ) throws {
    let kinds: [(AVPacketSideDataType, AVFrameSideDataType?)] = [
      (AV_PKT_DATA_DISPLAYMATRIX, nil), (AV_PKT_DATA_STEREO3D, nil), (AV_PKT_DATA_SPHERICAL, nil),
      (AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
      (AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
    ]
    for (kind, frameKind) in kinds {
      var size = 0
      var data = inrr_stream_side_data(source.decoder.stream, kind, &size)
      if data == nil, let frameKind, let first = source.firstProperties?.picture,
        let found = av_frame_get_side_data(first, frameKind)
      {
        data = UnsafePointer(found.pointee.data)
        size = found.pointee.size
      }
      guard let data, size > 0 else { continue }
      let code = inrr_stream_add_side_data(stream, kind, data, size)
      try MediaError.check(code, .cannotWrite, "\(path): cannot keep the video's side data")
    }
  }

  /// What of the file as a whole, and of the way it is shown, the container cannot say.
  private static func losses(of source: VideoReader, in muxer: Muxer, _ streams: StreamChoice) -> [String] {
    var found: [String] = []
    let chapters = source.demuxer.context.pointee.nb_chapters
    if chapters > 0 && streams.chapters && !muxer.holdsChapters {
      found.append(
        "\(source.path): its \(chapters) chapters were left out: the container \(muxer.name) cannot hold them"
      )
    }
    if (source.info.rotation != 0 || source.info.isMirrored) && !muxer.holdsOrientation {
      found.append(
        "\(source.path): players turn the picture by \(source.info.rotation) degrees, which the container "
          + "\(muxer.name) cannot say: the output is shown as stored; a name ending in .mov or .mp4 keeps the turn"
      )
    }
    return found
  }

  /// Whether the path is not a pipe.
  private static func canReadTwice(_ path: String) -> Bool {
    path != "-" && !path.hasPrefix("pipe:") && inrr_is_fifo(path) == 0
  }
}
