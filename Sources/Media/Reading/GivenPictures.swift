internal import CFFmpeg

/// What the demuxer of Matroska has given of a file's first video, to be compared with what the file holds.
///
/// Where FFmpeg gets no memory for a cluster, it goes on at the next one, without an error and without a message; behind the last it
/// says that the file ends.
struct GivenPictures {
  private let stream: StreamPointer
  private(set) var packets = 0
  /// Where the first packet lies, in bytes.
  private(set) var place: Int?
  /// Where packets of the video begin and end, and where those of all streams end, in microseconds.
  private var times: (start: Int64, end: Int64)?
  private var lastEnd = Int64.min

  /// Nil for other containers, and where there is no video.
  init?(_ context: UnsafeMutablePointer<AVFormatContext>) {
    guard let name = context.pointee.iformat.pointee.name, String(cString: name).hasPrefix("matroska"),
      let list = context.pointee.streams
    else { return nil }
    let streams = (0..<Int(context.pointee.nb_streams)).compactMap { list[$0] }
    let first = streams.first { stream in
      stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO && !stream.isCover
    }
    guard let first else { return nil }
    stream = first
  }

  /// The number of the video's stream.
  var index: Int { Int(stream.pointee.index) }

  mutating func note(_ packet: PacketPointer, in context: UnsafeMutablePointer<AVFormatContext>) {
    let isOwn = Int(packet.pointee.stream_index) == index
    if isOwn {
      packets += 1
      if place == nil && packet.pointee.pos >= 0 { place = Int(packet.pointee.pos) }
    }
    guard let time = packet.pointee.shownTime, packet.pointee.stream_index >= 0,
      packet.pointee.stream_index < context.pointee.nb_streams,
      let source = context.pointee.streams?[Int(packet.pointee.stream_index)],
      source.pointee.time_base.isKnown
    else { return }
    let start = av_rescale_q(time, source.pointee.time_base, .microseconds)
    let length = av_rescale_q(max(0, packet.pointee.duration), source.pointee.time_base, .microseconds)
    let (end, overflow) = start.addingReportingOverflow(length)
    if overflow { return }
    lastEnd = max(lastEnd, end)
    if isOwn { times = (min(times?.start ?? start, start), max(times?.end ?? end, end)) }
  }

  /// Whether the packets are fewer than the time that they take stands for, or end before the file does. Of other files nothing was
  /// passed over, and they need not be looked through.
  func seemIncomplete(in demuxer: Demuxer) -> Bool {
    let rate = stream.pointee.avg_frame_rate
    guard let times, rate.isKnown else { return false }
    let seconds = (Double(times.end) - Double(times.start)) / 1e6
    if Double(packets) + 0.5 < seconds * av_q2d(rate) { return true }
    // The header counts all streams.
    let isPart = demuxer.streams.contains { $0.pointee.discard == AVDISCARD_ALL }
    let end = isPart ? lastEnd : max(lastEnd, demuxer.context.pointee.duration)
    return Double(times.end) / 1e6 < Double(end) / 1e6 - 0.9 / av_q2d(rate)
  }
}
