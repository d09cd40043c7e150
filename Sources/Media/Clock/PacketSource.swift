internal import CFFmpeg

/// Reads a file's packets one by one, with times that run on where the file's own do not.
///
/// Where the clock jumps, packets are read ahead until it is known how each stream goes on.
final class PacketSource {
  /// The demuxer's, which this belongs to.
  private let context: UnsafeMutablePointer<AVFormatContext>
  private var joiner: ClockJoiner
  /// What is taken off all times, in microseconds: where a clock begins that begins anywhere.
  let origin: Int64
  /// Packets that were read ahead, freed by whoever takes them or in `deinit`, and what reading came to behind them.
  private var waiting: [UnsafeMutablePointer<AVPacket>] = []
  private var endCode: Int32?

  init(context: UnsafeMutablePointer<AVFormatContext>) {
    self.context = context
    let format = context.pointee.iformat.pointee
    joiner = ClockJoiner(mayLeap: format.flags & AVFMT_TS_DISCONT != 0)
    let start = context.pointee.start_time
    let beginsAnywhere = ["mpegts", "mpeg"].contains(String(cString: format.name))
    origin = beginsAnywhere && start != inrr_no_pts() ? start : 0
  }

  deinit {
    for packet in waiting {
      var packet: UnsafeMutablePointer<AVPacket>? = packet
      av_packet_free(&packet)
    }
  }

  /// Number of places so far where parts with clocks of their own were joined.
  var joints: Int { joiner.joints }

  /// Reads the next packet as `av_read_frame` does.
  func read(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
    let code = take(packet)
    if code < 0 { return code }
    guard let stream = stream(of: packet) else { return code }
    move(packet, by: offset(of: packet, stream) &- origin, stream.pointee.time_base)
    if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 && isBeforeJoint(stream) {
      packet.pointee.flags &= ~AV_PKT_FLAG_CORRUPT
    }
    return code
  }

  /// Whether the stream's clock jumps behind the packet that was read last.
  ///
  /// Where parts are joined the container's count of packets breaks off, which demuxers take for a loss in the packet before,
  /// and parsers, which are a packet behind, in the one before that. If something is lost there, the decoder tells.
  private func isBeforeJoint(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    var isFound = false
    var seen = 0
    forEachWaiting { moment in
      if moment.stream != Int(stream.pointee.index) { return true }
      seen += 1
      isFound = joiner.isOfAnotherPart(moment)
      return !isFound && seen < 2
    }
    return isFound
  }

  /// Passes over the sound and video that come next, reading ahead as far as need be and no farther than is reasonable.
  ///
  /// - Parameter body: returns false to end it.
  private func forEachWaiting(_ body: (ClockJoiner.Moment) -> Bool) {
    var bytes = 0
    for index in 0..<1000 where bytes < 1 << 24 {
      if index == waiting.count && !readAhead() { return }
      let packet = waiting[index]
      bytes += Int(max(0, packet.pointee.size))
      guard let stream = stream(of: packet), isTimed(stream), let moment = moment(of: packet, stream) else {
        continue
      }
      if !body(moment) { return }
    }
  }

  private func take(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
    if !waiting.isEmpty {
      var first: UnsafeMutablePointer<AVPacket>? = waiting.removeFirst()
      av_packet_move_ref(packet, first)
      av_packet_free(&first)
      return 0
    }
    if let code = endCode {
      endCode = nil
      return code
    }
    return av_read_frame(context, packet)
  }

  /// What to add to a packet's times in microseconds.
  private func offset(of packet: UnsafeMutablePointer<AVPacket>, _ stream: UnsafeMutablePointer<AVStream>)
    -> Int64
  {
    if stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 { return 0 }
    guard isTimed(stream) else {
      let time = packet.pointee.pts != inrr_no_pts() ? packet.pointee.pts : packet.pointee.dts
      return time == inrr_no_pts()
        ? 0 : joiner.follow(Int(stream.pointee.index), at: microseconds(time, stream))
    }
    guard let moment = moment(of: packet, stream) else { return joiner.offset(of: Int(stream.pointee.index)) }
    if joiner.isJump(moment) {
      let (others, isLone) = lookAhead(from: moment)
      if isLone { return joiner.pass(moment) }
      joiner.join(moment, others)
    }
    return joiner.advance(moment)
  }

  /// Reads on after a jump: the first packets of other streams that jump too, and whether the stream itself goes on as if
  /// nothing had been.
  private func lookAhead(from jump: ClockJoiner.Moment) -> (others: [ClockJoiner.Moment], isLone: Bool) {
    var found: [ClockJoiner.Moment] = []
    var open = joiner.activeStreams
    var (isOwnSeen, isLone) = (false, false)
    forEachWaiting { moment in
      if moment.stream == jump.stream {
        if !isOwnSeen { isLone = joiner.isBack(moment, after: jump) }
        isOwnSeen = true
        if moment.decoded > jump.decoded &+ 1_000_000 { open = [] }
      } else if open.contains(moment.stream) && joiner.isJump(moment) {
        found.append(moment)
        open.remove(moment.stream)
      }
      return !isLone && !(isOwnSeen && open.subtracting([jump.stream]).isEmpty)
    }
    return (found, isLone)
  }

  /// Reads a packet for later; false where there is none.
  private func readAhead() -> Bool {
    var packet = endCode == nil ? av_packet_alloc() : nil
    guard let read = packet else { return false }
    let code = av_read_frame(context, read)
    if code < 0 {
      endCode = code
      av_packet_free(&packet)
      return false
    }
    waiting.append(read)
    return true
  }

  private func stream(of packet: UnsafeMutablePointer<AVPacket>) -> UnsafeMutablePointer<AVStream>? {
    let index = packet.pointee.stream_index
    guard index >= 0, index < context.pointee.nb_streams else { return nil }
    return context.pointee.streams?[Int(index)]
  }

  /// Whether a stream has a clock that can be told to jump: others have packets now and then.
  private func isTimed(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    let kind = stream.pointee.codecpar.pointee.codec_type
    return stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
      && (kind == AVMEDIA_TYPE_VIDEO || kind == AVMEDIA_TYPE_AUDIO)
  }

  /// nil where the packet does not say when it is decoded.
  private func moment(of packet: UnsafeMutablePointer<AVPacket>, _ stream: UnsafeMutablePointer<AVStream>)
    -> ClockJoiner.Moment?
  {
    guard packet.pointee.dts != inrr_no_pts() else { return nil }
    let decoded = microseconds(packet.pointee.dts, stream)
    let shown = packet.pointee.pts != inrr_no_pts() ? microseconds(packet.pointee.pts, stream) : decoded
    var duration = packet.pointee.duration
    let rate = stream.pointee.avg_frame_rate
    if duration <= 0 && rate.num > 0 && rate.den > 0 {
      duration = av_rescale_q(1, AVRational(num: rate.den, den: rate.num), stream.pointee.time_base)
    }
    return ClockJoiner.Moment(
      stream: Int(stream.pointee.index), decoded: decoded, shown: shown,
      duration: min(max(0, microseconds(duration, stream)), 1_000_000),
      isVideo: stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO)
  }

  private func microseconds(_ time: Int64, _ stream: UnsafeMutablePointer<AVStream>) -> Int64 {
    let most = Int64.max / 8
    return min(max(av_rescale_q(time, stream.pointee.time_base, inrr_microseconds()), -most), most)
  }

  private func move(_ packet: UnsafeMutablePointer<AVPacket>, by offset: Int64, _ base: AVRational) {
    if offset == 0 || base.num <= 0 || base.den <= 0 { return }
    let units = av_rescale_q(offset, inrr_microseconds(), base)
    if packet.pointee.pts != inrr_no_pts() { packet.pointee.pts &+= units }
    if packet.pointee.dts != inrr_no_pts() { packet.pointee.dts &+= units }
  }
}
