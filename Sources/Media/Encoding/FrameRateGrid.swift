internal import CFFmpeg

/// Encoders that count frames instead of measuring time. They get the number of the frame, or a clock as coarse as their
/// own; `FrameTimes` puts the times back into their packets, where containers and players look for them.
struct FrameRateGrid {
  /// The rates that MPEG-1 and MPEG-2 have a code for.
  static let rates = [
    AVRational(num: 24000, den: 1001), AVRational(num: 24, den: 1), AVRational(num: 25, den: 1),
    AVRational(num: 30000, den: 1001), AVRational(num: 30, den: 1), AVRational(num: 50, den: 1),
    AVRational(num: 60000, den: 1001), AVRational(num: 60, den: 1),
  ]

  /// Whether a codec's clock counts frames of a constant rate.
  static func isUsed(by codec: UnsafePointer<AVCodec>, for source: VideoProperties) -> Bool {
    if codec.pointee.id == AV_CODEC_ID_THEORA { return source.steadyRate != nil }
    return [AV_CODEC_ID_MPEG1VIDEO, AV_CODEC_ID_MPEG2VIDEO].contains(codec.pointee.id)
  }

  /// The rate to write into the pictures: what the source's pictures say, or the rate that is nearest to the frames' own.
  static func rate(for source: VideoProperties, codec: UnsafePointer<AVCodec>) -> AVRational {
    if let rate = source.steadyRate, codec.pointee.id == AV_CODEC_ID_THEORA { return rate }
    let coded = source.codedFrameRate
    if coded.num > 0, let same = rates.first(where: { av_cmp_q($0, coded) == 0 }) { return same }
    let wanted = source.frameRate.isKnown ? av_q2d(source.frameRate) : 25
    // By ratio: half the rate is as far away as twice the rate.
    func distance(_ rate: AVRational) -> Double { max(av_q2d(rate) / wanted, wanted / av_q2d(rate)) }
    return rates.min { distance($0) < distance($1) } ?? AVRational(num: 25, den: 1)
  }
}

/// The times of the frames that an encoder holds, by the times that the encoder was told.
struct FrameTimes {
  private var times: [Int64: (time: Int64, duration: Int64)] = [:]
  /// The first frame, from which decoding times before it are computed.
  private var first: (told: Int64, time: Int64)?

  mutating func note(told: Int64, time: Int64, duration: Int64) {
    times[told] = (time, duration)
    first = first ?? (told, time)
  }

  /// Puts the real times into a packet.
  ///
  /// - Parameter step: converts a difference of the encoder's times; used for times before the first frame.
  mutating func restore(_ packet: PacketPointer, step: (Int64) -> Int64) {
    let (pts, dts) = (packet.pointee.pts, packet.pointee.dts)
    if let known = times[pts] {
      packet.pointee.pts = known.time
      packet.pointee.duration = known.duration
    }
    guard dts != noTime else { return }
    if let known = times[dts] {
      packet.pointee.dts = known.time
    } else if let first {
      packet.pointee.dts = first.time &+ step(dts &- first.told)
    }
    // Later packets are decoded later.
    times = times.filter { $0.key >= dts }
  }
}
