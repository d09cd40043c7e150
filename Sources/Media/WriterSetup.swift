internal import CFFmpeg

/// The streams of an output file, in the order of the input's, with their tags and side data.
struct WriterSetup {
  /// The video's, which lives as long as the muxer.
  let stream: UnsafeMutablePointer<AVStream>
  var copier: StreamCopier?
  var warnings: [String] = []
  var firstImageNumber = 1
  /// Streams of the source that the output has, by their index there.
  var kept: Set<Int> = []

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
    var targets: [Int: UnsafeMutablePointer<AVStream>] = [:]
    for (index, verdict) in admission.verdicts.enumerated() {
      switch verdict {
      case .restored:
        video = try WriterSetup.videoStream(muxer, encoder, properties, source: source, streams: streams)
        targets[index] = video
      case .copied: targets[index] = try copier?.add(index)
      case .unwanted, .madeAnew, .refused: break
      }
    }
    kept = Set(targets.keys)
    if streams.metadata && source.demuxer.formatName.hasPrefix("mov") && !source.demuxer.isReadOnce {
      muxer.keepUserData(of: source.demuxer.source)
    }
    StreamTags.copyPrograms(from: source.demuxer, to: muxer, targets, keepsTags: streams.metadata)
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
    stream.pointee.time_base =
      properties.steadyRate.map { AVRational(num: $0.den, den: $0.num) } ?? encoder.timeBase
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
    let keepsDolbyVision = properties.keepsDolbyVision && context.pointee.codec_id == AV_CODEC_ID_HEVC
    try copySideData(from: source, to: stream, keepsDolbyVision: keepsDolbyVision, path: muxer.path)
    return stream
  }

  /// All that the stream has but what is about its coding; light levels and views also from its first picture.
  private static func copySideData(
    from source: VideoReader, to stream: UnsafeMutablePointer<AVStream>, keepsDolbyVision: Bool, path: String
  ) throws {
    let ofPictures: [(AVPacketSideDataType, AVFrameSideDataType)] = [
      (AV_PKT_DATA_STEREO3D, AV_FRAME_DATA_STEREO3D), (AV_PKT_DATA_SPHERICAL, AV_FRAME_DATA_SPHERICAL),
      (AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
      (AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
    ]
    func add(_ kind: AVPacketSideDataType, _ data: UnsafePointer<UInt8>?, _ size: Int) throws {
      guard let data, size > 0 else { return }
      let code = inrr_stream_add_side_data(stream, kind, data, size)
      try MediaError.check(code, .cannotWrite, "\(path): cannot keep the video's side data")
    }
    var found: Set<UInt32> = []
    var index: Int32 = 0
    while case let type = inrr_stream_side_data_type(source.decoder.stream, index), type >= 0 {
      index += 1
      let kind = AVPacketSideDataType(rawValue: UInt32(type))
      guard let content = PictureContent(stream: kind) else { continue }
      if content == .dolbyVisionConfiguration && !keepsDolbyVision { continue }
      var size = 0
      let data = inrr_stream_side_data(source.decoder.stream, kind, &size)
      try add(kind, data, size)
      found.insert(kind.rawValue)
    }
    for (kind, frameKind) in ofPictures where !found.contains(kind.rawValue) {
      guard let first = source.firstProperties?.picture, let data = av_frame_get_side_data(first, frameKind)
      else { continue }
      try add(kind, data.pointee.data, data.pointee.size)
    }
    if !found.contains(AV_PKT_DATA_DISPLAYMATRIX.rawValue) {
      try addTurn(of: source.info, to: stream, path: path)
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
}
