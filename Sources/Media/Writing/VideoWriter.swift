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
  /// What picture files say beside their samples; nil where it is not kept.
  private var stills: StillFiles?
  private let source: Demuxer?
  private let firstImageNumber: Int
  /// The muxer's.
  private let stream: StreamPointer
  private var copier: StreamCopier?
  /// Whether TIFF files are written as they were read, with other samples.
  private let keepsPages: Bool
  private var losses: LossLog?
  private var times: SteadyRateWatch?
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

  /// Starts a file of frames without a source, `frameRate` of them a second.
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

  init(
    path: String, properties: VideoProperties, source: VideoReader?, settings: EncodeSettings, overwrite: Bool
  ) throws {
    self.path = StandardStream.outputName(path)
    format = properties.format
    let container = try Container(for: path, settings: settings, source: source)
    let file = try OutputFile(path: path, isImages: container.isImages, overwrite: overwrite)
    output = file
    muxer = try Muxer(
      path: self.path, to: path == StandardStream.path ? .standardOutput : .file(file.temporaryPath),
      container: container)
    let setup = try OutputSetup(
      path: path, container: container, settings: settings, properties: properties, source: source)
    encoderName = setup.choice.name
    pixelFormat = setup.choice.layout.name
    encoder = try VideoEncoder(for: setup)
    let streams = try OutputStreams(muxer, setup, encoder, source: source)
    stream = streams.video
    copier = streams.copier
    warnings = streams.warnings
    self.source = source?.demuxer
    firstImageNumber = source?.sequence?.first ?? 1
    if settings.streams.metadata { stills = StillFiles(setup, source: source) }
    let found = try source.map { try InputLosses(of: $0, in: setup) }
    (keepsPages, losses) = (found?.keepsPages ?? false, found?.log)
    warnings += found?.warnings ?? []
    times = source.flatMap { SteadyRateWatch(setup, source: $0) }
    try muxer.begin(firstImageNumber: output.isPattern ? firstImageNumber : nil)
  }

  deinit { cancel() }

  /// Does ahead what the first frame would wait for, which takes a moment: for a thread of its own. Needs not be called.
  public func prepare() {
    if isOpen && framesWritten == 0 && !keepsPages { encoder.prepare() }
  }

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
    if muxer.container.isImages && !output.isPattern && framesWritten == 1 {
      throw cancelled(
        MediaError(.cannotWrite, "\(path): one image holds one frame; use a pattern such as out_%05d.png"))
    }
    let decoded = frame.attachment as? DecodedPicture
    do {
      losses?.note(decoded?.properties, "in frame \(framesWritten)")
      times?.note(decoded)
      if keepsPages, let page = decoded?.page {
        try write(page, frame)
      } else {
        try encoder.encode(frame, to: writePacket)
      }
      framesWritten += 1
      stills?.note(decoded?.properties?.picture, in: source)
    } catch {
      throw cancelled(error)
    }
  }

  /// Writes the file that a frame came from, with the frame's samples.
  private func write(_ page: TIFFPicture, _ frame: Frame) throws {
    let file: [UInt8]
    do {
      var said: [String] = []
      file = try page.file(with: frame.planes.map(\.words), output: path) { said.append($0) }
      // The files of a sequence are alike: the first one's warnings stand for all.
      if framesWritten == 0 { warnings += said }
    } catch let error as TIFFError {
      throw MediaError(error)
    }
    try PacketPointer.with(path) { packet in
      try packet.fill(file, path: path)
      (packet.pointee.pts, packet.pointee.dts) = (Int64(framesWritten), Int64(framesWritten))
      packet.pointee.flags |= AV_PKT_FLAG_KEY
      try writePacket(packet)
    }
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
      try stills?.finish({ output.temporaryPath(ofNumber: firstImageNumber + $0) }, path: path)
      try output.commit()
      warnings += (copier?.warnings ?? []) + (losses?.warnings ?? []) + (times?.warnings ?? [])
      copier = nil
      isOpen = false
    } catch {
      throw cancelled(error)
    }
  }

  /// Stops and removes the unfinished file; does nothing after `finish()`.
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

  /// Writes an empty packet at the beginning, for a container that would show the first picture from there on.
  private func writeNothing(before first: PacketPointer) throws {
    // Sound may begin before zero, where its decoder is prepared.
    let beginning = av_rescale_q(min(0, source?.start ?? 0), .microseconds, stream.pointee.time_base)
    if first.pointee.dts <= beginning { return }
    try PacketPointer.with(path) { packet in
      try packet.fill([], path: path)
      packet.pointee.stream_index = first.pointee.stream_index
      (packet.pointee.pts, packet.pointee.dts) = (beginning, beginning)
      try MediaError.check(muxer.write(packet), .cannotWrite, "\(path): cannot write the video")
    }
  }

  /// Writes a packet of the video, after what the other streams hold before it.
  private func writePacket(_ packet: PacketPointer) throws {
    let base = encoder.timeBase
    if let copier, let time = packet.pointee.decodedTime {
      try copier.copy(upTo: av_rescale_q(time, base, .microseconds))
    }
    packet.pointee.stream_index = stream.pointee.index
    av_packet_rescale_ts(packet, base, stream.pointee.time_base)
    if let lastTime {
      packet.decode(notBefore: lastTime &+ 1)
    } else if muxer.container.beginsWithFirstPicture {
      try writeNothing(before: packet)
    }
    if packet.pointee.dts != noTime { lastTime = packet.pointee.dts }
    try MediaError.check(muxer.write(packet), .cannotWrite, "\(path): cannot write the video")
  }
}
