internal import CFFmpeg

/// Counts a file's pictures without decoding any.
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
    let video = try VideoStreamChoice.stream(of: demuxer, wanted: stream).pointee.index
    for stream in demuxer.streams {
      stream.pointee.discard = stream.pointee.index == video ? AVDISCARD_DEFAULT : AVDISCARD_ALL
    }
    var count = 0
    var tally = PacketTally()
    try demuxer.forEachPacket(&tally) { packet, _ in
      if isCancelled() { return false }
      // What an edit list cuts away is decoded and not shown.
      let isHidden = packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0
      if packet.pointee.stream_index == video && !isHidden { count += 1 }
      return true
    }
    return count
  }
}
