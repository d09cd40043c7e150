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
      let stream = reader.decoder.stream
      let indexed =
        demuxer.formatName.hasPrefix("mov") ? Int(avformat_index_get_entries_count(stream)) : 0
      if let own = demuxer.streams.first(where: { $0.pointee.index == stream.pointee.index }), !isCancelled()
      {
        let counted = tally[Int(own.pointee.index)] ?? PacketTally()
        let truncation = Truncation.reason(
          demuxer: demuxer, stream: own, tally: counted, indexedPackets: indexed)
        let packets = counted.corrupt > 0 ? VideoReader.damagedPackets(counted.corrupt) : nil
        let parts = [truncation, packets].compactMap { $0 } + lostImages(demuxer.sequence, counted)
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

  private static func stream(_ scan: PacketSurvey, _ stream: UnsafeMutablePointer<AVStream>) -> StreamReport {
    let index = Int(stream.pointee.index)
    let counts = scan.counts[index] ?? PacketSurvey.Counts()
    let parameters = stream.pointee.codecpar.pointee
    let tags = tags(stream.pointee.metadata)
    let dispositions = (0..<31).compactMap { bit -> String? in
      let flag = Int32(1) << Int32(bit)
      guard stream.pointee.disposition & flag != 0 else { return nil }
      return av_disposition_to_string(flag).map { String(cString: $0) }
    }
    var sideData: [String] = []
    while case let type = inrr_stream_side_data_type(stream, Int32(sideData.count)), type >= 0 {
      let name = av_packet_side_data_name(AVPacketSideDataType(rawValue: UInt32(type)))
      sideData.append(name.map { String(cString: $0) } ?? "unknown")
    }
    return StreamReport(
      index: index, kind: StreamAdmission.kind(of: parameters), codec: UnknownCodec.name(of: parameters),
      width: parameters.width > 0 ? Int(parameters.width) : nil,
      height: parameters.height > 0 ? Int(parameters.height) : nil,
      language: tags["language"], title: tags["title"], dispositions: dispositions, sideData: sideData,
      packets: counts.packets, bytes: counts.bytes, corruptPackets: counts.corrupt,
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
    var found: [String: String] = [:]
    var entry = av_dict_get(dictionary, "", nil, AV_DICT_IGNORE_SUFFIX)
    while let current = entry {
      found[String(cString: current.pointee.key)] = String(cString: current.pointee.value)
      entry = av_dict_get(dictionary, "", current, AV_DICT_IGNORE_SUFFIX)
    }
    return found
  }
}
