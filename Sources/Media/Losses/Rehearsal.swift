internal import CFFmpeg
import Foundation
import Frames

/// Writes a picture as an output would be written, into a temporary file, and reads what that file holds.
///
/// What encoders and containers keep is in no table: what can't be read back is lost.
struct Rehearsal {
  private let output: OutputSetup

  init(_ output: OutputSetup) { self.output = output.forRehearsal }

  /// What of `source` the output would not hold, by the beginning of both.
  func losses(of source: VideoReader) throws -> Losses {
    try inFolder { place in
      let (muxer, encoder) = try open(place)
      let streams = try OutputStreams(muxer, output, encoder, source: source)
      try write(source.firstProperties, with: encoder, muxer, streams)
      if output.settings.streams.metadata {
        var stills = StillFiles(output, source: source)
        stills.note(source.firstProperties?.picture, in: source.demuxer)
        try stills.finish({ _ in place }, path: output.path)
      }
      let reader = try VideoReader(path: place, container: Demuxer.format(ofShort: output.container))
      // The streams of both have the source's numbers.
      let inputs = FileContents.ordinary(source.demuxer).filter(streams.kept.contains)
      let numbers = zip(FileContents.ordinary(reader.demuxer), inputs)
      let kept = FileContents(reader, numbers: Dictionary(numbers) { first, _ in first })
      var wanted = FileContents(source, numbers: Dictionary(zip(inputs, inputs)) { first, _ in first })
      wanted.keep(output.settings.streams, of: source)
      return Losses(of: wanted, in: kept, output)
    }
  }

  /// What of a picture can be read back.
  func contents(of picture: PictureProperties) throws -> Set<PictureContent> {
    try inFolder { place in
      let (muxer, encoder) = try open(place)
      let streams = try OutputStreams(muxer, output, encoder, source: nil)
      try write(picture, with: encoder, muxer, streams)
      let reader = try VideoReader(path: place, container: Demuxer.format(ofShort: output.container))
      let first = reader.firstProperties
      return (first?.contents ?? []).union([first?.shape].compactMap { $0 })
    }
  }

  private func open(_ place: String) throws -> (Muxer, VideoEncoder) {
    let name = StandardStream.outputName(output.path)
    return (
      try Muxer(path: name, to: .file(place), container: output.container), try VideoEncoder(for: output)
    )
  }

  private func write(
    _ picture: PictureProperties?, with encoder: VideoEncoder, _ muxer: Muxer, _ streams: OutputStreams
  ) throws {
    try muxer.begin(firstImageNumber: nil)
    let properties = output.properties
    var frame = Frame(format: properties.format)
    frame.attachment = DecodedPicture(
      pts: 0, duration: 0, isKey: true, isInterlaced: properties.isInterlaced, isCorrupt: false,
      properties: picture)
    let put = { (packet: PacketPointer) in
      packet.pointee.stream_index = streams.video.pointee.index
      // Encoders that reorder pictures give a decoding time before the only picture.
      if packet.pointee.pts != noTime { packet.pointee.dts = packet.pointee.pts }
      av_packet_rescale_ts(packet, encoder.timeBase, streams.video.pointee.time_base)
      try MediaError.check(muxer.write(packet), .cannotWrite, "\(output.path): cannot write the video")
    }
    try encoder.encode(frame, to: put)
    try encoder.encode(nil, to: put)
    try streams.copier?.copyFirstPackets()
    try muxer.end()
  }

  /// Runs `body` with the path of a file with the output's ending, in a temporary folder that is removed afterwards.
  private func inFolder<Result>(_ body: (_ place: String) throws -> Result) throws -> Result {
    let folder = try Self.makeFolder()
    let place = "\(folder)/picture\(OutputFile.stemAndSuffix(OutputFile.split(output.path).name).suffix)"
    defer {
      unlink(place)
      rmdir(folder)
    }
    return try body(place)
  }

  /// Makes the folder in `TMPDIR`, or in /tmp where that can't be written.
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
