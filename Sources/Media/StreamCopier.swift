internal import CFFmpeg

/// Copies all streams but one, packet by packet, from a second look at the input file.
///
/// Reading the file a second time, always as far as the video has been written, keeps the packets out of memory. A pipe is
/// read once: its packets wait until the video before them is restored.
final class StreamCopier {
  private struct Route {
    /// Of the demuxer and of the muxer, which the copier holds.
    var source: UnsafeMutablePointer<AVStream>
    var target: UnsafeMutablePointer<AVStream>
    /// State of the rescaling of coarse audio time stamps.
    var lastAudio = inrr_no_pts()
    var lastTime = inrr_no_pts()
    /// Where the source says that the stream ends, in its time base; the last packet may be cut there.
    var end: Int64?
    var failures = 0
  }

  private let demuxer: Demuxer
  private let muxer: Muxer
  private let keepsTags: Bool
  /// The copier's own until `deinit`.
  private let packet: UnsafeMutablePointer<AVPacket>
  private var routes: [Int: Route] = [:]
  private var isPending = false
  private var isAtEnd = false
  private var readError: Int32?

  /// What is read at the same time as the video, of a file that can't be read twice.
  private let queue: PacketQueue?

  /// - Parameter keepsTags: whether streams keep their tags.
  init(source: VideoReader, muxer: Muxer, keepsTags: Bool) throws {
    self.keepsTags = keepsTags
    queue = source.others
    demuxer = queue == nil ? try Demuxer(path: source.demuxer.source) : source.demuxer
    self.muxer = muxer
    packet = try MediaError.allocated(av_packet_alloc(), source.path)
    // Where packets of one stream tell of a joint, those of all are read, whatever is copied.
    if queue == nil && demuxer.formatName.hasPrefix("mov") {
      for stream in demuxer.streams { stream.pointee.discard = AVDISCARD_ALL }
    }
  }

  deinit {
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
  }

  /// Adds a stream to the output that will receive the packets of stream `index`.
  ///
  /// - Returns: the stream; nil where the source has none of this number.
  @discardableResult
  func add(_ index: Int) throws -> UnsafeMutablePointer<AVStream>? {
    let streams = demuxer.streams
    guard index < streams.count else { return nil }
    let source = streams[index]
    let (target, hasPackets) = try StreamCopier.addStream(like: source, to: muxer, keepsTags: keepsTags)
    if hasPackets {
      source.pointee.discard = AVDISCARD_DEFAULT
      routes[index] = Route(source: source, target: target)
    }
    return target
  }

  /// Describes a stream whose packets are copied to a container.
  ///
  /// - Returns: the stream, and whether it receives packets: a cover is attached as a whole.
  static func addStream(
    like source: UnsafeMutablePointer<AVStream>, to muxer: Muxer, keepsTags: Bool
  ) throws -> (target: UnsafeMutablePointer<AVStream>, hasPackets: Bool) {
    let index = source.pointee.index
    let target = try muxer.newStream()
    if muxer.name == "matroska" {
      let code = inrr_attach_picture(target.pointee.codecpar, source)
      try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot attach stream \(index)")
      if code == 0 {
        StreamTags.copyCover(from: source, to: target, keepsTags: keepsTags)
        return (target, false)
      }
    }
    let copied = avcodec_parameters_copy(target.pointee.codecpar, source.pointee.codecpar)
    try MediaError.check(copied, .cannotWrite, "\(muxer.path): cannot copy stream \(index)")
    target.pointee.codecpar.pointee.codec_tag = inrr_copied_tag(muxer.format, source.pointee.codecpar)
    try MediaError.check(
      inrr_stream_copy_side_data(target, source), .cannotWrite, "\(muxer.path): cannot copy stream \(index)")
    inrr_complete_padding(target.pointee.codecpar)
    StreamTags.copy(from: source, to: target, keepsTags: keepsTags)
    target.pointee.time_base = source.pointee.time_base
    target.pointee.avg_frame_rate = source.pointee.avg_frame_rate
    target.pointee.r_frame_rate = source.pointee.r_frame_rate
    target.pointee.sample_aspect_ratio = source.pointee.sample_aspect_ratio
    return (target, true)
  }

  /// Copies packets up to a time in microseconds on the file's clock, or all that are left if nil.
  func copy(upTo limit: Int64?) throws {
    while nextPacket() {
      let index = Int(packet.pointee.stream_index)
      guard var route = routes[index] else {
        drop()
        continue
      }
      let time = packet.pointee.dts != inrr_no_pts() ? packet.pointee.dts : packet.pointee.pts
      if let limit, time != inrr_no_pts(),
        av_compare_ts(time, route.source.pointee.time_base, limit, inrr_microseconds()) > 0
      {
        return
      }
      shorten(&route)
      rescale(&route)
      isPending = false
      let code = muxer.write(packet)
      if code < 0 {
        let error = MediaError(code: code, .cannotWrite, "\(muxer.path): cannot write stream \(index)")
        let isOver = [EIO, EPIPE].contains(inrr_errno_of(code))
        if [.diskFull, .outOfMemory].contains(error.kind) || isOver { throw error }
        route.failures += 1
        av_packet_unref(packet)
      }
      routes[index] = route
    }
  }

  /// Copies a packet of each stream, as far as the file's beginning has one: some containers leave empty streams out.
  func copyFirstPackets() {
    var missing = Set(routes.keys)
    var read = 0
    // What was read of a pipe waits for the output itself.
    while queue == nil && !missing.isEmpty && read < 500 && nextPacket() {
      read += 1
      let index = Int(packet.pointee.stream_index)
      guard missing.remove(index) != nil, var route = routes[index] else {
        drop()
        continue
      }
      rescale(&route)
      isPending = false
      if muxer.write(packet) < 0 { av_packet_unref(packet) }
    }
    for index in missing.sorted() {
      guard let route = routes[index], av_new_packet(packet, 4) >= 0 else { continue }
      memset(packet.pointee.data, 0, 4)
      (packet.pointee.pts, packet.pointee.dts, packet.pointee.duration) = (0, 0, 1)
      packet.pointee.stream_index = route.target.pointee.index
      if muxer.write(packet) < 0 { av_packet_unref(packet) }
    }
  }

  /// What went wrong while copying, a sentence for each stream.
  var warnings: [String] {
    var list = routes.filter { $0.value.failures > 0 }.sorted { $0.key < $1.key }.map {
      "\(demuxer.path): \($0.value.failures) packets of stream \($0.key) could not be copied"
    }
    if let readError {
      list.append(
        "\(demuxer.path): the other streams could not be read to their end: \(MediaError.cause(of: readError))"
      )
    }
    return list
  }

  private func nextPacket() -> Bool {
    if let queue {
      // What has not been read yet comes later.
      if !isPending { isPending = queue.take(into: packet) }
      return isPending
    }
    var errors = 0
    while !isPending && !isAtEnd {
      let code = demuxer.read(packet)
      if code >= 0 {
        isPending = true
      } else if code == inrr_error_eof() {
        isAtEnd = true
      } else {
        if code != inrr_error_again() { readError = readError ?? code }
        errors += 1
        isAtEnd = errors > 100 || (code != inrr_error_again() && code != inrr_error_invalid_data())
      }
    }
    return isPending
  }

  private func drop() {
    av_packet_unref(packet)
    isPending = false
  }

  /// Gives the last packet of a sound the length that is played of it, which parsers take for a whole one.
  private func shorten(_ route: inout Route) {
    let stream = route.source.pointee
    guard let parameters = stream.codecpar?.pointee, parameters.codec_type == AVMEDIA_TYPE_AUDIO,
      parameters.sample_rate > 0, packet.pointee.dts != inrr_no_pts()
    else { return }
    let dts = packet.pointee.dts
    if route.end == nil {
      route.end = announcedEnd(of: stream, first: dts)
    }
    let rate = AVRational(num: 1, den: parameters.sample_rate)
    let skipped = av_rescale_q(inrr_skipped_at_end(packet), rate, stream.time_base)
    let left = min(
      packet.pointee.duration &- skipped, (route.end ?? .max).subtractingReportingOverflow(dts).partialValue)
    if left > 0 && left < packet.pointee.duration { packet.pointee.duration = left }
  }

  /// Readers of Matroska move Opus back by what prepares its decoder; older muxers do not move it forth.
  private func movesOpus(_ codec: UnsafePointer<AVCodecParameters>?) -> Bool {
    ["matroska", "webm"].contains(muxer.name) && codec?.pointee.codec_id == AV_CODEC_ID_OPUS
      && inrr_matroska_moves_opus() == 0
  }

  /// Where the container says that a stream ends, in the stream's time base.
  private func announcedEnd(of stream: AVStream, first: Int64) -> Int64 {
    if queue != nil { return .max }
    if demuxer.formatName.hasPrefix("mov") && stream.duration > 0 {
      // With and without an edit list the length counts from different places: the later end cuts nothing off.
      let start = stream.start_time == inrr_no_pts() ? first : max(first, stream.start_time)
      return start.addingReportingOverflow(stream.duration).partialValue
    }
    let length = demuxer.context.pointee.duration
    if demuxer.formatName.hasPrefix("matroska") && length > 0 && length != inrr_no_pts() {
      return av_rescale_q(length, inrr_microseconds(), stream.time_base)
    }
    return .max
  }

  /// Brings the packet's times to the output's clock: unchanged, and never running backwards.
  private func rescale(_ route: inout Route) {
    let unknown = inrr_no_pts()
    let from = route.source.pointee.time_base
    let to = route.target.pointee.time_base
    let parameters = route.source.pointee.codecpar
    let dts = packet.pointee.dts
    if let audio = parameters?.pointee, audio.codec_type == AVMEDIA_TYPE_AUDIO, audio.sample_rate > 0,
      dts != unknown
    {
      var samples = av_get_audio_frame_duration2(parameters, packet.pointee.size)
      if samples <= 0 { samples = audio.frame_size }
      let fine = AVRational(num: 1, den: audio.sample_rate)
      let delta = packet.pointee.pts == unknown ? nil : av_rescale_q(packet.pointee.pts &- dts, from, to)
      let time = av_rescale_delta(from, dts, fine, samples, &route.lastAudio, to)
      packet.pointee.dts = time
      packet.pointee.pts = delta.map { time &+ $0 } ?? unknown
      packet.pointee.duration = av_rescale_q(packet.pointee.duration, from, to)
    } else {
      av_packet_rescale_ts(packet, from, to)
    }
    if movesOpus(parameters) {
      let delay = av_rescale_q(
        Int64(route.target.pointee.codecpar.pointee.initial_padding), AVRational(num: 1, den: 48_000), to)
      if packet.pointee.dts != unknown { packet.pointee.dts &+= delay }
      if packet.pointee.pts != unknown { packet.pointee.pts &+= delay }
    }
    packet.pointee.stream_index = route.target.pointee.index
    packet.pointee.pos = -1
    if packet.pointee.dts != unknown {
      if route.lastTime != unknown && parameters?.pointee.codec_type != AVMEDIA_TYPE_SUBTITLE {
        let isStrict = muxer.format.pointee.flags & AVFMT_TS_NONSTRICT == 0
        let earliest = route.lastTime &+ (isStrict ? 1 : 0)
        if packet.pointee.dts < earliest {
          packet.pointee.dts = earliest
          if packet.pointee.pts != unknown { packet.pointee.pts = max(packet.pointee.pts, earliest) }
        }
      }
      route.lastTime = packet.pointee.dts
    }
  }
}
