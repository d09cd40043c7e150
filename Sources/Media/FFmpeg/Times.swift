internal import CFFmpeg

/// What FFmpeg has for a time that is not known (`AV_NOPTS_VALUE`).
let noTime = Int64.min

extension AVPacket {
  /// When the packet is shown, or decoded where it does not say so; nil where it says neither.
  var shownTime: Int64? { pts != noTime ? pts : dts != noTime ? dts : nil }
  /// When the packet is decoded, or shown where it does not say so; nil where it says neither.
  var decodedTime: Int64? { dts != noTime ? dts : pts != noTime ? pts : nil }
}

extension PacketPointer {
  /// Adds to the times that the packet says, in units of its time base.
  func moveTimes(by units: Int64) {
    if pointee.pts != noTime { pointee.pts &+= units }
    if pointee.dts != noTime { pointee.dts &+= units }
  }

  /// Delays a packet that is decoded too early, such as one whose time a coarse clock rounds to that of the one before.
  func decode(notBefore earliest: Int64) {
    if pointee.dts == noTime || pointee.dts >= earliest { return }
    pointee.dts = earliest
    if pointee.pts != noTime { pointee.pts = Swift.max(pointee.pts, earliest) }
  }
}

extension AVRational {
  /// The time base of FFmpeg's files: microseconds.
  static let microseconds = AVRational(num: 1, den: 1_000_000)
  /// A rate or shape of samples that is not known.
  static let unknown = AVRational(num: 0, den: 1)

  var isKnown: Bool { num > 0 && den > 0 }
  var inverse: AVRational { AVRational(num: den, den: num) }

  /// How long a frame lasts at this rate, in units of a time base; nil where one of them is not known.
  func frameDuration(in base: AVRational) -> Int64? {
    isKnown && base.isKnown ? av_rescale_q(1, inverse, base) : nil
  }
}
