internal import CFFmpeg

/// Counts the packets of every stream of a file, and keeps the time stamps of its video.
final class PacketSurvey {
  struct Counts {
    var packets = 0
    /// Packets that are decoded and not shown: what an edit list cuts away.
    var hidden = 0
    var keys = 0
    var corrupt = 0
    var bytes: Int64 = 0
    /// Where the stream begins and ends, in seconds.
    var start: Double?
    var end: Double?
  }

  private let demuxer: Demuxer
  private let video: Int
  private(set) var counts: [Int: Counts] = [:]
  /// Time stamps of the video's shown packets, in its time base.
  private(set) var times: [Int64] = []
  private(set) var missingTimes = 0

  /// - Parameter stream: the number of the video stream; nil for the one that is read without one.
  init(demuxer: Demuxer, stream: Int?) {
    self.demuxer = demuxer
    let found = try? VideoStreamChoice.stream(of: demuxer, wanted: stream)
    video = found.map { Int($0.pointee.index) } ?? -1
  }

  /// The video's stream.
  var stream: StreamPointer? {
    let streams = demuxer.streams
    return streams.indices.contains(video) ? streams[video] : nil
  }

  var start: Double? { counts.values.compactMap(\.start).min() }
  var end: Double? { counts.values.compactMap(\.end).max() }

  /// Reads to the end of the file, or as far as it can be read.
  ///
  /// - Returns: what reading showed of the video.
  func run(isCancelled: () -> Bool) throws -> PacketTally {
    var tally = PacketTally()
    try demuxer.forEachPacket(&tally) { packet, tally in
      if isCancelled() { return false }
      let streams = demuxer.streams
      let index = Int(packet.pointee.stream_index)
      if streams.indices.contains(video) { _ = tally.note(packet, in: demuxer, of: streams[video]) }
      if streams.indices.contains(index) { note(packet, of: streams[index]) }
      return true
    }
    return tally
  }

  private func note(_ packet: PacketPointer, of stream: StreamPointer) {
    let index = Int(stream.pointee.index)
    let (flags, pts) = (packet.pointee.flags, packet.pointee.pts)
    let isHidden = flags & AV_PKT_FLAG_DISCARD != 0
    var own = counts[index] ?? Counts()
    own.packets += 1
    own.bytes += Int64(packet.pointee.size)
    if isHidden { own.hidden += 1 }
    if flags & AV_PKT_FLAG_KEY != 0 { own.keys += 1 }
    if flags & AV_PKT_FLAG_CORRUPT != 0 { own.corrupt += 1 }
    if let time = packet.pointee.shownTime, !isHidden {
      let unit = av_q2d(stream.pointee.time_base)
      let begin = Double(time) * unit
      own.start = min(own.start ?? begin, begin)
      own.end = max(own.end ?? begin, begin + Double(max(0, packet.pointee.duration)) * unit)
    }
    counts[index] = own
    if index != video || isHidden { return }
    if pts == noTime { missingTimes += 1 } else { times.append(pts) }
  }
}
