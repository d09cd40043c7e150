internal import CFFmpeg

/// What reading a file's packets showed: how many the video has, where they end, and what went wrong.
struct PacketTally {
  /// Packets of the stream that is read.
  private(set) var packets = 0
  /// Packets of any stream that the container flags as damaged.
  private(set) var corrupt = 0
  /// Where the packets of all streams end, in microseconds on the file's clock.
  private(set) var end: Int64?
  /// Where the packets of the stream that is read end.
  private(set) var videoEnd: Int64?
  /// The first error of reading other than the end of the file.
  private(set) var readError: Int32?
  private var readErrors = 0

  /// Takes a packet of any stream into account; true if it is one of `stream`.
  mutating func note(
    _ packet: PacketPointer, in demuxer: Demuxer, of stream: StreamPointer
  ) -> Bool {
    if packet.pointee.flags & AV_PKT_FLAG_CORRUPT != 0 { corrupt += 1 }
    let own = end(of: packet, in: demuxer)
    if let own { end = max(end ?? own, own) }
    if packet.pointee.stream_index != stream.pointee.index { return false }
    packets += 1
    if let own { videoEnd = max(videoEnd ?? own, own) }
    return true
  }

  /// Takes an error of reading into account; false where nothing more can be read.
  ///
  /// Some demuxers go on behind the damage; after 100 errors reading ends, because others report errors for ever.
  mutating func goesOn(after code: Int32) -> Bool {
    if code == inrr_error_eof() { return false }
    readErrors += 1
    if code != inrr_error_again() { readError = readError ?? code }
    return readErrors <= 100 && (code == inrr_error_again() || code == inrr_error_invalid_data())
  }

  private func end(of packet: PacketPointer, in demuxer: Demuxer) -> Int64? {
    guard let time = packet.pointee.shownTime, let list = demuxer.context.pointee.streams,
      let stream = list[Int(packet.pointee.stream_index)]
    else { return nil }
    let (stop, overflow) = time.addingReportingOverflow(max(0, packet.pointee.duration))
    if overflow { return nil }
    return av_rescale_q(stop, stream.pointee.time_base, .microseconds) &+ demuxer.origin
  }
}
