internal import CFFmpeg
import Frames

/// Turns frames into packets; owns the encoder and, where one was asked for, the pixel converter.
final class VideoEncoder {
  /// The encoder's own until `deinit`, as is the packet.
  let context: CodecContextPointer
  private let packet: PacketPointer
  private let source: VideoProperties
  private let layout: PixelLayout
  private var converter: PixelConverter?
  private let path: String
  private let name: String
  /// Whether pictures were sent, and the end.
  private var (isBegun, isEnded) = (false, false)
  /// The last frame's time and duration, in the source's time base, and the time that the encoder was told.
  private var last: (time: Int64, duration: Int64, told: Int64)?
  /// Whether the encoder is told numbers of frames instead of times.
  private let countsFrames: Bool
  /// Times and durations until the packet appears: encoders lose them.
  private var times = FrameTimes()
  /// What pictures carry, by the time that the encoder was told, until their packets appear.
  private var carried: [Int64: PictureProperties] = [:]
  private var supplements: PacketSupplements?

  init(for output: OutputSetup) throws {
    (source, path) = (output.properties, output.path)
    let codec = output.choice.codec
    (layout, name) = (output.choice.layout, codec.name)
    countsFrames = FrameRateGrid.isUsed(by: codec, for: source)
    guard let context = avcodec_alloc_context3(codec), let packet = av_packet_alloc() else {
      throw MediaError.outOfMemory(path)
    }
    (self.context, self.packet) = (context, packet)
    // A codec that was never opened need not be told the end.
    isEnded = true
    VideoEncoder.describe(source, layout: layout, to: context, codec: codec)
    let container = output.container
    if container.format.pointee.flags & AVFMT_GLOBALHEADER != 0 {
      context.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
    }
    if container.hasOnlyDecodingTimes && output.settings.options["bf"] == nil {
      VideoEncoder.keepOrder(context, codec: codec)
    }
    let options = try EncoderOptions(
      codec: codec, context: context, source: source, settings: output.settings, path: path)
    try options.open(context, codec, path: path)
    isEnded = false
    converter = try VideoEncoder.converter(source: source, layout: layout, context: context, path: path)
    supplements = PacketSupplements(context: context, source: source)
  }

  deinit {
    // SVT-AV1 never returns from closing unless it was told that no more pictures come.
    if name == "libsvtav1" && !isEnded { drain() }
    context.free()
    packet.free()
  }

  /// Encodes a frame, or all that is left if nil, and hands over each packet that is ready.
  ///
  /// Time stamps of packets are in `timeBase`.
  func encode(_ frame: Frame?, to sink: (PacketPointer) throws -> Void) throws {
    let picture = try frame.map { try self.picture(for: $0) }
    defer { picture?.free() }
    let code = avcodec_send_frame(context, picture)
    if frame == nil { isEnded = true } else { isBegun = true }
    try MediaError.check(
      code, .cannotWrite, "\(path): the encoder \(name) failed\(frame.map { " at frame \($0.index)" } ?? "")")
    while true {
      let received = avcodec_receive_packet(context, packet)
      if received == inrr_error_again() || received == inrr_error_eof() { return }
      try MediaError.check(received, .cannotWrite, "\(path): the encoder \(name) failed")
      if let properties = carried.removeValue(forKey: packet.pointee.pts) {
        try supplements?.add(properties, to: packet, path: path)
      }
      let base = context.pointee.time_base
      times.restore(packet) { units in
        countsFrames ? units &* source.usualDuration : av_rescale_q(units, base, timeBase)
      }
      try sink(packet)
    }
  }

  /// Does ahead what the first picture would wait for: FFV1's encoder clears 150 bytes for each sample then.
  ///
  /// Encodes a blank picture, whose packet is dropped. Only where each picture is encoded by itself, so that this changes
  /// nothing of the others, and before the first one.
  func prepare() {
    guard name == "ffv1", context.pointee.gop_size == 1, !isBegun, let blank = try? newPicture(layout) else {
      return
    }
    layout.write(
      Frame(format: layout.frameFormat(width: source.format.width, height: source.format.height)), to: blank)
    blank.pointee.pts = 0
    if avcodec_send_frame(context, blank) >= 0 {
      while avcodec_receive_packet(context, packet) >= 0 { av_packet_unref(packet) }
    }
    blank.free()
  }

  /// The time base of packets, which is the source's.
  var timeBase: AVRational { source.timeBase }

  /// Tells the encoder the end and drops what it still gives.
  private func drain() {
    // An encoder that got no picture needs one before its end.
    if !isBegun, let blank = try? newPicture(layout) {
      blank.pointee.pts = 0
      avcodec_send_frame(context, blank)
      blank.free()
    }
    avcodec_send_frame(context, nil)
    while avcodec_receive_packet(context, packet) >= 0 { av_packet_unref(packet) }
  }

  /// The frame as a picture in the encoder's pixel format, with its time stamp.
  private func picture(for frame: Frame) throws -> PicturePointer {
    let made = try newPicture(layout)
    do {
      if let converter {
        let (width, height) = (source.format.width, source.format.height)
        try PicturePointer.with(source.layout, width: width, height: height, path: path) { unconverted in
          source.layout.write(frame, to: unconverted)
          try converter.convert(unconverted, to: made)
        }
      } else {
        layout.write(frame, to: made)
      }
    } catch {
      made.free()
      throw error
    }
    let timing = frame.attachment as? DecodedPicture
    let properties = timing?.properties ?? source.first
    if let properties { av_frame_copy_props(made, properties.picture) }
    inrr_frame_clear_key(made)
    made.pointee.sample_aspect_ratio = context.pointee.sample_aspect_ratio
    made.pointee.color_range = context.pointee.color_range
    made.pointee.colorspace = context.pointee.colorspace
    made.pointee.quality = context.pointee.global_quality
    setTime(of: made, timing)
    if supplements != nil { carried[made.pointee.pts] = timing?.properties }
    return made
  }

  private func newPicture(_ layout: PixelLayout) throws -> PicturePointer {
    try .make(layout, width: source.format.width, height: source.format.height, path: path)
  }

  /// Tells the encoder a time, strictly later than the last one, and remembers the frame's own for the packet.
  private func setTime(of picture: PicturePointer, _ timing: DecodedPicture?) {
    let base = context.pointee.time_base
    let duration = timing.flatMap { $0.duration > 0 ? $0.duration : nil } ?? source.usualDuration
    var (time, told) = (timing?.pts ?? 0, Int64(0))
    if let last {
      let following = last.time.addingReportingOverflow(last.duration).partialValue
      time = max(timing?.pts ?? following, last.time.addingReportingOverflow(1).partialValue)
      told = last.told.addingReportingOverflow(1).partialValue
    }
    if !countsFrames { told = max(av_rescale_q(time, timeBase, base), last == nil ? .min : told) }
    last = (time, duration, told)
    times.note(told: told, time: time, duration: duration)
    picture.pointee.pts = told
    inrr_frame_set_duration(picture, countsFrames ? 1 : max(1, av_rescale_q(duration, timeBase, base)))
  }
}
