internal import CFFmpeg

/// Which packet each picture of a video comes from, where every packet gives one picture, in the order in which they are shown: those
/// that nobody wants need not be decoded then.
public struct PicturePackets: Sendable {
  /// The pictures' time stamps, which rise strictly, by the pictures' numbers.
  private let times: [Int64]
  /// Whether a picture can be decoded without those before it.
  private let isKey: [Bool]
  /// Of all pictures together.
  public let bytes: Int

  public var count: Int { times.count }

  /// Reads the packets of a video from its beginning to its end.
  ///
  /// - Parameter stream: as the reader of the pictures chose it.
  /// - Returns: nil where packets do not tell which picture comes from them: of codecs whose pictures may come in another order or
  ///   need others beyond the last key picture, of damaged files, and of such as have a packet without a time or without a picture.
  /// - Throws: `MediaError` of kind `.outOfMemory` or `.readFailed`.
  init?(of reader: VideoReader) throws {
    let (first, number) = (reader.demuxer, Int(reader.decoder.stream.pointee.index))
    guard !first.isReadOnce, first.sequence == nil, !first.isStill,
      Self.isEachAlone(reader.decoder.stream.pointee.codecpar.pointee.codec_id)
    else { return nil }
    let demuxer = try Demuxer(path: first.source)
    guard demuxer.streams.indices.contains(number) else { return nil }
    for (k, stream) in demuxer.streams.enumerated() {
      stream.pointee.discard = k == number ? AVDISCARD_DEFAULT : AVDISCARD_ALL
    }
    var (times, isKey, bytes, isSound) = ([Int64](), [Bool](), 0, true)
    var tally = PacketTally()
    try demuxer.forEachPacket(&tally) { packet, tally in
      guard tally.note(packet, in: demuxer, of: demuxer.streams[number]) else { return true }
      let (flags, time) = (packet.pointee.flags, packet.pointee.pts)
      let isPlain = flags & (AV_PKT_FLAG_CORRUPT | AV_PKT_FLAG_DISCARD) == 0 && packet.pointee.size > 0
      isSound = isPlain && time != noTime && time > times.last ?? .min && !packet.changesCoding
      times.append(time)
      isKey.append(flags & AV_PKT_FLAG_KEY != 0)
      bytes += Int(packet.pointee.size)
      return isSound
    }
    guard isSound, isKey.first == true, tally.readError == nil, demuxer.passedOver == 0 else { return nil }
    (self.times, self.isKey, self.bytes) = (times, isKey, bytes)
  }

  /// Whether pictures of a codec come in the order of their packets and need no other, or only those since the last key picture.
  private static func isEachAlone(_ codec: AVCodecID) -> Bool {
    if codec == AV_CODEC_ID_FFV1 { return true }
    // Some of CineForm's need the next one too, and TIFF is not read by a decoder of FFmpeg.
    if [AV_CODEC_ID_CFHD, AV_CODEC_ID_TIFF].contains(codec) { return false }
    guard let properties = avcodec_descriptor_get(codec)?.pointee.props else { return false }
    return properties & AV_CODEC_PROP_INTRA_ONLY != 0
  }

  /// The number of the picture of a time stamp.
  func number(at time: Int64) -> Int? {
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low < times.count && times[low] == time ? low : nil
  }

  /// Which pictures have to be decoded to have some: these, and those before them from the last key picture on.
  func needed(for chosen: [Bool]) -> [Bool] {
    var (needed, isWanted) = (chosen, false)
    for k in chosen.indices.reversed() {
      isWanted = isWanted || chosen[k]
      needed[k] = isWanted
      if isKey[k] { isWanted = false }
    }
    return needed
  }
}

extension PacketPointer {
  /// Whether it changes how the packets after it are decoded.
  fileprivate var changesCoding: Bool {
    (0..<Int(pointee.side_data_elems)).contains { k in
      [AV_PKT_DATA_NEW_EXTRADATA, AV_PKT_DATA_PARAM_CHANGE, AV_PKT_DATA_PALETTE].contains(
        pointee.side_data[k].type)
    }
  }
}
