internal import CFFmpeg

/// A frame from which on a video can be decoded without those before it.
public struct SeekPoint: Sendable, Codable, Equatable {
  /// The frame's number.
  public var frame: Int
  /// Its presentation time stamp in units of the stream's time base.
  public var time: Int64

  public init(frame: Int, time: Int64) { (self.frame, self.time) = (frame, time) }
}

extension VideoReader {
  /// Whether reading can begin in the middle: sequences of images, containers with an index of key frames by their times, and
  /// transport streams, whose packets say their times; with clocks that do not jump as far as was read. Others have to be decoded
  /// from their beginning.
  public var canSeek: Bool {
    if demuxer.isReadOnce { return false }
    if demuxer.sequence != nil { return true }
    let isIndexed =
      demuxer.isMatroska || demuxer.isQuickTime || (demuxer.isAVI && demuxer.hasIndex(of: decoder.stream))
    return (isIndexed || demuxer.isTransportStream) && demuxer.hasOneClock
  }

  /// Goes to a frame, which `nextFrame()` gives next, with the number and the samples that it would have had: the container's
  /// index leads to a key frame at or before it, and what that gives before the frame is passed over.
  ///
  /// - Parameter point: a key frame, as it was read from the same file before.
  /// - Returns: false where that frame is not found by its time; the reader is of no more use then.
  /// - Throws: `MediaError`.
  public func seek(to point: SeekPoint) throws -> Bool {
    noteBeginning()
    guard canSeek, point.frame >= 0, demuxer.seek(stream: decoder.stream, to: point.time) else {
      return false
    }
    decoder.flush()
    var picture = try decoder.next()
    while let found = picture {
      let pts = found.pointee.pts
      let time = pts != noTime ? pts : found.pointee.best_effort_timestamp
      if time == point.time {
        // Pictures before a key frame that refer to others were decoded without them.
        _ = decoder.log.takeLines()
        begin(with: found, number: point.frame)
        return true
      }
      if time == noTime || time > point.time { return false }
      picture = try decoder.next()
    }
    return false
  }

  /// Goes to the last key frame at or before a time, by the container's index. What `nextFrame()` gives from there on has numbers
  /// that count from anywhere; what it gives first may be damaged, where pictures refer to others before.
  ///
  /// - Parameter time: a time stamp in units of the stream's time base.
  /// - Returns: false where that is not possible; the reader is of no more use then.
  /// - Throws: `MediaError`.
  public func seek(before time: Int64) throws -> Bool {
    noteBeginning()
    guard canSeek, demuxer.seek(stream: decoder.stream, to: time) else { return false }
    decoder.flush()
    guard let picture = try decoder.next() else { return false }
    _ = decoder.log.takeLines()
    begin(with: picture, number: 0)
    return true
  }
}

extension Demuxer {
  /// Whether the times of all packets so far are the file's own.
  var hasOneClock: Bool { packets.hasOneClock }

  /// Microseconds by which packets may be decoded before they are shown, and pictures come that are decoded after.
  private static let lead: Int64 = 2_000_000

  /// Goes to the last key frame at or before a time, by the container's index; in transport streams, which have none, to some
  /// packet that comes before that frame.
  func seek(stream: StreamPointer, to time: Int64) -> Bool {
    if let sequencePackets { return sequencePackets.seek(to: time) }
    var time = time &+ packets.origin(in: stream)
    // Packets are found by when they are decoded, and a key frame comes with pictures that are shown before it.
    if isTransportStream { time = time &- av_rescale_q(Self.lead, .microseconds, stream.pointee.time_base) }
    let (code, _) = FFmpegLog.capturing {
      av_seek_frame(context, stream.pointee.index, time, AVSEEK_FLAG_BACKWARD)
    }
    if code < 0 { return false }
    packets.forget()
    given = nil
    return true
  }
}
