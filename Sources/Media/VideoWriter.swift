internal import CFFmpeg
import Frames
internal import TIFF

/// Encodes frames into a video file, beside everything else that the source file holds.
///
/// The file appears under its name when `finish()` returns, complete, or not at all.
public final class VideoWriter {
  public let path: String
  public let format: FrameFormat
  /// One sentence for each stream of the source that the output's container refuses or that was cut short.
  public private(set) var warnings: [String] = []
  /// FFmpeg's names of the encoder and of the pixel format that it gets.
  public let encoderName: String
  public let pixelFormat: String

  private let output: OutputFile
  private let muxer: Muxer
  private let encoder: VideoEncoder
  /// What picture files say beside their samples, and the reader they come from.
  private var stills: StillFiles
  private let source: Demuxer?
  private let firstImageNumber: Int
  /// The muxer's.
  private let stream: UnsafeMutablePointer<AVStream>
  private var copier: StreamCopier?
  /// Whether TIFF files are written as they were read but for their samples.
  private let keepsPages: Bool
  private var losses: LossLog?
  private var framesWritten = 0
  private var lastTime: Int64?
  private var isOpen = true

  /// Starts a file with the properties of `source`, whose other streams are copied into it.
  ///
  /// - Throws: `MediaError`: `.exists`, `.cannotWrite`, `.unsupported` or `.diskFull`.
  public convenience init(path: String, source: VideoReader, settings: EncodeSettings, overwrite: Bool) throws
  {
    try self.init(
      path: path, properties: VideoProperties(source: source), source: source, settings: settings,
      overwrite: overwrite)
  }

  /// Starts a file of frames that come from nowhere in particular, `frameRate` of them a second.
  ///
  /// - Throws: `MediaError`: `.exists`, `.cannotWrite`, `.unsupported` or `.diskFull`.
  public convenience init(
    path: String, format: FrameFormat, frameRate: Rational, settings: EncodeSettings = EncodeSettings(),
    overwrite: Bool = false
  ) throws {
    FFmpegLog.install()
    let properties = try VideoProperties(format: format, frameRate: frameRate, path: path)
    try self.init(path: path, properties: properties, source: nil, settings: settings, overwrite: overwrite)
  }

  private init(
    path: String, properties: VideoProperties, source: VideoReader?, settings: EncodeSettings, overwrite: Bool
  ) throws {
    self.path = StandardStream.outputName(path)
    format = properties.format
    let container = try ContainerChoice.format(for: path, settings: settings, source: source)
    let isImages = String(cString: container.pointee.name) == "image2"
    output = try OutputFile(path: path, isImages: isImages, overwrite: overwrite)
    muxer = try Muxer(path: path, temporaryPath: output.temporaryPath, format: container)
    var properties = properties
    properties.steadyRate = try SteadyRate.check(source, in: muxer)
    let choice = try EncoderChoice(
      settings: settings, source: properties, container: muxer.format, path: path)
    encoderName = choice.name
    pixelFormat = choice.layout.name
    encoder = try VideoEncoder(
      choice: choice, source: properties, settings: settings, container: muxer.format,
      path: path)
    let setup = try WriterSetup(
      muxer: muxer, encoder: encoder, properties: properties, source: source, streams: settings.streams)
    stream = setup.stream
    copier = setup.copier
    warnings = setup.warnings
    self.source = source?.demuxer
    firstImageNumber = setup.firstImageNumber
    stills = StillFiles(path: path, muxer: muxer, source: source, layout: choice.layout)
    keepsStills = settings.streams.metadata
    if let source {
      let found = try InputLosses(
        of: source, in: muxer, choice: choice, properties: properties, settings: settings, path: path)
      (keepsPages, losses) = (found.keepsPages, found.log)
      warnings += found.warnings
    } else {
      keepsPages = false
    }
    try muxer.begin(firstImageNumber: output.isPattern ? setup.firstImageNumber : nil)
  }

  deinit { cancel() }

  /// Encodes the next frame, which must have the writer's `format`.
  ///
  /// Its time is the one the reader gave it (`Frame.attachment`), or follows from the frame before.
  ///
  /// - Throws: `MediaError`: `.diskFull` or `.cannotWrite`; the unfinished file is gone then.
  public func write(_ frame: Frame) throws {
    guard isOpen else { throw MediaError(.cannotWrite, "\(path): the file is closed already") }
    guard frame.format == format, zip(frame.planes, format.planes).allSatisfy({ $0.count == $1.count }) else {
      throw MediaError(.cannotWrite, "\(path), frame \(frame.index): the frame's format is not the file's")
    }
    if muxer.isImages && !output.isPattern && framesWritten == 1 {
      throw cancelled(
        MediaError(.cannotWrite, "\(path): one image holds one frame; use a pattern such as out_%05d.png"))
    }
    do {
      losses?.note((frame.attachment as? DecodedPicture)?.properties, "in frame \(framesWritten)")
      if keepsPages, let page = (frame.attachment as? DecodedPicture)?.page {
        try write(page, frame)
      } else {
        try encoder.encode(frame, to: writePacket)
      }
      framesWritten += 1
      if keepsStills {
        stills.note((frame.attachment as? DecodedPicture)?.properties?.picture, in: source)
      }
    } catch {
      throw cancelled(error)
    }
  }

  /// Writes the file that a frame came from, with the frame's samples.
  private func write(_ page: TIFFPicture, _ frame: Frame) throws {
    let file: [UInt8]
    do {
      var said: [String] = []
      file = try page.file(with: frame.planes, output: path) { said.append($0) }
      // The files of a sequence are alike.
      if framesWritten == 0 { warnings += said }
    } catch let error as TIFFError {
      throw MediaError(error)
    }
    var allocated = av_packet_alloc()
    defer { av_packet_free(&allocated) }
    guard let packet = allocated, let size = Int32(exactly: file.count), av_new_packet(packet, size) >= 0
    else { throw MediaError.outOfMemory(path) }
    file.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { memcpy(packet.pointee.data, start, bytes.count) }
    }
    packet.pointee.pts = Int64(framesWritten)
    packet.pointee.dts = packet.pointee.pts
    packet.pointee.flags |= AV_PKT_FLAG_KEY
    try writePacket(packet)
  }

  /// Writes what is left, waits until the data is on the disk, and moves the file to its name.
  ///
  /// - Throws: `MediaError`: `.diskFull`, `.cannotWrite` or `.exists`; the unfinished file is gone then.
  public func finish() throws {
    guard isOpen else { return }
    do {
      guard framesWritten > 0 else { throw MediaError(.cannotWrite, "\(path): there was no frame to write") }
      try encoder.encode(nil, to: writePacket)
      try copier?.copy(upTo: nil)
      try muxer.end()
      try stills.finish(imageName, path: path)
      try output.commit()
      warnings += (copier?.warnings ?? []) + (losses?.warnings ?? [])
      copier = nil
      isOpen = false
    } catch {
      throw cancelled(error)
    }
  }

  /// Whether picture files keep what they say.
  private let keepsStills: Bool

  /// The file that a frame was written to.
  private func imageName(_ frame: Int) -> String { output.temporaryPath(ofNumber: firstImageNumber + frame) }

  /// Stops and removes the unfinished file; nothing happens after `finish()`.
  public func cancel() {
    guard isOpen else { return }
    isOpen = false
    copier = nil
    output.remove()
  }

  private func cancelled(_ error: any Error) -> any Error {
    cancel()
    return error
  }

  /// Puts an empty picture where everything begins, as which this container shows that none has come yet: it would show
  /// the first one there, whatever its time.
  private func writeNothing(before packet: UnsafeMutablePointer<AVPacket>) throws {
    // Sound may begin before zero, where its decoder is prepared.
    let beginning = av_rescale_q(
      min(0, source?.start ?? 0), inrr_microseconds(), stream.pointee.time_base)
    if packet.pointee.dts <= beginning { return }
    var allocated = av_packet_alloc()
    defer { av_packet_free(&allocated) }
    guard let empty = allocated, av_new_packet(empty, 0) >= 0 else { throw MediaError.outOfMemory(path) }
    empty.pointee.stream_index = packet.pointee.stream_index
    (empty.pointee.pts, empty.pointee.dts) = (beginning, beginning)
    try MediaError.check(muxer.write(empty), .cannotWrite, "\(path): cannot write the video")
  }

  /// Writes a packet of the video, after what the other streams hold before it.
  private func writePacket(_ packet: UnsafeMutablePointer<AVPacket>) throws {
    let base = encoder.timeBase
    if let copier {
      let time = packet.pointee.dts != inrr_no_pts() ? packet.pointee.dts : packet.pointee.pts
      if time != inrr_no_pts() { try copier.copy(upTo: av_rescale_q(time, base, inrr_microseconds())) }
    }
    packet.pointee.stream_index = stream.pointee.index
    av_packet_rescale_ts(packet, base, stream.pointee.time_base)
    if lastTime == nil && muxer.name == "avi" { try writeNothing(before: packet) }
    // A coarse clock may round two times to one.
    if let last = lastTime, packet.pointee.dts != inrr_no_pts(), packet.pointee.dts <= last {
      packet.pointee.dts = last &+ 1
      packet.pointee.pts = max(packet.pointee.pts, packet.pointee.dts)
    }
    if packet.pointee.dts != inrr_no_pts() { lastTime = packet.pointee.dts }
    let code = muxer.write(packet)
    try MediaError.check(code, .cannotWrite, "\(path): cannot write the video")
  }
}
