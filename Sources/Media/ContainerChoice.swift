internal import CFFmpeg

/// The container of an output: the one that was asked for, or the one that its name stands for.
enum ContainerChoice {
  /// - Parameter source: what is restored; nil for frames that come from nowhere.
  /// - Throws: `MediaError.unsupported` where there is no such container, or one that is no single file.
  static func format(
    for path: String, settings: EncodeSettings, source: VideoReader?
  ) throws -> UnsafePointer<AVOutputFormat> {
    FFmpegLog.install()
    let isPipe = path == StandardStream.path
    let name = StandardStream.outputName(path)
    let wanted = settings.container ?? (isPipe ? "nut" : nil)
    let found = wanted.map(named) ?? av_guess_format(nil, path, nil).map { UnsafePointer($0) }
    guard let found else {
      if let wanted {
        throw MediaError(
          .unsupported,
          "\(name): this FFmpeg has no container called '\(wanted)'; see ffmpeg -muxers, or use nut or matroska"
        )
      }
      throw MediaError(
        .unsupported,
        "\(path): no container is known by this extension; use a name ending in .mkv, .mp4 or .mov")
    }
    let isImages = String(cString: found.pointee.name) == "image2"
    // Moving PNG has the names of still ones.
    if isImages, settings.container == nil, source?.demuxer.formatName == "apng",
      path.lowercased().hasSuffix(".png"), NumberPattern(path) == nil, let moving = named("apng")
    {
      return moving
    }
    if (found.pointee.flags & AVFMT_NOFILE != 0 && !isImages) || (isImages && isPipe) {
      throw MediaError(
        .unsupported,
        "\(name): the container \(String(cString: found.pointee.name)) is no single file; use "
          + (isPipe ? "--container nut or image2pipe" : "a name ending in .mkv, .mp4 or .mov"))
    }
    if settings.container == nil, !isPipe, programStreams.contains(String(cString: found.pointee.name)) {
      return programStream(path: path, settings: settings, source: source) ?? found
    }
    return found
  }

  /// A container by FFmpeg's name, or by the ending that its files usually have.
  private static func named(_ name: String) -> UnsafePointer<AVOutputFormat>? {
    (av_guess_format(name, nil, nil) ?? av_guess_format(nil, "x.\(name)", nil)).map { UnsafePointer($0) }
  }

  static let programStreams = ["mpeg", "vob", "dvd", "svcd", "vcd"]

  /// MPEG program streams are of two kinds: that of MPEG-1 holds MPEG-1 video and MPEG sound, that of MPEG-2 anything
  /// that a DVD holds. Several of FFmpeg's containers share the names, and the first takes hardly anything.
  private static func programStream(
    path: String, settings: EncodeSettings, source: VideoReader?
  ) -> UnsafePointer<AVOutputFormat>? {
    let isVOB = path.lowercased().hasSuffix(".vob")
    let named = settings.codec.flatMap(EncoderChoice.encoder(named:)).map { $0.pointee.id }
    let video = named ?? source?.decoder.stream.pointee.codecpar.pointee.codec_id
    let others = source?.demuxer.streams.filter { $0 != source?.decoder.stream } ?? []
    let isFirst =
      video == AV_CODEC_ID_MPEG1VIDEO
      && others.allSatisfy {
        [AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3].contains($0.pointee.codecpar.pointee.codec_id)
      }
    return av_guess_format(isFirst && !isVOB ? "mpeg" : "vob", nil, nil).map { UnsafePointer($0) }
  }
}
