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
  /// Whether reading can begin in the middle: containers with an index of key frames by their times, and clocks that do not
  /// jump as far as was read. Others have to be decoded from their beginning.
  public var canSeek: Bool {
    (demuxer.isMatroska || demuxer.isQuickTime) && !demuxer.isReadOnce && demuxer.hasOneClock
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
}

extension Demuxer {
  /// Whether the times of all packets so far are the file's own.
  var hasOneClock: Bool { packets.hasOneClock }

  /// Goes to the last key frame at or before a time, by the container's index.
  func seek(stream: StreamPointer, to time: Int64) -> Bool {
    let (code, _) = FFmpegLog.capturing {
      av_seek_frame(context, stream.pointee.index, time, AVSEEK_FLAG_BACKWARD)
    }
    if code < 0 { return false }
    packets.forget()
    return true
  }
}
