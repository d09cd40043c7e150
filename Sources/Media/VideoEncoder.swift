internal import CFFmpeg
import Frames

/// Turns frames into packets; owns the encoder and, where one was asked for, the pixel converter.
final class VideoEncoder {
  /// The encoder's own until `deinit`, as is the packet.
  let context: UnsafeMutablePointer<AVCodecContext>
  private let packet: UnsafeMutablePointer<AVPacket>
  private let source: VideoProperties
  private let layout: PixelLayout
  private let converter: PixelConverter?
  private let path: String
  private let name: String
  /// Whether pictures were sent, and the end.
  private var (isBegun, isEnded) = (false, false)
  /// The last frame's time and duration, in the source's time base, and what the encoder was told.
  private var last: (time: Int64, duration: Int64, told: Int64)?
  /// Whether the encoder is told numbers of frames instead of times.
  private let countsFrames: Bool
  /// Times and durations until the packet appears: encoders lose them.
  private var times = FrameTimes()
  /// What pictures carry, by what the encoder was told, until their packets appear.
  private var carried: [Int64: PictureProperties] = [:]
  private let supplements: PacketSupplements?

  init(
    choice: EncoderChoice, source: VideoProperties, settings: EncodeSettings,
    container: UnsafePointer<AVOutputFormat>, path: String
  ) throws {
    self.source = source
    self.path = path
    layout = choice.layout
    name = choice.name
    countsFrames = FrameRateGrid.isUsed(by: choice.codec, for: source)
    // Everything that may throw comes before the handles are kept, so that `deinit` alone frees them.
    var allocated = avcodec_alloc_context3(choice.codec)
    var buffer = av_packet_alloc()
    guard let opened = allocated, let packet = buffer else {
      avcodec_free_context(&allocated)
      av_packet_free(&buffer)
      throw MediaError.outOfMemory(path)
    }
    do {
      VideoEncoder.describe(source, layout: choice.layout, to: opened, codec: choice.codec)
      if container.pointee.flags & AVFMT_GLOBALHEADER != 0 {
        opened.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER
      }
      if ContainerRules.hasOnlyDecodingTimes(container) && settings.options["bf"] == nil {
        VideoEncoder.keepOrder(opened, codec: choice.codec)
      }
      let options = try EncoderOptions(
        codec: choice.codec, context: opened, source: source, settings: settings, path: path)
      try options.open(opened, choice.codec, path: path)
      converter = try VideoEncoder.converter(
        source: source, layout: choice.layout, context: opened, path: path)
    } catch {
      avcodec_free_context(&allocated)
      av_packet_free(&buffer)
      throw error
    }
    context = opened
    self.packet = packet
    supplements = PacketSupplements(context: opened, source: source)
  }

  deinit {
    // SVT-AV1 waits for ever where it is closed before it was told that no more pictures come.
    if name == "libsvtav1" && !isEnded { drain() }
    var context: UnsafeMutablePointer<AVCodecContext>? = context
    avcodec_free_context(&context)
    var packet: UnsafeMutablePointer<AVPacket>? = packet
    av_packet_free(&packet)
  }

  /// Encodes a frame, or all that is left if nil, and hands over each packet that is ready.
  ///
  /// Time stamps of packets are in `timeBase`.
  func encode(_ frame: Frame?, to sink: (UnsafeMutablePointer<AVPacket>) throws -> Void) throws {
    var picture: UnsafeMutablePointer<AVFrame>?
    defer { av_frame_free(&picture) }
    if let frame { picture = try self.picture(for: frame) }
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

  /// The time base of packets, which is the source's.
  var timeBase: AVRational { source.timeBase }

  /// Has the encoder end what it began, to no avail.
  private func drain() {
    // The end of no picture at all is waited for too.
    if !isBegun {
      var blank = try? newPicture(layout)
      blank?.pointee.pts = 0
      avcodec_send_frame(context, blank)
      av_frame_free(&blank)
    }
    avcodec_send_frame(context, nil)
    while avcodec_receive_packet(context, packet) >= 0 { av_packet_unref(packet) }
  }

  /// The frame as a picture in the encoder's pixel format, with its time stamp.
  private func picture(for frame: Frame) throws -> UnsafeMutablePointer<AVFrame> {
    let isConverted = converter != nil
    var made = try newPicture(isConverted ? source.layout : layout)
    (isConverted ? source.layout : layout).write(frame, to: made)
    var unneeded: UnsafeMutablePointer<AVFrame>?
    defer { av_frame_free(&unneeded) }
    if let converter {
      unneeded = made
      var target: UnsafeMutablePointer<AVFrame>? = try newPicture(layout)
      guard let converted = target else { return made }
      do {
        try converter.convert(made, to: converted)
      } catch {
        av_frame_free(&target)
        throw error
      }
      made = converted
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

  private func newPicture(_ layout: PixelLayout) throws -> UnsafeMutablePointer<AVFrame> {
    try layout.newPicture(width: source.format.width, height: source.format.height, path: path)
  }

  /// Tells the encoder a time, strictly later than the last one, and remembers the frame's own for the packet.
  private func setTime(of picture: UnsafeMutablePointer<AVFrame>, _ timing: DecodedPicture?) {
    let base = context.pointee.time_base
    var duration = timing?.duration ?? 0
    if duration <= 0 { duration = source.usualDuration }
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
