internal import CFFmpeg
internal import TIFF

/// The pictures of one stream in presentation order, as FFmpeg decodes them; owns the decoder.
final class PictureDecoder {
  let demuxer: Demuxer
  /// The demuxer's.
  let stream: StreamPointer
  /// Messages of decoders that conceal damage and report no error: those of FFV1, and of JPEG and GIF stills.
  let log = FFmpegLog()
  /// The decoder's own until `deinit`, as are packet and picture.
  private let context: CodecContextPointer
  private let packet: PacketPointer
  private let picture: PicturePointer

  private(set) var decoderErrors = 0
  /// Pictures that were decoded so far.
  private(set) var pictures = 0
  /// Whether the packet of a time stamp is decoded; nil where all are.
  var isNeeded: ((Int64) -> Bool)?
  /// What the packets showed so far.
  private(set) var tally = PacketTally()
  private var damagedTimes: Set<Int64> = []
  private var isDraining = false
  private var isPacketPending = false
  /// Finds messages in packets; nil for codecs that have none.
  private let units: CodedUnits?
  /// Messages of packets whose picture has not come yet, by the packets' marks.
  private var messages: [Int64: [SupplementalMessage]] = [:]
  private var mark: Int64 = 0
  /// Errors in a row, for a decoder that never comes to its end.
  private var errorsInARow = 0
  /// The TIFF file that the last picture came from.
  private(set) var page: TIFFPicture?
  private var pages = 0

  /// Gets the packets of other streams where the file can't be read a second time for them.
  private let others: PacketQueue?

  init(demuxer: Demuxer, stream: StreamPointer, threads: Int, others: PacketQueue? = nil) throws {
    let parameters = stream.pointee.codecpar.pointee
    guard parameters.codec_id != AV_CODEC_ID_NONE, let codec = PictureDecoder.decoder(for: stream) else {
      throw UnknownCodec.refusal(of: stream, path: demuxer.path)
    }
    guard let context = avcodec_alloc_context3(codec), let picture = av_frame_alloc(),
      let packet = av_packet_alloc()
    else { throw MediaError.outOfMemory(demuxer.path) }
    (self.demuxer, self.stream, self.others) = (demuxer, stream, others)
    (self.context, self.picture, self.packet) = (context, picture, packet)
    units = CodedUnits(parameters)
    try open(codec, threads: threads)
    if units != nil { inrr_keep_marks(context) }
  }

  /// FFmpeg's own decoders of VP8 and VP9 leave out transparency, which is coded beside the picture.
  private static func decoder(for stream: StreamPointer) -> UnsafePointer<AVCodec>? {
    let codec = stream.pointee.codecpar.pointee.codec_id
    if Tags.value("alpha_mode", in: stream.pointee.metadata) == "1",
      [AV_CODEC_ID_VP8, AV_CODEC_ID_VP9].contains(codec),
      let found = avcodec_find_decoder_by_name(codec == AV_CODEC_ID_VP8 ? "libvpx" : "libvpx-vp9")
    {
      return found
    }
    return avcodec_find_decoder(codec)
  }

  private func open(_ codec: UnsafePointer<AVCodec>, threads: Int) throws {
    let name = codec.pointee.id.name
    let code = avcodec_parameters_to_context(context, stream.pointee.codecpar)
    try MediaError.check(code, .cannotRead, "\(demuxer.path): cannot set up the decoder \(name)")
    context.pointee.pkt_timebase = stream.pointee.time_base
    // More than 16 threads would cost memory for pictures and gain nothing.
    context.pointee.thread_count = Int32(min(max(1, threads), 16))
    // Every packet gives a picture, also before the first key frame.
    context.pointee.flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT
    let conceals = demuxer.isStill && [AV_CODEC_ID_MJPEG, AV_CODEC_ID_GIF].contains(codec.pointee.id)
    if codec.pointee.id == AV_CODEC_ID_FFV1 || conceals {
      // One picture at a time, so that it is known which picture a message is about.
      context.pointee.thread_type = FF_THREAD_SLICE
      context.pointee.opaque = log.opaque
    }
    let (opened, messages) = FFmpegLog.capturing { avcodec_open2(context, codec, nil) }
    if opened < 0 {
      throw MediaError(
        code: opened, .cannotRead, "\(demuxer.path): cannot open the decoder \(name)", log: messages)
    }
  }

  deinit {
    context.free()
    picture.free()
    packet.free()
  }

  /// Whether a picture comes from a packet that the container flags as damaged; asked once for each picture.
  func isFromDamagedPacket(_ picture: PicturePointer) -> Bool {
    damagedTimes.remove(picture.pointee.pts) != nil
  }

  /// The messages that a picture came with.
  func messages(of picture: PicturePointer) -> [SupplementalMessage] {
    messages[inrr_frame_mark(picture)] ?? []
  }

  /// Keeps the messages of a packet until its picture is there, and marks both.
  private func noteMessages() {
    guard let units, !packet.bytes.isEmpty else { return }
    mark += 1
    inrr_mark(context, packet, mark)
    let found = units.messages(in: packet.bytes)
    if !found.isEmpty { messages[mark] = found }
    // No decoder holds back as many packets.
    messages.removeValue(forKey: mark - 256)
  }

  /// Keeps the time of a damaged packet: decoders do not pass the flag on to the picture.
  private func noteDamage() {
    let isShort = isCutShort
    if isShort { decoderErrors += 1 }
    let isDamaged = isShort || packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0
    if isDamaged && packet.pointee.pts != noTime && damagedTimes.count < 1000 {
      damagedTimes.insert(packet.pointee.pts)
    }
  }

  /// Forgets all packets, once the demuxer reads from another place on.
  func flush() {
    avcodec_flush_buffers(context)
    if isPacketPending { av_packet_unref(packet) }
    (isPacketPending, isDraining, errorsInARow) = (false, false, 0)
    messages = [:]
  }

  /// Decodes from here on only pictures that need no other.
  func skipToKeyPictures() { context.pointee.skip_frame = AVDISCARD_NONKEY }

  /// The codec's profile, once a picture was decoded.
  var profile: Int32 { context.pointee.profile }

  /// The rate that the coded pictures say, from 1 to 1000 frames a second; 0/1 if none or another.
  var frameRate: AVRational {
    let rate = context.pointee.framerate
    return rate.isKnown && (1...1000).contains(av_q2d(rate)) ? rate : .unknown
  }

  /// The next picture, valid until the next call; nil after the last one.
  ///
  /// - Throws: `MediaError` of kind `.outOfMemory` or `.readFailed`: going on would lose frames that are in the file.
  func next() throws -> PicturePointer? {
    if context.pointee.codec_id == AV_CODEC_ID_TIFF { return try nextPage() }
    while true {
      let code = avcodec_receive_frame(context, picture)
      if code >= 0 {
        errorsInARow = 0
        pictures += 1
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

  /// The next picture of TIFF files, each of which is a packet, by libtiff: FFmpeg's decoder gives empty pictures for tiles
  /// and some codecs, without an error.
  private func nextPage() throws -> PicturePointer? {
    let path = demuxer.path
    while try readPacket() {
      defer { av_packet_unref(packet) }
      pages += 1
      do {
        let page = try TIFFPicture(Array(packet.bytes), path: path, number: pages > 1 ? pages : nil)
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

  /// Whether a still is a JPEG whose end is missing: the decoder invents the rest of the picture.
  private var isCutShort: Bool {
    guard demuxer.isStill, context.pointee.codec_id == AV_CODEC_ID_MJPEG else { return false }
    let bytes = packet.bytes
    // In coded data 0 follows 255; a thumbnail ends before the picture itself begins.
    func last(_ marker: UInt8) -> Int? {
      bytes.indices.dropLast().last { bytes[$0] == 0xff && bytes[$0 + 1] == marker }
    }
    guard let scan = last(0xda) else { return false }
    return (last(0xd9) ?? 0) < scan
  }

  /// Throws where memory ran out. A damaged header may ask for more memory than there is: where there is room for several
  /// pictures, the error is taken for that.
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
        try demuxer.checkDisk()
        if !tally.goesOn(after: code) {
          try demuxer.checkWhole()
          return false
        }
        continue
      }
      // An empty packet repeats the picture before; the decoder would take it for the end.
      if tally.note(packet, in: demuxer, of: stream) && packet.pointee.size > 0 {
        if let isNeeded, !isNeeded(packet.pointee.pts) {
          av_packet_unref(packet)
          continue
        }
        noteDamage()
        noteMessages()
        return true
      }
      try others?.add(packet)
      av_packet_unref(packet)
    }
  }
}
