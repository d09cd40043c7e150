internal import CFFmpeg
import Frames

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writes a picture as an output would be written, into a file that nobody sees, and reads what that file holds.
///
/// No table says what encoders and containers keep: what does not come back is lost, whatever it is.
struct Rehearsal {
  let path: String
  let properties: VideoProperties
  let settings: EncodeSettings
  /// FFmpeg's, there for good.
  let format: UnsafePointer<AVOutputFormat>

  /// What an output of `source` would hold; the streams of both have the source's numbers.
  func contents(of source: VideoReader) throws -> (input: FileContents, output: FileContents) {
    try inFolder { place in
      let (muxer, encoder, layout) = try open(place)
      let setup = try WriterSetup(
        muxer: muxer, encoder: encoder, properties: properties, source: source, streams: settings.streams)
      try write(source.firstProperties, with: encoder, muxer, setup)
      if settings.streams.metadata {
        var stills = StillFiles(path: path, muxer: muxer, source: source, layout: layout)
        stills.note(source.firstProperties?.picture, in: source.demuxer)
        try stills.finish({ _ in place }, path: path)
      }
      let reader = try VideoReader(path: place, container: container)
      let inputs = FileContents.ordinary(source.demuxer).filter(setup.kept.contains)
      let numbers = zip(FileContents.ordinary(reader.demuxer), inputs)
      let output = FileContents(reader, numbers: Dictionary(numbers) { first, _ in first })
      let input = FileContents(source, numbers: Dictionary(zip(inputs, inputs)) { first, _ in first })
      return (input, output)
    }
  }

  /// What of `source` the output would not hold, by the beginning of both.
  func losses(of source: VideoReader, container: String, encoder: String) throws -> Losses {
    let (input, output) = try contents(of: source)
    var wanted = input
    wanted.keep(settings.streams, of: source)
    return Losses(of: wanted, in: output, path: source.path, container: container, encoder: encoder)
  }

  /// What of a picture comes back.
  func contents(of picture: PictureProperties) throws -> Set<PictureContent> {
    try inFolder { place in
      let (muxer, encoder, _) = try open(place)
      let setup = try WriterSetup(
        muxer: muxer, encoder: encoder, properties: properties, source: nil, streams: settings.streams)
      try write(picture, with: encoder, muxer, setup)
      let first = try VideoReader(path: place, container: container).firstProperties
      return (first?.contents ?? []).union(first?.shape.map { [$0] } ?? [])
    }
  }

  /// The format to read the file as, which is too short to be told by its content.
  private var container: String? {
    let name = String(cString: format.pointee.name)
    return ContainerChoice.programStreams.contains(name) ? "mpeg" : name == "mpegts" ? name : nil
  }

  private func open(_ place: String) throws -> (Muxer, VideoEncoder, PixelLayout) {
    let muxer = try Muxer(rehearsing: path, at: place, format: format)
    let choice = try EncoderChoice(
      settings: settings, source: properties, container: muxer.format, path: path)
    let encoder = try VideoEncoder(
      choice: choice, source: properties, settings: settings, container: muxer.format,
      path: path)
    return (muxer, encoder, choice.layout)
  }

  private func write(
    _ picture: PictureProperties?, with encoder: VideoEncoder, _ muxer: Muxer, _ setup: WriterSetup
  ) throws {
    try muxer.begin(firstImageNumber: nil)
    var frame = Frame(format: properties.format)
    frame.attachment = DecodedPicture(
      pts: 0, duration: 0, isKey: true, isInterlaced: properties.isInterlaced, isCorrupt: false,
      properties: picture)
    let put = { (packet: UnsafeMutablePointer<AVPacket>) in
      packet.pointee.stream_index = setup.stream.pointee.index
      // Encoders that order pictures anew make up when to decode the only one.
      if packet.pointee.pts != inrr_no_pts() { packet.pointee.dts = packet.pointee.pts }
      av_packet_rescale_ts(packet, encoder.timeBase, setup.stream.pointee.time_base)
      try MediaError.check(muxer.write(packet), .cannotWrite, "\(path): cannot write the video")
    }
    try encoder.encode(frame, to: put)
    try encoder.encode(nil, to: put)
    setup.copier?.copyFirstPackets()
    try muxer.end()
  }

  /// A file of the output's kind in a folder that is gone afterwards.
  private func inFolder<Result>(_ body: (_ place: String) throws -> Result) throws -> Result {
    let folder = try Self.makeFolder()
    let place = "\(folder)/picture\(OutputFile.stemAndSuffix(OutputFile.split(path).name).suffix)"
    defer {
      unlink(place)
      rmdir(folder)
    }
    return try body(place)
  }

  /// Where temporary files go, or in the usual place where they can't.
  private static func makeFolder() throws -> String {
    let parents = Set([getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp", "/tmp"])
    var failure: Int32 = 0
    for parent in parents.sorted(by: { $0 != "/tmp" && $1 == "/tmp" }) {
      var template = Array("\(parent)/inrr-rehearsal-XXXXXX".utf8CString)
      if let made = mkdtemp(&template) { return String(cString: made) }
      failure = failure == 0 ? errno : failure
    }
    throw MediaError(
      code: inrr_error_from_errno(failure), .cannotWrite,
      "no temporary folder can be made (set TMPDIR to a folder that can be written)")
  }
}
