internal import CFFmpeg

/// Gives each decoded picture its time stamp: the decoder's, or one that follows from the frame before.
struct FrameClock {
  private let timeBase: AVRational
  private let usualDuration: Int64
  private var first: Int64?
  private var last: DecodedPicture?

  init(stream: StreamPointer) {
    timeBase = stream.pointee.time_base
    usualDuration = max(1, stream.pointee.avg_frame_rate.frameDuration(in: timeBase) ?? 1)
  }

  /// Time stamp, duration and flags of the next picture. Time stamps rise strictly.
  mutating func timing(of picture: PicturePointer) -> DecodedPicture {
    let pts = picture.pointee.pts
    var time = pts != noTime ? pts : picture.pointee.best_effort_timestamp
    if let last {
      let step = last.duration > 0 ? last.duration : usualDuration
      if time == noTime || time <= last.pts { time = last.pts.addingReportingOverflow(step).partialValue }
    } else if time == noTime {
      time = 0
    }
    first = first ?? time
    let flags = picture.pointee.flags
    let timing = DecodedPicture(
      pts: time, duration: max(0, inrr_frame_duration(picture)), isKey: inrr_frame_is_key(picture) != 0,
      isInterlaced: inrr_frame_is_interlaced(picture) != 0,
      isCorrupt: flags & AV_FRAME_FLAG_CORRUPT != 0 || picture.pointee.decode_error_flags != 0)
    last = timing
    return timing
  }

  /// Forgets the frame before, once others are read than those that follow it.
  mutating func goOn() { last = nil }

  /// Seconds from the first frame on.
  func seconds(_ pts: Int64) -> Double {
    (Double(pts) - Double(first ?? 0)) * av_q2d(timeBase)
  }
}
