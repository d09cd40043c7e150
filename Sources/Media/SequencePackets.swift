internal import CFFmpeg

/// The images of a sequence as packets, one after the other. Each has the number of its frame for a time, so that one
/// that can't be read, or that is not there, leaves a gap in the times and no other frame moves.
final class SequencePackets {
  private let sequence: ImageSequence
  private let format: UnsafePointer<AVInputFormat>
  /// The demuxer at work: the first one, which somebody else owns, or one of a later run.
  private var current: UnsafeMutablePointer<AVFormatContext>?
  private var owned: UnsafeMutablePointer<AVFormatContext>?
  /// The number of the image that comes next; nil after the last one.
  private var next: Int?

  init(_ sequence: ImageSequence, first: UnsafeMutablePointer<AVFormatContext>) {
    self.sequence = sequence
    format = UnsafePointer(first.pointee.iformat)
    current = first
    next = sequence.first
  }

  deinit { close() }

  /// Reads the next image that can be read. Returns FFmpeg's code, that of the end after the last one.
  func read(_ packet: UnsafeMutablePointer<AVPacket>) -> Int32 {
    while let number = next {
      if current == nil { open(at: number) }
      let code = current.map { av_read_frame($0, packet) } ?? inrr_error_eof()
      let following = self.following(number)
      // Files after one that can't be read, or after a gap, are another demuxer's.
      if code < 0 || following != number + 1 { close() }
      next = following
      if code < 0 && inrr_errno_of(code) == ENOMEM { return code }
      if code < 0 { continue }
      packet.pointee.pts = Int64(number - sequence.first)
      packet.pointee.dts = packet.pointee.pts
      return code
    }
    return inrr_error_eof()
  }

  private func following(_ number: Int) -> Int? {
    guard let run = sequence.runs.first(where: { $0.upperBound > number }) else { return nil }
    return max(number + 1, run.lowerBound)
  }

  private func open(at number: Int) {
    var options = Demuxer.options(startNumber: number)
    defer { av_dict_free(&options) }
    var opened: UnsafeMutablePointer<AVFormatContext>?
    guard avformat_open_input(&opened, sequence.url, format, &options) >= 0 else { return }
    (owned, current) = (opened, opened)
  }

  private func close() {
    if owned != nil { avformat_close_input(&owned) }
    current = nil
  }
}
