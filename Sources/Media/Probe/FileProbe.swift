internal import CFFmpeg

/// Looks into a media file without decoding more than a frame.
public enum FileProbe {
  /// Reads all packets of a file. Memory grows by eight bytes a frame.
  ///
  /// - Parameters:
  ///   - stream: the number of the video stream; nil for the one that is read without one.
  ///   - isCancelled: asked often; true ends the reading with what was found so far.
  /// - Throws: `MediaError` where the file can't be opened. What can't be decoded is told in the report's `damage`.
  public static func report(
    _ path: String, stream wanted: Int? = nil, isCancelled: () -> Bool = { false }
  ) throws -> FileReport {
    let demuxer = try Demuxer(path: path, gaps: .frames)
    let scan = PacketSurvey(demuxer: demuxer, stream: wanted)
    let tally = try scan.run(isCancelled: isCancelled)
    let context = demuxer.context.pointee
    var report = FileReport(
      path: path, container: demuxer.formatName,
      bytes: context.pb.map { avio_size($0) }.flatMap { $0 > 0 ? $0 : nil },
      startSeconds: scan.start, durationSeconds: scan.end.flatMap { end in scan.start.map { end - $0 } },
      tags: tags(context.metadata), chapters: Int(context.nb_chapters), video: nil,
      streams: demuxer.streams.map { stream(scan, $0) }, damage: nil)
    do {
      let reader = try VideoReader(path: path, stream: wanted, gaps: .frames)
      report.video = video(reader, scan)
      if let stream = scan.stream, !isCancelled() {
        let truncation = Truncation.reason(
          demuxer: demuxer, stream: stream, tally: tally,
          indexedPackets: reader.demuxer.indexedPackets(of: reader.decoder.stream))
        let packets = tally.corrupt > 0 ? DamageReport.damagedPackets(tally.corrupt) : nil
        let parts = [truncation, packets].compactMap { $0 } + lostImages(demuxer.sequence, tally)
        report.damage = parts.isEmpty ? nil : parts.joined(separator: "; ")
      }
    } catch let error as MediaError {
      report.damage = error.description
    }
    return report
  }

  /// What a sequence of images lacks.
  private static func lostImages(_ sequence: ImageSequence?, _ counted: PacketTally) -> [String] {
    guard let sequence else { return [] }
    let lost = sequence.images - counted.packets
    return [sequence.gapSentence].compactMap { $0 }
      + (lost > 0 ? ["\(lost) of the images can't be read"] : [])
  }

  private static func video(_ reader: VideoReader, _ scan: PacketSurvey) -> VideoReport {
    let info = reader.info
    let counts = scan.counts[info.streamIndex] ?? PacketSurvey.Counts()
    let isTurned = Int((Double(info.rotation) / 90).rounded()) % 2 != 0
    let stretch = info.sampleAspectRatio?.value ?? 1
    let width = Int((Double(info.width) * min(max(stretch, 1e-3), 1e3)).rounded())
    return VideoReport(
      stream: info.streamIndex, codec: info.codecName, pixelFormat: info.pixelFormat,
      bitDepth: reader.format.bitDepth, width: info.width, height: info.height,
      displayedWidth: isTurned ? info.height : width, displayedHeight: isTurned ? width : info.height,
      sampleAspectRatio: info.sampleAspectRatio.map { "\($0.numerator):\($0.denominator)" },
      rotation: info.rotation, isMirrored: info.isMirrored, colorRange: info.colorRange,
      colorPrimaries: info.colorPrimaries, colorTransfer: info.colorTransfer, colorMatrix: info.colorMatrix,
      chromaLocation: info.chromaLocation,
      fieldOrder: fieldOrder(reader.decoder.stream.pointee.codecpar.pointee.field_order),
      isInterlaced: info.isInterlaced, frames: counts.packets - counts.hidden,
      hiddenPackets: counts.hidden, keyFrames: counts.keys, announcedFrames: info.estimatedFrameCount,
      timing: TimingReport(times: scan.times, missing: scan.missingTimes, unit: info.timeBase))
  }

  private static func stream(_ scan: PacketSurvey, _ stream: StreamPointer) -> StreamReport {
    let counts = scan.counts[Int(stream.pointee.index)] ?? PacketSurvey.Counts()
    let parameters = stream.pointee.codecpar.pointee
    let tags = tags(stream.pointee.metadata)
    let sideData = stream.sideDataTypes.map { type in
      av_packet_side_data_name(type).map { String(cString: $0) } ?? "unknown"
    }
    return StreamReport(
      index: Int(stream.pointee.index), kind: stream.kind, codec: UnknownCodec.name(of: parameters),
      width: parameters.width > 0 ? Int(parameters.width) : nil,
      height: parameters.height > 0 ? Int(parameters.height) : nil,
      language: tags["language"], title: tags["title"], dispositions: stream.dispositions,
      sideData: sideData, packets: counts.packets, bytes: counts.bytes, corruptPackets: counts.corrupt,
      firstSeconds: counts.start, endSeconds: counts.end)
  }

  private static func fieldOrder(_ order: AVFieldOrder) -> String {
    switch order {
    case AV_FIELD_PROGRESSIVE: "progressive"
    case AV_FIELD_TT, AV_FIELD_TB: "top first"
    case AV_FIELD_BB, AV_FIELD_BT: "bottom first"
    default: "unknown"
    }
  }

  private static func tags(_ dictionary: OpaquePointer?) -> [String: String] {
    Dictionary(Tags.pairs(dictionary)) { $1 }
  }
}
