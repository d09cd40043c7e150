internal import CFFmpeg
internal import TIFF

/// The pictures of one stream in presentation order, as FFmpeg decodes them; owns the decoder.
final class PictureDecoder {
  let demuxer: Demuxer
  /// The demuxer's.
  let stream: UnsafeMutablePointer<AVStream>
  /// Messages of decoders that conceal damage without telling: FFV1's, and those of stills in JPEG and GIF.
  let log = FFmpegLog()
  /// The decoder's own until `deinit`.
  private let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let picture: UnsafeMutablePointer<AVFrame>

  private(set) var decoderErrors = 0
  /// What the packets showed so far.
  private(set) var tally = PacketTally()
  private var damagedTimes: Set<Int64> = []
  private var isDraining = false
  private var isPacketPending = false
  /// How to find messages in packets; nil for codecs that have none.
  private let units: CodedUnits?
  /// Messages of packets whose picture has not come yet, by the packets' marks.
  private var messages: [Int64: [SupplementalMessage]] = [:]
  private var mark: Int64 = 0
  /// Errors in a row, for a decoder that never comes to its end.
  private var errorsInARow = 0
  /// The file that the last picture came from, where that is to be kept but for its samples.
  private(set) var page: TIFFPicture?
  private var pages = 0

  /// Gets the packets of other streams where the file can't be read a second time for them.
  private let others: PacketQueue?

  init(
    demuxer: Demuxer, stream: UnsafeMutablePointer<AVStream>, threads: Int, others: PacketQueue? = nil
  ) throws {
    self.others = others
    let path = demuxer.path
    self.demuxer = demuxer
    self.stream = stream
    let parameters = stream.pointee.codecpar.pointee
    guard parameters.codec_id != AV_CODEC_ID_NONE, let codec = PictureDecoder.decoder(for: stream) else {
      throw UnknownCodec.refusal(of: stream, path: path)
    }
    // Everything that may throw comes before the properties are set, so that `deinit` frees what is freed.
    var allocated = avcodec_alloc_context3(codec)
    var frame = av_frame_alloc()
    var buffer = av_packet_alloc()
    guard let opened = allocated, let picture = frame, let packet = buffer else {
      avcodec_free_context(&allocated)
      av_frame_free(&frame)
      av_packet_free(&buffer)
      throw MediaError.outOfMemory(path)
    }
    do {
      try PictureDecoder.open(
        opened, codec, stream, threads: threads, log: log, isStill: demuxer.isStill, path: path)
    } catch {
      avcodec_free_context(&allocated)
      av_frame_free(&frame)
      av_packet_free(&buffer)
      throw error
    }
    self.context = opened
    self.picture = picture
    units = CodedUnits(parameters)
    if units != nil { inrr_keep_marks(opened) }
    self.packet = packet
  }

  /// FFmpeg's own decoders of VP8 and VP9 leave transparency out, which is coded beside the picture.
  private static func decoder(for stream: UnsafeMutablePointer<AVStream>) -> UnsafePointer<AVCodec>? {
    let codec = stream.pointee.codecpar.pointee.codec_id
    let mode = av_dict_get(stream.pointee.metadata, "alpha_mode", nil, 0)
    if let mode, String(cString: mode.pointee.value) == "1",
      [AV_CODEC_ID_VP8, AV_CODEC_ID_VP9].contains(codec),
      let found = avcodec_find_decoder_by_name(codec == AV_CODEC_ID_VP8 ? "libvpx" : "libvpx-vp9")
    {
      return found
    }
    return avcodec_find_decoder(codec)
  }

  private static func open(
    _ context: UnsafeMutablePointer<AVCodecContext>, _ codec: UnsafePointer<AVCodec>,
    _ stream: UnsafeMutablePointer<AVStream>, threads: Int, log: FFmpegLog, isStill: Bool,
    path: String
  ) throws {
    let name = String(cString: avcodec_get_name(codec.pointee.id))
    let code = avcodec_parameters_to_context(context, stream.pointee.codecpar)
    try MediaError.check(code, .cannotRead, "\(path): cannot set up the decoder \(name)")
    context.pointee.pkt_timebase = stream.pointee.time_base
    // More would only take memory: each thread holds pictures of its own.
    context.pointee.thread_count = Int32(min(max(1, threads), 16))
    // Frames in are frames out, also before the first key frame.
    context.pointee.flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT
    let conceals = isStill && [AV_CODEC_ID_MJPEG, AV_CODEC_ID_GIF].contains(codec.pointee.id)
    if codec.pointee.id == AV_CODEC_ID_FFV1 || conceals {
      // One picture at a time, so that a message is known to be about the picture it comes with.
      context.pointee.thread_type = FF_THREAD_SLICE
      context.pointee.opaque = log.opaque
    }
    let (opened, messages) = FFmpegLog.capturing { avcodec_open2(context, codec, nil) }
    if opened < 0 {
      throw MediaError(code: opened, .cannotRead, "\(path): cannot open the decoder \(name)", log: messages)
    }
  }

  deinit {
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
    var picture: UnsafeMutablePointer<AVFrame>? = picture
    av_frame_free(&picture)
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
  }

  var codecName: String { String(cString: avcodec_get_name(context.pointee.codec_id)) }

  /// Whether a picture comes from a packet that the container flags as damaged; asked once for each picture.
  func isFromDamagedPacket(_ picture: UnsafePointer<AVFrame>) -> Bool {
    damagedTimes.remove(picture.pointee.pts) != nil
  }

  /// The messages that a picture came with.
  func messages(of picture: UnsafePointer<AVFrame>) -> [SupplementalMessage] {
    messages[inrr_frame_mark(picture)] ?? []
  }

  /// Keeps the messages of a packet until its picture is there, and marks both.
  private func noteMessages() {
    guard let units, let data = packet.pointee.data, packet.pointee.size > 0 else { return }
    mark += 1
    inrr_mark(context, packet, mark)
    let found = units.messages(in: UnsafeBufferPointer(start: data, count: Int(packet.pointee.size)))
    if !found.isEmpty { messages[mark] = found }
    // More than any decoder holds back.
    messages.removeValue(forKey: mark - 256)
  }

  /// Keeps the time of a damaged packet: decoders do not hand the flag on.
  private func noteDamage() {
    let isShort = isCutShort
    if isShort { decoderErrors += 1 }
    let isDamaged = isShort || packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
    if isDamaged && packet.pointee.pts != inrr_no_pts() && damagedTimes.count < 1000 {
      damagedTimes.insert(packet.pointee.pts)
    }
  }

  /// Decodes nothing any more but pictures that need no other.
  func skipToKeyPictures() { context.pointee.skip_frame = AVDISCARD_NONKEY }

  /// The codec's profile, once a picture was decoded.
  var profile: Int32 { context.pointee.profile }

  /// The rate that the coded pictures say, where it is one that a person may have meant; 0/1 if not.
  var frameRate: AVRational {
    let rate = context.pointee.framerate
    let isPlausible = rate.num > 0 && rate.den > 0 && (1...1000).contains(av_q2d(rate))
    return isPlausible ? rate : AVRational(num: 0, den: 1)
  }

  /// The next picture, valid until the next call; nil after the last one.
  ///
  /// - Throws: `MediaError.outOfMemory`, which is no damage to live with: frames would be lost that are there.
  func next() throws -> UnsafeMutablePointer<AVFrame>? {
    if context.pointee.codec_id == AV_CODEC_ID_TIFF { return try nextPage() }
    while true {
      let code = avcodec_receive_frame(context, picture)
      if code >= 0 {
        errorsInARow = 0
        return picture
      }
      if code == inrr_error_eof() { return nil }
      if code != inrr_error_again() {
        try checkMemory(code)
        decoderErrors += 1
        errorsInARow += 1
      }
      if isDraining && (code == inrr_error_again() || errorsInARow > 1000) { return nil }
      if !isDraining { try feed() }
    }
  }

  /// The next picture of TIFF files, each of which is a packet: by libtiff, since FFmpeg's own decoder gives empty pictures
  /// for tiles and some codecs, and no word of it.
  private func nextPage() throws -> UnsafeMutablePointer<AVFrame>? {
    let path = demuxer.path
    while try readPacket() {
      defer { av_packet_unref(packet) }
      pages += 1
      let bytes = packet.pointee.data.map {
        Array(UnsafeBufferPointer(start: $0, count: Int(packet.pointee.size)))
      }
      do {
        let page = try TIFFPicture(bytes ?? [], path: path, number: pages > 1 ? pages : nil)
        av_frame_unref(picture)
        try page.fill(picture, packet: packet, path: path)
        self.page = page
        return picture
      } catch let error as TIFFError {
        // In a sequence the pictures after a damaged one are good.
        guard pages > 1 && error.kind == .cannotRead else {
          throw MediaError(error, afterFirst: pages > 1)
        }
        decoderErrors += 1
      }
    }
    return nil
  }

  /// Hands the next packet to the decoder, or tells it that there is none.
  private func feed() throws {
    if try !isPacketPending && !readPacket() {
      isDraining = true
      avcodec_send_packet(context, nil)
      return
    }
    let code = avcodec_send_packet(context, packet)
    if code == inrr_error_again() && errorsInARow < 16 {
      isPacketPending = true
      return
    }
    isPacketPending = false
    av_packet_unref(packet)
    try checkMemory(code)
    if code < 0 && code != inrr_error_eof() { decoderErrors += 1 }
  }

  /// Whether a still is a JPEG that ends before its picture does, whose rest the decoder makes up.
  private var isCutShort: Bool {
    guard demuxer.isStill, context.pointee.codec_id == AV_CODEC_ID_MJPEG, let data = packet.pointee.data
    else {
      return false
    }
    let bytes = UnsafeBufferPointer(start: data, count: Int(packet.pointee.size))
    // In coded data 255 is followed by 0; a thumbnail's end comes before the picture's own start.
    func last(_ marker: UInt8) -> Int? {
      bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == marker }
    }
    guard let scan = last(0xda) else { return false }
    return (last(0xd9) ?? 0) < scan
  }

  /// Where there is memory for more pictures than anyone needs, a packet or picture that asked for more has a damaged header.
  private func checkMemory(_ code: Int32) throws {
    guard inrr_errno_of(code) == ENOMEM else { return }
    let picture = Int(context.pointee.width).multipliedReportingOverflow(by: Int(context.pointee.height))
    let most = 1 << 30
    let wanted = picture.overflow ? most : min(most, max(1 << 26, picture.partialValue * 16))
    guard let memory = malloc(wanted) else { throw MediaError.outOfMemory(demuxer.path) }
    free(memory)
  }

  /// Reads the stream's next packet; false at the end of the file or where nothing more can be read.
  private func readPacket() throws -> Bool {
    while true {
      let code = demuxer.read(packet)
      if code < 0 {
        try checkMemory(code)
        if !tally.goesOn(after: code) { return false }
        continue
      }
      // A packet of nothing says that the picture stays; the decoder would take it for the end.
      if tally.note(packet, in: demuxer, of: stream) && packet.pointee.size > 0 {
        noteDamage()
        noteMessages()
        return true
      }
      try others?.add(packet)
      av_packet_unref(packet)
    }
  }
}
