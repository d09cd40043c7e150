internal import CFFmpeg

/// Copies the streams beside the video, packet by packet.
///
/// The input file is read a second time, always as far as the video has been written, so that few packets are in memory.
/// A pipe is read once: its packets wait until the video before them is restored.
final class StreamCopier {
  private struct Route {
    /// Of the demuxer and of the muxer, which the copier holds.
    var source: StreamPointer
    var target: StreamPointer
    /// State of the rescaling of coarse audio time stamps.
    var lastAudio = noTime
    var lastTime: Int64?
    /// Where the source says that the stream ends, in its time base, once it was asked; `Int64.max` where it does not say.
    var end: Int64?
    var failures = 0
  }

  private let demuxer: Demuxer
  private let muxer: Muxer
  private let keepsTags: Bool
  /// The copier's own until `deinit`.
  private let packet: PacketPointer
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
    packet = try .make(source.path)
    // Other containers may join parts with clocks of their own: all of their packets are read to find the joints.
    if queue == nil && demuxer.isQuickTime {
      for stream in demuxer.streams { stream.pointee.discard = AVDISCARD_ALL }
    }
  }

  deinit { packet.free() }

  /// Adds a stream to the output that will receive the packets of stream `index`.
  ///
  /// - Returns: the stream; nil where the source has none of this number.
  @discardableResult
  func add(_ index: Int) throws -> StreamPointer? {
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
    like source: StreamPointer, to muxer: Muxer, keepsTags: Bool
  ) throws -> (target: StreamPointer, hasPackets: Bool) {
    let index = source.pointee.index
    let target = try muxer.newStream()
    if muxer.container.attachesCovers {
      let code = inrr_attach_picture(target.pointee.codecpar, source)
      try MediaError.check(code, .cannotWrite, "\(muxer.path): cannot attach stream \(index)")
      if code == 0 {
        StreamTags.copyCover(from: source, to: target, keepsTags: keepsTags)
        return (target, false)
      }
    }
    let copied = avcodec_parameters_copy(target.pointee.codecpar, source.pointee.codecpar)
    try MediaError.check(copied, .cannotWrite, "\(muxer.path): cannot copy stream \(index)")
    target.pointee.codecpar.pointee.codec_tag = inrr_copied_tag(
      muxer.container.format, source.pointee.codecpar)
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
  ///
  /// - Throws: `MediaError`; `.readFailed` where the source's disk or network fails.
  func copy(upTo limit: Int64?) throws {
    while try nextPacket() {
      let index = Int(packet.pointee.stream_index)
      guard var route = routes[index] else {
        drop()
        continue
      }
      if let limit, let time = packet.pointee.decodedTime,
        av_compare_ts(time, route.source.pointee.time_base, limit, .microseconds) > 0
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

  /// Copies a packet of each stream, or makes one where the file's beginning has none: some containers leave out empty
  /// streams.
  func copyFirstPackets() throws {
    var missing = Set(routes.keys)
    var read = 0
    // The packets of a pipe are needed for the output itself.
    while queue == nil && !missing.isEmpty && read < 500 {
      guard try nextPacket() else { break }
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
      guard let route = routes[index], (try? packet.fill([0, 0, 0, 0], path: "")) != nil else { continue }
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

  private func nextPacket() throws -> Bool {
    if let queue {
      // Packets that have not been read yet come later.
      if !isPending { isPending = queue.take(into: packet) }
      return isPending
    }
    var errors = 0
    while !isPending && !isAtEnd {
      let code = demuxer.read(packet)
      if code >= 0 {
        isPending = true
      } else if code == inrr_error_eof() {
        try demuxer.checkDisk()
        try demuxer.checkWhole()
        isAtEnd = true
      } else {
        try demuxer.checkDisk()
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

  /// Cuts the duration of the last packet of a sound to what is played of it: parsers take it for a whole packet.
  private func shorten(_ route: inout Route) {
    let stream = route.source.pointee
    let dts = packet.pointee.dts
    guard let parameters = stream.codecpar?.pointee, parameters.codec_type == AVMEDIA_TYPE_AUDIO,
      parameters.sample_rate > 0, dts != noTime
    else { return }
    let end = route.end ?? (queue == nil ? demuxer.announcedEnd(of: stream, first: dts) : nil) ?? .max
    route.end = end
    let rate = AVRational(num: 1, den: parameters.sample_rate)
    let skipped = av_rescale_q(inrr_skipped_at_end(packet), rate, stream.time_base)
    let left = min(packet.pointee.duration &- skipped, end.subtractingReportingOverflow(dts).partialValue)
    if left > 0 && left < packet.pointee.duration { packet.pointee.duration = left }
  }

  /// Brings the packet's times to the output's clock. They stay the same but never run backwards.
  private func rescale(_ route: inout Route) {
    let from = route.source.pointee.time_base
    let to = route.target.pointee.time_base
    guard let parameters = route.source.pointee.codecpar else { return }
    let (codec, dts) = (parameters.pointee, packet.pointee.dts)
    if codec.codec_type == AVMEDIA_TYPE_AUDIO, codec.sample_rate > 0, dts != noTime {
      var samples = av_get_audio_frame_duration2(parameters, packet.pointee.size)
      if samples <= 0 { samples = codec.frame_size }
      let fine = AVRational(num: 1, den: codec.sample_rate)
      let delta = packet.pointee.pts == noTime ? nil : av_rescale_q(packet.pointee.pts &- dts, from, to)
      let time = av_rescale_delta(from, dts, fine, samples, &route.lastAudio, to)
      packet.pointee.dts = time
      packet.pointee.pts = delta.map { time &+ $0 } ?? noTime
      packet.pointee.duration = av_rescale_q(packet.pointee.duration, from, to)
    } else {
      av_packet_rescale_ts(packet, from, to)
    }
    if muxer.container.lacksOpusDelay && codec.codec_id == AV_CODEC_ID_OPUS {
      let samples = Int64(route.target.pointee.codecpar.pointee.initial_padding)
      packet.moveTimes(by: av_rescale_q(samples, AVRational(num: 1, den: 48_000), to))
    }
    packet.pointee.stream_index = route.target.pointee.index
    packet.pointee.pos = -1
    if packet.pointee.dts == noTime { return }
    if let last = route.lastTime, codec.codec_type != AVMEDIA_TYPE_SUBTITLE {
      let isStrict = muxer.container.format.pointee.flags & AVFMT_TS_NONSTRICT == 0
      packet.decode(notBefore: last &+ (isStrict ? 1 : 0))
    }
    route.lastTime = packet.pointee.dts
  }
}
