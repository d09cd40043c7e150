internal import CFFmpeg

/// A look at a file's packets without decoding any.
public enum PacketScan {
  /// The number of pictures that the video of a file holds, which is right for almost all files.
  ///
  /// - Parameters:
  ///   - stream: the number of the video stream; nil for the one that is read without one.
  ///   - isCancelled: asked often; true ends the scan with what was found so far.
  /// - Throws: `MediaError` where the file can't be opened.
  public static func countFrames(
    _ path: String, stream: Int? = nil, gaps: SequenceGaps = .refused, isCancelled: () -> Bool = { false }
  ) throws -> Int {
    let demuxer = try Demuxer(path: path, gaps: gaps)
    if let sequence = demuxer.sequence { return sequence.count }
    let video = Int(try VideoStreamChoice.stream(of: demuxer, wanted: stream).pointee.index)
    for (index, stream) in demuxer.streams.enumerated() {
      stream.pointee.discard = index == video ? AVDISCARD_DEFAULT : AVDISCARD_ALL
    }
    let packet = try MediaError.allocated(av_packet_alloc(), path)
    defer {
      var packet: UnsafeMutablePointer<AVPacket>? = packet
      av_packet_free(&packet)
    }
    var count = 0
    var errors = 0
    while errors < 100 && !isCancelled() {
      let code = demuxer.read(packet)
      if code == inrr_error_eof() { break }
      if code < 0 {
        errors += 1
        continue
      }
      // What an edit list cuts away is decoded and not shown.
      if Int(packet.pointee.stream_index) == video && packet.pointee.flags & AV_PKT_FLAG_DISCARD == 0 {
        count += 1
      }
      av_packet_unref(packet)
    }
    return count
  }
}
