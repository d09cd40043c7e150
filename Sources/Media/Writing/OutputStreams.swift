internal import CFFmpeg

/// The streams of an output file, in the order of the input's, with their tags and side data.
struct OutputStreams {
  /// The video's, which lives as long as the muxer.
  let video: StreamPointer
  private(set) var copier: StreamCopier?
  private(set) var warnings: [String] = []
  /// Streams of the source that the output has, by their index there.
  private(set) var kept: Set<Int> = []

  init(_ muxer: Muxer, _ output: OutputSetup, _ encoder: VideoEncoder, source: VideoReader?) throws {
    let streams = output.settings.streams
    guard let source else {
      video = try Self.addVideo(to: muxer, output, encoder, source: nil)
      return
    }
    try StreamTags.copy(from: source.demuxer, to: muxer, streams)
    muxer.keepTimes(beginningAt: source.demuxer.start ?? 0, origin: source.demuxer.origin)
    let admission = try StreamAdmission(of: source, in: muxer, output, encoder)
    if muxer.container.isImages {
      if admission.verdicts.contains(where: { if case .refused = $0 { true } else { false } }) {
        warnings.append("\(source.path): the other streams were left out: images cannot hold them")
      }
    } else {
      warnings += admission.warnings
      if admission.verdicts.contains(.copied) {
        copier = try StreamCopier(source: source, muxer: muxer, keepsTags: streams.metadata)
      }
    }
    var video: StreamPointer?
    var targets: [Int: StreamPointer] = [:]
    for (index, verdict) in admission.verdicts.enumerated() {
      switch verdict {
      case .restored:
        video = try Self.addVideo(to: muxer, output, encoder, source: source)
        targets[index] = video
      case .copied: targets[index] = try copier?.add(index)
      case .unwanted, .madeAnew, .refused: break
      }
    }
    kept = Set(targets.keys)
    if streams.metadata && source.demuxer.isQuickTime && !source.isReadOnce {
      muxer.keepUserData(of: source.demuxer.source)
    }
    StreamTags.copyPrograms(from: source.demuxer, to: muxer, targets, keepsTags: streams.metadata)
    self.video = try MediaError.allocated(video, muxer.path)
  }

  static func addVideo(
    to muxer: Muxer, _ output: OutputSetup, _ encoder: VideoEncoder, source: VideoReader?
  ) throws -> StreamPointer {
    let properties = output.properties
    let stream = try muxer.newStream()
    let context = encoder.context
    let code = avcodec_parameters_from_context(stream.pointee.codecpar, context)
    try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot describe the video")
    let original = source?.decoder.stream
    stream.pointee.time_base = properties.steadyRate?.inverse ?? encoder.timeBase
    stream.pointee.avg_frame_rate = properties.frameRate
    stream.pointee.r_frame_rate = original?.pointee.r_frame_rate ?? properties.frameRate
    stream.pointee.sample_aspect_ratio = context.pointee.sample_aspect_ratio
    stream.pointee.codecpar.pointee.field_order = properties.fieldOrder
    let isHEVC = context.pointee.codec_id == AV_CODEC_ID_HEVC
    if isHEVC, let tag = output.container.hevcTag(source: original?.pointee.codecpar.pointee.codec_tag) {
      stream.pointee.codecpar.pointee.codec_tag = tag
    }
    guard let source, let original else { return stream }
    StreamTags.copy(
      from: original, to: stream, isEncodedAnew: true, keepsTags: output.settings.streams.metadata)
    try copySideData(
      from: source, to: stream, keepsDolbyVision: properties.keepsDolbyVision && isHEVC, path: muxer.path)
    return stream
  }

  /// Copies the stream's side data that is not about its coding; light levels and views also from the first picture.
  private static func copySideData(
    from source: VideoReader, to stream: StreamPointer, keepsDolbyVision: Bool, path: String
  ) throws {
    let ofPictures: [(AVPacketSideDataType, AVFrameSideDataType)] = [
      (AV_PKT_DATA_STEREO3D, AV_FRAME_DATA_STEREO3D), (AV_PKT_DATA_SPHERICAL, AV_FRAME_DATA_SPHERICAL),
      (AV_PKT_DATA_MASTERING_DISPLAY_METADATA, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
      (AV_PKT_DATA_CONTENT_LIGHT_LEVEL, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
    ]
    var found: [AVPacketSideDataType] = []
    for kind in source.decoder.stream.sideDataTypes {
      guard let content = PictureContent(stream: kind) else { continue }
      if content == .dolbyVisionConfiguration && !keepsDolbyVision { continue }
      if let data = source.decoder.stream.sideData(kind) { try stream.add(kind, data, path: path) }
      found.append(kind)
    }
    for (kind, frameKind) in ofPictures where !found.contains(kind) {
      guard let data = source.firstProperties?.picture.sideData(frameKind) else { continue }
      try stream.add(kind, data, path: path)
    }
    if !found.contains(AV_PKT_DATA_DISPLAYMATRIX) { try addTurn(of: source.info, to: stream, path: path) }
  }

  /// Says which way up the video is shown, where the source is a picture file that says it.
  private static func addTurn(of info: VideoInfo, to stream: StreamPointer, path: String) throws {
    if info.rotation == 0 && !info.isMirrored { return }
    var matrix = [Int32](repeating: 0, count: 9)
    av_display_rotation_set(&matrix, Double(info.rotation))
    if info.isMirrored { (matrix[0], matrix[1]) = (0 &- matrix[0], 0 &- matrix[1]) }
    try matrix.withUnsafeBytes {
      try stream.add(AV_PKT_DATA_DISPLAYMATRIX, $0.bindMemory(to: UInt8.self), path: path)
    }
  }
}
