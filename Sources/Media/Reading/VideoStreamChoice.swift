internal import CFFmpeg

/// Which of a file's video streams is read.
enum VideoStreamChoice {
  /// The stream of a number; without one the stream that moves.
  ///
  /// FFmpeg would choose a still picture that is larger than the film and comes before it.
  ///
  /// - Throws: `MediaError.notAVideo`.
  static func stream(of demuxer: Demuxer, wanted: Int?) throws -> StreamPointer {
    let streams = demuxer.streams
    if let wanted { return try named(wanted, streams, demuxer.path) }
    let films = films(of: demuxer)
    guard var best = films.first else {
      let covers = streams.indices.filter { isVideo(streams[$0]) }
      let hint = covers.first.map { " but a cover picture: --stream \($0) restores that" } ?? ""
      throw MediaError(.notAVideo, "\(demuxer.path): there is no video stream in this file\(hint)")
    }
    if films.count > 1 { best = moving(films, demuxer) }
    return streams[best]
  }

  /// Video streams that are no cover art, FFmpeg's choice first, then the largest; those that can be decoded, if any can.
  static func films(of demuxer: Demuxer) -> [Int] {
    let streams = demuxer.streams
    let preferred = Int(av_find_best_stream(demuxer.context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0))
    let all = streams.indices.filter {
      isVideo(streams[$0]) && streams[$0].pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }.sorted { a, b in
      if (a == preferred) != (b == preferred) { return a == preferred }
      let sizes = [a, b].map { size(streams[$0]) }
      return sizes[0] == sizes[1] ? a < b : sizes[0] > sizes[1]
    }
    let decodable = all.filter { avcodec_find_decoder(streams[$0].pointee.codecpar.pointee.codec_id) != nil }
    return decodable.isEmpty ? all : decodable
  }

  private static func isVideo(_ stream: StreamPointer) -> Bool {
    stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
  }

  private static func size(_ stream: StreamPointer) -> Int {
    let parameters = stream.pointee.codecpar.pointee
    return Int(parameters.width).multipliedReportingOverflow(by: Int(parameters.height)).partialValue
  }

  private static func named(
    _ index: Int, _ streams: [StreamPointer], _ path: String
  ) throws -> StreamPointer {
    let videos = streams.indices.filter { isVideo(streams[$0]) }.map { "\($0)" }.joined(separator: ", ")
    let list = videos.isEmpty ? "it has no video" : "its video streams are \(videos)"
    guard streams.indices.contains(index) else {
      throw MediaError(.notAVideo, "\(path): there is no stream \(index), counted from 0: \(list)")
    }
    guard isVideo(streams[index]) else {
      let kind = streams[index].kind
      throw MediaError(.notAVideo, "\(path): stream \(index) is \(kind) and no video: \(list)")
    }
    return streams[index]
  }

  /// The first of some streams that has more than one packet; the first of all where none has.
  private static func moving(_ films: [Int], _ demuxer: Demuxer) -> Int {
    if demuxer.isReadOnce {
      // A pipe can't be read ahead: codecs tell stills from videos.
      return films.first { !isStill(demuxer.streams[$0].pointee.codecpar.pointee.codec_id) } ?? films[0]
    }
    guard let scan = try? Demuxer(path: demuxer.source) else { return films[0] }
    for (index, stream) in scan.streams.enumerated() where !films.contains(index) {
      stream.pointee.discard = AVDISCARD_ALL
    }
    var counts: [Int: Int] = [:]
    var tally = PacketTally()
    try? scan.forEachPacket(&tally) { packet, _ in
      counts[Int(packet.pointee.stream_index), default: 0] += 1
      // The second picture of a slide show may come late, but not after this many of a film.
      return counts[films[0], default: 0] < 2 && counts.values.max() ?? 0 < longestWait
    }
    return films.first { counts[$0, default: 0] > 1 } ?? films[0]
  }

  private static let longestWait = 3000

  private static func isStill(_ codec: AVCodecID) -> Bool {
    [
      AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_BMP, AV_CODEC_ID_TIFF, AV_CODEC_ID_WEBP,
      AV_CODEC_ID_GIF, AV_CODEC_ID_JPEG2000, AV_CODEC_ID_JPEGXL,
    ].contains(codec)
  }
}
