internal import CFFmpeg

/// An output file under construction; owns the format context and its file.
final class Muxer {
  /// The muxer's own until `deinit`, with its streams.
  let context: UnsafeMutablePointer<AVFormatContext>
  /// FFmpeg's, there for good.
  let format: UnsafePointer<AVOutputFormat>
  let path: String
  private let destination: Destination
  private var isHeaderWritten = false
  /// Boxes that FFmpeg does not write, put into the file's description when it is complete.
  private var boxes = MovieAdditions()
  private let temporaryPath: String

  private enum Destination {
    case file, standardOutput
    /// Memory, for a header that is only tried.
    case nowhere
  }

  /// - Parameters:
  ///   - path: the final name
  ///   - temporaryPath: where to write
  convenience init(path: String, temporaryPath: String, format: UnsafePointer<AVOutputFormat>) throws {
    let isPipe = path == StandardStream.path
    // With the protocol's name, or a colon in the path would end one.
    try self.init(
      name: StandardStream.outputName(path),
      url: isPipe ? StandardStream.outputURL : "file:" + temporaryPath, temporaryPath: temporaryPath,
      format: format,
      destination: isPipe ? .standardOutput : .file)
  }

  /// A file that is written for trial and read again, under the name of the output in messages.
  convenience init(rehearsing path: String, at place: String, format: UnsafePointer<AVOutputFormat>) throws {
    try self.init(
      name: StandardStream.outputName(path), url: "file:" + place, temporaryPath: place, format: format,
      destination: .file)
  }

  /// A container of the same kind that is written to nowhere.
  convenience init(trying other: Muxer) throws {
    try self.init(
      name: other.path, url: String(cString: other.context.pointee.url), temporaryPath: other.temporaryPath,
      format: other.format, destination: .nowhere)
    isPipe = other.isPipe
  }

  private init(
    name: String, url: String, temporaryPath: String, format: UnsafePointer<AVOutputFormat>,
    destination: Destination
  ) throws {
    FFmpegLog.install()
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    let code = avformat_alloc_output_context2(
      &allocated, UnsafeMutablePointer(mutating: format), nil, url)
    guard code >= 0, let allocated else {
      throw MediaError(code: code, .cannotWrite, "\(name): cannot set up the container")
    }
    self.format = format
    self.destination = destination
    path = name
    isPipe = destination == .standardOutput
    self.temporaryPath = temporaryPath
    context = allocated
    // No random identifiers and versions: the same input gives the same bytes.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
  }

  /// Whether what is written can't be gone back to.
  private var isPipe: Bool

  deinit {
    if hasFile && destination == .nowhere {
      var bytes: UnsafeMutablePointer<UInt8>?
      avio_close_dyn_buf(context.pointee.pb, &bytes)
      av_free(bytes)
      context.pointee.pb = nil
    } else if hasFile {
      avio_closep(&context.pointee.pb)
    }
    avformat_free_context(context)
  }

  /// Keeps times before zero, such as those of the samples that prepare a decoder for the first second of sound.
  ///
  /// FFmpeg moves everything in a Matroska file to begin at zero; its blocks reach 32 s before zero.
  /// What takes part in a broadcast has the clock that it had: splice points and other programs refer to it.
  func keepTimes(beginningAt microseconds: Int64, origin: Int64) {
    // A clock of 33 bits, in ticks of 1/90000 s, that begins before zero has wrapped.
    let period = av_rescale_q(1 << 33, AVRational(num: 1, den: 90000), inrr_microseconds())
    if name == "mpegts" { context.pointee.output_ts_offset = origin < 0 ? origin &+ period : origin }
    let hasSignedBlocks = ["matroska", "webm"].contains(name)
    if hasSignedBlocks && microseconds > -30_000_000 { context.pointee.avoid_negative_ts = 0 }
  }

  var name: String { String(cString: format.pointee.name) }
  /// Whether the container writes its files itself, as images do.
  var isImages: Bool { format.pointee.flags & AVFMT_NOFILE != 0 }

  private var isQuickTime: Bool { ["mp4", "mov", "ipod", "3gp", "3g2", "psp", "f4v"].contains(name) }
  private var hasFile: Bool { !isImages && context.pointee.pb != nil }

  func newStream() throws -> UnsafeMutablePointer<AVStream> {
    try MediaError.allocated(avformat_new_stream(context, nil), path)
  }

  /// Why a stream cannot be copied into this container; nil where it can.
  ///
  /// A time code track is made anew by the container from the video's tags, and needs no word.
  func refusal(of codec: AVCodecParameters) -> (reason: String, isMadeAnew: Bool)? {
    if isImages { return ("images cannot hold it", false) }
    if codec.codec_type == AVMEDIA_TYPE_AUDIO && codec.sample_rate <= 0 {
      return ("its header is damaged and says no sample rate", false)
    }
    if codec.codec_type == AVMEDIA_TYPE_VIDEO && (codec.width <= 0 || codec.height <= 0) {
      return ("its header is damaged and says no size", false)
    }
    if ContainerRules.holds(codec, format) { return nil }
    return ("the container \(name) cannot hold it", codec.codec_tag == 0x6463_6d74)
  }

  /// Creates the file and writes the header, after which streams have the container's time base.
  ///
  /// - Parameter firstImageNumber: the first image's number; nil for a single image, whose name is no pattern.
  func begin(firstImageNumber: Int?) throws {
    if !isImages {
      let code = avio_open2(&context.pointee.pb, context.pointee.url, AVIO_FLAG_WRITE, nil, nil)
      try MediaError.check(code, .cannotWrite, "\(path): cannot create the file")
    }
    if let refusal = writeHeader(firstImageNumber: firstImageNumber) { throw refusal.error }
    isHeaderWritten = true
  }

  /// What a container says of streams that it does not take.
  struct HeaderRefusal {
    var error: MediaError
    /// The container's own words.
    var words: String?
  }

  /// Writes the header to memory; nil if the container takes the streams.
  func tryHeader() throws -> HeaderRefusal? {
    let code = avio_open_dyn_buf(&context.pointee.pb)
    try MediaError.check(code, .outOfMemory, "\(path): cannot try the container")
    if isPipe { context.pointee.pb.pointee.seekable = 0 }
    return writeHeader(firstImageNumber: nil)
  }

  private func writeHeader(firstImageNumber: Int?) -> HeaderRefusal? {
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if isQuickTime {
      if name == "mov" || inrr_writes_apple_views() != 0 { boxes.addViews(of: streams) }
      // What is added to the description must not move what follows it.
      let flags = (boxes.isEmpty ? "+faststart" : "") + (hasOwnTags ? "+use_metadata_tags" : "")
      if !flags.isEmpty { av_dict_set(&options, "movflags", flags, 0) }
      // Spherical mapping, stereo 3D and Dolby Vision have boxes that are no part of the standard.
      if hasUnofficialData { context.pointee.strict_std_compliance = FF_COMPLIANCE_UNOFFICIAL }
    }
    if let firstImageNumber {
      av_dict_set(&options, "start_number", "\(firstImageNumber)", 0)
    } else if isImages {
      av_dict_set(&options, "update", "1", 0)
    }
    let (code, log) = FFmpegLog.capturing { avformat_write_header(context, &options) }
    if code >= 0 { return nil }
    let hint =
      isPipe
      ? "--container nut or matroska takes almost anything, and needs no way back"
      : "a name ending in .mkv takes almost anything"
    let error = MediaError(
      code: code, .cannotWrite, "\(path): the container \(name) refuses the streams", log: log, hint: hint)
    return HeaderRefusal(error: error, words: log.first.map { String($0.prefix(160)) })
  }

  /// Whether there are tags, such as those of phones, that are written in a list of keys or not at all. A cover
  /// picture has no place in that list.
  private var hasOwnTags: Bool {
    let known = name == "mov" ? Muxer.tagsOfQuickTime : Muxer.tagsOfMP4
    return !streams.contains { $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 }
      && StreamTags.keys(of: context.pointee.metadata).contains { key in
        !known.contains(String(key.lowercased().split(separator: "-").first ?? ""))
      }
  }

  private static let tagsOfQuickTime: Set<String> = [
    "title", "artist", "album", "date", "comment", "genre", "copyright", "make", "model", "location",
    "creation_time", "encoder", "timecode",
  ]
  private static let tagsOfMP4: Set<String> = [
    "title", "artist", "album_artist", "album", "composer", "date", "comment", "genre", "copyright",
    "description", "synopsis", "show", "episode_id", "network", "keywords", "grouping", "lyrics", "location",
    "creation_time", "disc", "track", "compilation", "season_number", "episode_sort", "media_type",
    "hd_video",
    "encoder", "timecode", "gapless_playback",
  ]

  private var streams: [UnsafeMutablePointer<AVStream>] {
    (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams?[$0] }
  }

  private var hasUnofficialData: Bool {
    streams.contains { stream in
      var index: Int32 = 0
      while case let type = inrr_stream_side_data_type(stream, index), type >= 0 {
        index += 1
        switch PictureContent(stream: AVPacketSideDataType(rawValue: UInt32(type))) {
        case .spherical, .stereo, .dolbyVisionConfiguration: return true
        default: continue
        }
      }
      return false
    }
  }

  /// Keeps what a camera has left in the file's description for its maker's programs.
  func keepUserData(of path: String) {
    if isQuickTime { boxes.userData = MovieBoxes.userData(of: path) }
  }

  /// Writes a packet where it belongs in time; the packet is empty afterwards. Returns FFmpeg's code.
  func write(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
    av_interleaved_write_frame(context, packet)
  }

  /// Writes what is queued and the trailer, and closes the file.
  func end() throws {
    guard isHeaderWritten else { return }
    isHeaderWritten = false
    let (code, log) = FFmpegLog.capturing { av_write_trailer(context) }
    if code < 0 { throw MediaError(code: code, .cannotWrite, "\(path): cannot complete the file", log: log) }
    guard hasFile else { return }
    let failed = context.pointee.pb.pointee.error
    let closed = avio_closep(&context.pointee.pb)
    try MediaError.check(min(failed, closed), .cannotWrite, "\(path): cannot complete the file")
    if !boxes.isEmpty { try boxes.write(into: temporaryPath, path: path) }
  }
}
