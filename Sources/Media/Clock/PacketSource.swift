internal import CFFmpeg

/// Reads a file's packets one by one, with times that go on where the file's clock jumps.
///
/// Where the clock jumps, packets are read ahead until it is known how each stream goes on.
final class PacketSource {
  /// The demuxer's, which owns this too.
  private let context: UnsafeMutablePointer<AVFormatContext>
  private var joiner: ClockJoiner
  /// What is taken off all times, in microseconds: the beginning, for containers whose clock may begin anywhere.
  let origin: Int64
  /// Packets that were read ahead, freed when they are taken or in `deinit`, and the code that reading ended with.
  private var waiting: [PacketPointer] = []
  private var endCode: Int32?

  init(context: UnsafeMutablePointer<AVFormatContext>) {
    self.context = context
    let format = context.pointee.iformat.pointee
    joiner = ClockJoiner(mayLeap: format.flags & AVFMT_TS_DISCONT != 0)
    let start = context.pointee.start_time
    let beginsAnywhere = ["mpegts", "mpeg"].contains(String(cString: format.name))
    origin = beginsAnywhere && start != noTime ? start : 0
  }

  deinit { for packet in waiting { packet.free() } }

  /// Reads the next packet as `av_read_frame` does.
  func read(_ packet: PacketPointer) -> Int32 {
    let code = take(packet)
    if code < 0 { return code }
    guard let stream = stream(of: packet) else { return code }
    let offset = offset(of: packet, stream) &- origin
    if offset != 0 && stream.pointee.time_base.isKnown {
      packet.moveTimes(by: av_rescale_q(offset, .microseconds, stream.pointee.time_base))
    }
    if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 && isBeforeJoint(stream) {
      packet.pointee.flags &= ~AV_PKT_FLAG_CORRUPT
    }
    return code
  }

  /// Whether the times of all packets so far are the file's own, but for the origin.
  var hasOneClock: Bool { joiner.hasOneClock }

  /// What is taken off the times of a stream's packets, in units of its time base.
  func origin(in stream: StreamPointer) -> Int64 {
    stream.pointee.time_base.isKnown ? av_rescale_q(origin, .microseconds, stream.pointee.time_base) : 0
  }

  /// Forgets what was read, once the file is read from another place on.
  func forget() {
    for packet in waiting { packet.free() }
    (waiting, endCode) = ([], nil)
    joiner = ClockJoiner(mayLeap: joiner.mayLeap)
  }

  /// Whether the stream's clock jumps after the packet that was read last.
  ///
  /// Where parts are joined the container's count of packets breaks off. Demuxers report that as damage of the packet before,
  /// and parsers, which are a packet behind, of the one before that. If something is missing, the decoder reports it.
  private func isBeforeJoint(_ stream: StreamPointer) -> Bool {
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

  /// Passes over the packets of sound and video that come next, at most 1000 packets or 16 MiB.
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

  private func take(_ packet: PacketPointer) -> Int32 {
    if !waiting.isEmpty {
      let first = waiting.removeFirst()
      av_packet_move_ref(packet, first)
      first.free()
      return 0
    }
    if let code = endCode {
      endCode = nil
      return code
    }
    return av_read_frame(context, packet)
  }

  /// What to add to a packet's times in microseconds.
  private func offset(of packet: PacketPointer, _ stream: StreamPointer) -> Int64 {
    if stream.isCover { return 0 }
    guard isTimed(stream) else {
      return packet.pointee.shownTime.map {
        joiner.follow(Int(stream.pointee.index), at: microseconds($0, stream))
      } ?? 0
    }
    guard let moment = moment(of: packet, stream) else { return joiner.offset(of: Int(stream.pointee.index)) }
    if joiner.isJump(moment) {
      let (others, isLone) = lookAhead(from: moment)
      if isLone { return joiner.pass(moment) }
      joiner.join(moment, others)
    }
    return joiner.advance(moment)
  }

  /// Reads on after a jump: the first packets of other streams that jump too, and whether the stream itself goes on as
  /// before the jump.
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
    guard endCode == nil, let packet = av_packet_alloc() else { return false }
    let code = av_read_frame(context, packet)
    if code < 0 {
      endCode = code
      packet.free()
      return false
    }
    waiting.append(packet)
    return true
  }

  private func stream(of packet: PacketPointer) -> StreamPointer? {
    let index = packet.pointee.stream_index
    guard index >= 0, index < context.pointee.nb_streams else { return nil }
    return context.pointee.streams?[Int(index)]
  }

  /// Whether a stream has packets all the time, so that a jump of its clock shows.
  private func isTimed(_ stream: StreamPointer) -> Bool {
    let kind = stream.pointee.codecpar.pointee.codec_type
    return !stream.isCover && (kind == AVMEDIA_TYPE_VIDEO || kind == AVMEDIA_TYPE_AUDIO)
  }

  /// nil where the packet does not say when it is decoded.
  private func moment(of packet: PacketPointer, _ stream: StreamPointer) -> ClockJoiner.Moment? {
    guard packet.pointee.dts != noTime else { return nil }
    let decoded = microseconds(packet.pointee.dts, stream)
    let shown = packet.pointee.pts != noTime ? microseconds(packet.pointee.pts, stream) : decoded
    var duration = packet.pointee.duration
    if duration <= 0 {
      duration = stream.pointee.avg_frame_rate.frameDuration(in: stream.pointee.time_base) ?? duration
    }
    return ClockJoiner.Moment(
      stream: Int(stream.pointee.index), decoded: decoded, shown: shown,
      duration: min(max(0, microseconds(duration, stream)), 1_000_000),
      isVideo: stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO)
  }

  private func microseconds(_ time: Int64, _ stream: StreamPointer) -> Int64 {
    let most = Int64.max / 8
    return min(max(av_rescale_q(time, stream.pointee.time_base, .microseconds), -most), most)
  }
}
