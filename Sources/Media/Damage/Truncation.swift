internal import CFFmpeg

/// Tells a file whose end is missing from one that ends where it should.
enum Truncation {
  /// Why the file seems to end too early, after everything in it was read; nil if it does not.
  static func reason(
    demuxer: Demuxer, stream: StreamPointer, tally: PacketTally, indexedPackets: Int
  ) -> String? {
    if let code = tally.readError { return "reading stopped: \(MediaError.cause(of: code))" }
    let messages = demuxer.log.takeLines()
    if messages.contains(where: { $0.contains("prematurely") || $0.contains("partial file") }) {
      return "the file ends in the middle"
    }
    if let message = messages.first(where: { isOfLostPackets($0, demuxer) }) {
      return "parts of the file could not be read (\(message)), so frames or sound may be missing"
    }
    if let io = demuxer.context.pointee.pb, io.pointee.error < 0, io.pointee.error != inrr_error_eof() {
      return "reading stopped: \(MediaError.cause(of: io.pointee.error))"
    }
    if let rest = brokenPacket(demuxer) { return rest }
    if tally.packets < indexedPackets {
      return "the file announces \(indexedPackets) frames and holds \(tally.packets)"
    }
    if demuxer.passedOver > 0 {
      return
        "the file holds \(tally.packets + demuxer.passedOver) frames, of which FFmpeg passed over \(demuxer.passedOver)"
    }
    if FileEnd.isWhole(demuxer) == true { return nil }
    let announced = stream.pointee.nb_frames
    let least = Double(announced) * 0.98 - 2
    if indexedPackets == 0, announced > 0, Double(tally.packets) < least,
      framesReached(stream, tally).map({ $0 < least }) ?? true
    {
      return "the file announces \(announced) frames and holds \(tally.packets)"
    }
    return missingTime(demuxer: demuxer, stream: stream, tally: tally)
  }

  /// Whether a message of FFmpeg's says that a demuxer passed over damage. Without an error of reading it goes on at the next
  /// cluster of Matroska and the next page of Ogg, and no decoder sees what was between.
  private static func isOfLostPackets(_ message: String, _ demuxer: Demuxer) -> Bool {
    // All that the demuxer of Matroska calls an error is of this kind.
    demuxer.isMatroska || demuxer.formatName == "ogg" && message.contains("CRC mismatch")
  }

  /// The number of frames that the end of the video stands for: some containers leave out frames that repeat the picture.
  private static func framesReached(_ stream: StreamPointer, _ tally: PacketTally) -> Double? {
    let rate = stream.pointee.avg_frame_rate
    guard let end = tally.videoEnd, rate.isKnown else { return nil }
    return Double(end) / 1e6 * av_q2d(rate)
  }

  /// Transport streams have no mark at their end: one that was cut almost never ends with a whole packet.
  private static func brokenPacket(_ demuxer: Demuxer) -> String? {
    guard demuxer.formatName == "mpegts", let io = demuxer.context.pointee.pb else { return nil }
    let size = avio_size(io)
    // Plain packets, with a time stamp before, or with check bytes behind.
    if size <= 0 || [188, 192, 204].contains(where: { size % $0 == 0 }) { return nil }
    return "the file ends in the middle of a packet"
  }

  /// Compares the duration in the header with where the last packet of any stream ends.
  private static func missingTime(
    demuxer: Demuxer, stream: StreamPointer, tally: PacketTally
  ) -> String? {
    let context = demuxer.context.pointee
    guard context.duration_estimation_method == AVFMT_DURATION_FROM_STREAM, context.duration > 0,
      !demuxer.isImageSequence, let end = tally.end
    else { return nil }
    let start = context.start_time == noTime ? 0 : context.start_time
    let (held, overflow) = end.subtractingReportingOverflow(start)
    if overflow { return nil }
    // Some containers count from zero, whenever their first packet comes.
    let reached = max(held, end)
    let announced = Double(context.duration) / 1e6
    let rate = stream.pointee.avg_frame_rate
    let frame = rate.isKnown ? 1 / av_q2d(rate) : 0.04
    if Double(reached) / 1e6 >= announced - (0.1 + 3.5 * frame + 0.01 * announced) { return nil }
    return "the file announces \(seconds(announced)) and ends after \(seconds(Double(held) / 1e6))"
  }

  private static func seconds(_ value: Double) -> String { "\((value * 100).rounded() / 100) s" }
}
