internal import CFFmpeg

/// An output file under construction; owns the format context and its file.
final class Muxer {
  let context: UnsafeMutablePointer<AVFormatContext>
  let format: UnsafePointer<AVOutputFormat>
  let path: String
  private var isHeaderWritten = false

  /// - Parameters:
  ///   - path: the final name, which decides on the container
  ///   - temporaryPath: where to write
  init(path: String, temporaryPath: String) throws {
    FFmpegLog.install()
    guard let format = av_guess_format(nil, path, nil) else {
      throw MediaError(
        .unsupported,
        "\(path): no container is known by this extension; use a name ending in .mkv, .mp4 or .mov")
    }
    if format.pointee.flags & AVFMT_NOFILE != 0 && !Muxer.isImages(path) {
      throw MediaError(
        .unsupported,
        "\(path): the container \(String(cString: format.pointee.name)) is no single file; use a name ending in .mkv, "
          + ".mp4 or .mov")
    }
    var allocated: UnsafeMutablePointer<AVFormatContext>?
    // With the protocol's name, or a colon in the path would end one.
    let code = avformat_alloc_output_context2(&allocated, format, nil, "file:" + temporaryPath)
    guard code >= 0, let allocated else {
      throw MediaError(code: code, .cannotWrite, "\(path): cannot set up the container")
    }
    self.format = UnsafePointer(format)
    self.path = path
    context = allocated
    // No random identifiers and versions: the same input gives the same bytes.
    context.pointee.flags |= AVFMT_FLAG_BITEXACT
  }

  deinit {
    if hasFile { avio_closep(&context.pointee.pb) }
    avformat_free_context(context)
  }

  /// Keeps times before zero, such as those of the samples that prepare a decoder for the first second of sound.
  ///
  /// FFmpeg moves everything in a Matroska file to begin at zero; its blocks reach 32 s before zero.
  func keepTimes(beginningAt microseconds: Int64) {
    let hasSignedBlocks = ["matroska", "webm"].contains(name)
    if hasSignedBlocks && microseconds > -30_000_000 { context.pointee.avoid_negative_ts = 0 }
  }

  var name: String { String(cString: format.pointee.name) }
  var needsGlobalHeader: Bool { format.pointee.flags & AVFMT_GLOBALHEADER != 0 }
  /// Whether the container writes its files itself, as images do.
  var isImages: Bool { format.pointee.flags & AVFMT_NOFILE != 0 }

  /// Whether files of a name are single images, or a numbered sequence of them.
  static func isImages(_ path: String) -> Bool {
    guard let format = av_guess_format(nil, path, nil) else { return false }
    return String(cString: format.pointee.name) == "image2"
  }

  private var isQuickTime: Bool { ["mp4", "mov", "ipod", "3gp", "3g2", "psp", "f4v"].contains(name) }
  private var hasFile: Bool { !isImages && context.pointee.pb != nil }

  func newStream() throws -> UnsafeMutablePointer<AVStream> {
    try MediaError.allocated(avformat_new_stream(context, nil), path)
  }

  /// Whether the file can say that players turn the picture.
  var holdsOrientation: Bool {
    isQuickTime || (["matroska", "webm"].contains(name) && inrr_matroska_holds_orientation() != 0)
  }

  /// Whether chapters can be written.
  var holdsChapters: Bool {
    isQuickTime || ["matroska", "webm", "nut", "ogg", "wtv", "asf", "mp3"].contains(name)
  }

  /// Whether the container can hold packets of a codec.
  func holds(_ codec: AVCodecParameters) -> Bool {
    if codec.codec_type == AVMEDIA_TYPE_ATTACHMENT { return name == "matroska" }
    if codec.codec_id == AV_CODEC_ID_NONE || isImages { return false }
    return avformat_query_codec(format, codec.codec_id, FF_COMPLIANCE_EXPERIMENTAL) != 0
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
    if holds(codec) { return nil }
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
    var options: OpaquePointer?
    defer { av_dict_free(&options) }
    if isQuickTime {
      // Phones have tags under names of their own, which are written in a list of keys or not at all.
      let hasOwnTags = StreamTags.keys(of: context.pointee.metadata).contains { $0.hasPrefix("com.") }
      av_dict_set(&options, "movflags", hasOwnTags ? "+faststart+use_metadata_tags" : "+faststart", 0)
    }
    if let firstImageNumber {
      av_dict_set(&options, "start_number", "\(firstImageNumber)", 0)
    } else if isImages {
      av_dict_set(&options, "update", "1", 0)
    }
    let (code, log) = FFmpegLog.capturing { avformat_write_header(context, &options) }
    if code < 0 {
      throw MediaError(
        code: code, .cannotWrite, "\(path): the container \(name) refuses the streams", log: log,
        hint: "a name ending in .mkv takes almost anything")
    }
    isHeaderWritten = true
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
  }
}
