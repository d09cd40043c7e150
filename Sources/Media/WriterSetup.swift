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
    muxer.keepTimes(beginningAt: source.demuxer.start ?? 0, origin: source.demuxer.origin)
    warnings += WriterSetup.losses(of: source, in: muxer, streams)
    let admission = try StreamAdmission(
      of: source, in: muxer, encoder: encoder, properties: properties, choice: streams)
    if muxer.isImages {
      let others = admission.verdicts.contains { if case .refused = $0 { true } else { false } }
      if others {
        warnings.append("\(source.path): the other streams were left out: images cannot hold them")
      }
    } else {
      warnings += admission.warnings
      if !admission.copied.isEmpty {
        copier = try StreamCopier(source: source, muxer: muxer, keepsTags: streams.metadata)
      }
    }
    var video: UnsafeMutablePointer<AVStream>?
    for (index, verdict) in admission.verdicts.enumerated() {
      switch verdict {
      case .restored:
        video = try WriterSetup.videoStream(muxer, encoder, properties, source: source, streams: streams)
      case .copied: try copier?.add(index)
      case .unwanted, .madeAnew, .refused: break
      }
    }
    stream = try MediaError.allocated(video, muxer.path)
    firstImageNumber = source.sequence?.first ?? 1
  }

  static func videoStream(
    _ muxer: Muxer, _ encoder: VideoEncoder, _ properties: VideoProperties, source: VideoReader?,
    streams: StreamChoice
  ) throws -> UnsafeMutablePointer<AVStream> {
    let stream = try muxer.newStream()
    let context = encoder.context
    let code = avcodec_parameters_from_context(stream.pointee.codecpar, context)
    try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot describe the video")
    stream.pointee.time_base = encoder.timeBase
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
      if kind == AV_PKT_DATA_DISPLAYMATRIX && data == nil {
        try addTurn(of: source.info, to: stream, path: path)
      }
      guard let data, size > 0 else { continue }
      let code = inrr_stream_add_side_data(stream, kind, data, size)
      try MediaError.check(code, .cannotWrite, "\(path): cannot keep the video's side data")
    }
  }

  /// Says which way up a picture file is shown, where a video takes its place.
  private static func addTurn(
    of info: VideoInfo, to stream: UnsafeMutablePointer<AVStream>, path: String
  ) throws {
    if info.rotation == 0 && !info.isMirrored { return }
    var matrix = [Int32](repeating: 0, count: 9)
    av_display_rotation_set(&matrix, Double(info.rotation))
    if info.isMirrored { (matrix[0], matrix[1]) = (0 &- matrix[0], 0 &- matrix[1]) }
    let code = matrix.withUnsafeBytes { bytes in
      inrr_stream_add_side_data(
        stream, AV_PKT_DATA_DISPLAYMATRIX, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    try MediaError.check(code, .cannotWrite, "\(path): cannot keep the video's side data")
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
    let isTurned = source.info.rotation != 0 || source.info.isMirrored
    if isTurned && !muxer.holdsOrientation && !StillFiles.holdOrientation(muxer.path) {
      found.append(
        "\(source.path): players turn the picture by \(source.info.rotation) degrees, which the container "
          + "\(muxer.name) cannot say: the output is shown as stored; a name ending in .mov or .mp4 keeps the turn"
      )
    }
    return found
  }
}
