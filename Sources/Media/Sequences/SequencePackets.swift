internal import CFFmpeg

/// The images of a sequence as packets, one after the other. The time of a packet is the number of its frame: an image
/// that is missing or can't be read leaves a gap, and all others keep their times.
final class SequencePackets {
  private let sequence: ImageSequence
  private let format: UnsafePointer<AVInputFormat>
  /// The demuxer in use: the first one, which `Demuxer` owns, or `owned`, that of a later run of images.
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
  func read(_ packet: PacketPointer) -> Int32 {
    while let number = next {
      if current == nil { open(at: number) }
      let code = current.map { av_read_frame($0, packet) } ?? inrr_error_eof()
      let following = self.following(number)
      // FFmpeg's demuxer ends at an image that can't be read and at a gap: another one reads what follows.
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

  /// Has the image of a frame be read next.
  ///
  /// - Returns: false where the frame has none.
  func seek(to frame: Int64) -> Bool {
    guard let number = Int(exactly: frame).map({ sequence.first.addingReportingOverflow($0) }),
      !number.overflow,
      sequence.runs.contains(where: { $0.contains(number.partialValue) })
    else { return false }
    close()
    next = number.partialValue
    return true
  }

  private func following(_ number: Int) -> Int? {
    guard let run = sequence.runs.first(where: { $0.upperBound > number }) else { return nil }
    return max(number + 1, run.lowerBound)
  }

  private func open(at number: Int) {
    var options = Demuxer.options(startNumber: number, url: sequence.url)
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
