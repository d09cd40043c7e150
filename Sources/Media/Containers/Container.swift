internal import CFFmpeg

/// A container to write, with what is particular to each: how it keeps times, which boxes, tags and covers it has. What
/// it holds is in `Container+Codecs.swift`, the rates that it keeps in `SteadyRate.swift`; what is particular to
/// containers that are read is in `Demuxer+Container.swift`.
struct Container {
  /// FFmpeg's description, which is never freed.
  let format: UnsafePointer<AVOutputFormat>

  /// FFmpeg's short name.
  var name: String { String(cString: format.pointee.name) }

  /// Whether the output is one or more pictures, which FFmpeg writes as files of its own.
  var isImages: Bool { name == "image2" }
  var isTransportStream: Bool { name == "mpegts" }
  /// MPEG program streams.
  var isProgramStream: Bool { ["mpeg", "vob", "dvd", "svcd", "vcd"].contains(name) }
  /// The files that FFmpeg writes as MP4 or QuickTime.
  var isQuickTime: Bool { ["mp4", "mov", "ipod", "3gp", "3g2", "psp", "f4v"].contains(name) }
  var isMatroska: Bool { ["matroska", "webm"].contains(name) }

  /// Whether the name of a file says how its pictures are coded: readers would misread any other coding.
  var namesItsCodec: Bool { ["image2", "apng"].contains(name) }

  /// Frames as they are between programs: samples, a size and a rate, and nothing else.
  var isYUV4MPEG: Bool { name == "yuv4mpegpipe" }

  /// Whether the unit of time is a frame, whatever the rate.
  var countsFrames: Bool { isYUV4MPEG || ["ogg", "ogv", "mxf", "mxf_d10", "mxf_opatom"].contains(name) }

  /// Whether packets have the time at which they are decoded and none at which they are shown: pictures that are coded
  /// in another order than they are shown come late there, and the last one has no time.
  var hasOnlyDecodingTimes: Bool { ["avi", "asf", "asf_stream"].contains(name) }

  /// Whether players show the first picture from the beginning on, whatever its time. An empty packet at the beginning
  /// delays it.
  var beginsWithFirstPicture: Bool { name == "avi" }

  /// Whether packets may have times down to 32 s before zero, such as those of the samples that prepare a decoder for
  /// the first second of sound; FFmpeg moves everything to begin at zero unless told otherwise.
  var hasTimesBeforeZero: Bool { isMatroska }

  /// Whether the muxer leaves out the delay of Opus that readers of Matroska subtract.
  var lacksOpusDelay: Bool { isMatroska && inrr_writes_opus_delay() == 0 }

  /// Whether covers are attached files.
  var attachesCovers: Bool { name == "matroska" }

  /// The tag that says HEVC: Apple's players know "hvc1" only; a source's "hev1" is kept. Nil where the muxer chooses.
  func hevcTag(source: UInt32?) -> UInt32? {
    let (hev1, hvc1): (UInt32, UInt32) = (0x3176_6568, 0x3163_7668)
    return ["mp4", "mov", "ipod"].contains(name) ? (source == hev1 ? hev1 : hvc1) : nil
  }

  /// Whether boxes for stereo 3D and spherical mapping have to be added to what FFmpeg writes: FFmpeg 5.1 writes them
  /// into MP4 only. FFmpeg 7.1 writes a box of Apple's beside them, which readers prefer and which says less.
  var needsViewBoxes: Bool { isQuickTime && (name == "mov" || inrr_writes_apple_views() != 0) }

  /// Whether the container has a place of its own for a tag of the file. QuickTime and MP4 keep other tags in a list
  /// of keys, and only if told to.
  func hasPlace(forTag key: String) -> Bool {
    let key = String(key.lowercased().split(separator: "-").first ?? "")
    return (name == "mov" ? Self.tagsOfQuickTime : Self.tagsOfMP4).contains(key)
  }

  private static let tagsOfQuickTime: Set<String> = [
    "title", "artist", "album", "date", "comment", "genre", "copyright", "make", "model", "location",
    "creation_time", "encoder", "timecode",
  ]
  private static let tagsOfMP4: Set<String> = [
    "title", "artist", "album_artist", "album", "composer", "date", "comment", "genre", "copyright",
    "description", "synopsis", "show", "episode_id", "network", "keywords", "grouping", "lyrics", "location",
    "creation_time", "disc", "track", "compilation", "season_number", "episode_sort", "media_type",
    "hd_video", "encoder", "timecode", "gapless_playback",
  ]
}

/// Which container an output has: the one that was asked for, or the one that its name stands for.
extension Container {
  /// - Parameter source: what is restored; nil for frames without a source.
  /// - Throws: `MediaError.unsupported` where there is no such container, or one that is no single file.
  init(for path: String, settings: EncodeSettings, source: VideoReader?) throws {
    FFmpegLog.install()
    let isPipe = path == StandardStream.path
    let output = StandardStream.outputName(path)
    let wanted = settings.container ?? (isPipe ? "nut" : nil)
    guard let found = wanted.map(Self.init(named:)) ?? Self(av_guess_format(nil, path, nil)) else {
      throw MediaError(
        .unsupported,
        wanted.map {
          "\(output): this FFmpeg has no container called '\($0)'; see ffmpeg -muxers, or use nut or matroska"
        } ?? "\(path): no container is known by this extension; use a name ending in .mkv, .mp4 or .mov")
    }
    // A still PNG and a moving one have the same ending.
    if found.isImages, settings.container == nil, source?.demuxer.formatName == "apng",
      path.lowercased().hasSuffix(".png"), NumberPattern(path) == nil, let moving = Self(named: "apng")
    {
      self = moving
      return
    }
    let hasNoFile = found.format.pointee.flags & AVFMT_NOFILE != 0
    if (hasNoFile && !found.isImages) || (found.isImages && isPipe) {
      throw MediaError(
        .unsupported,
        "\(output): the container \(found.name) is no single file; use "
          + (isPipe ? "--container nut or image2pipe" : "a name ending in .mkv, .mp4 or .mov"))
    }
    let isFree = settings.container == nil && !isPipe && found.isProgramStream
    self =
      isFree ? Self.programStream(path: path, settings: settings, source: source) ?? found : found
  }

  private init?(_ format: UnsafePointer<AVOutputFormat>?) {
    guard let format else { return nil }
    self.format = format
  }

  /// A container by FFmpeg's name, or by the ending that its files usually have.
  init?(named name: String) {
    self.init(av_guess_format(name, nil, nil) ?? av_guess_format(nil, "x.\(name)", nil))
  }

  /// The kind of MPEG program stream: that of MPEG-1 holds MPEG-1 video and MPEG sound, that of MPEG-2 anything that a
  /// DVD holds. Several of FFmpeg's containers share the file names, and its own choice holds little.
  private static func programStream(path: String, settings: EncodeSettings, source: VideoReader?) -> Self? {
    let isVOB = path.lowercased().hasSuffix(".vob")
    let named = settings.codec.flatMap(EncoderChoice.encoder(named:)).map { $0.pointee.id }
    let video = named ?? source?.decoder.stream.pointee.codecpar.pointee.codec_id
    let others = source?.demuxer.streams.filter { $0 != source?.decoder.stream } ?? []
    let isFirst =
      video == AV_CODEC_ID_MPEG1VIDEO
      && others.allSatisfy {
        [AV_CODEC_ID_MP1, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3].contains($0.pointee.codecpar.pointee.codec_id)
      }
    return Self(av_guess_format(isFirst && !isVOB ? "mpeg" : "vob", nil, nil))
  }
}
