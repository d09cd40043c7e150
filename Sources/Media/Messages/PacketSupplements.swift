internal import CFFmpeg

/// What is put into an encoder's packets that pictures carry and that the encoder does not write itself.
struct PacketSupplements {
  /// Finds units in the encoder's packets; nil for codecs that have other places for messages.
  private let units: CodedUnits?
  private let codec: AVCodecID
  private let writesCaptions: Bool
  private let source: AVCodecID?
  private let keepsDolbyVision: Bool

  /// - Returns: nil for encoders whose packets stay as they are.
  init?(context: UnsafePointer<AVCodecContext>, source: VideoProperties) {
    codec = context.pointee.codec_id
    guard [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_MPEG2VIDEO].contains(codec) else { return nil }
    // Encoders write start codes.
    units = CodedUnits(codec: codec, extradata: UnsafeBufferPointer(start: nil, count: 0))
    // Newer libx265 can, and does not unless it is told.
    var isOn: Int64 = 0
    let knows =
      context.pointee.priv_data != nil && av_opt_get_int(context.pointee.priv_data, "a53cc", 0, &isOn) >= 0
    writesCaptions = knows && (isOn != 0 || codec != AV_CODEC_ID_HEVC)
    self.source = source.codecID
    keepsDolbyVision = source.keepsDolbyVision
  }

  /// Adds to a packet what its picture carries.
  func add(_ properties: PictureProperties, to packet: UnsafeMutablePointer<AVPacket>, path: String) throws {
    let isKey = packet.pointee.flags & AV_PKT_FLAG_KEY != 0
    var before: [UInt8] = []
    var after: [UInt8] = []
    if let units {
      let messages = messages(of: properties, isKey: isKey)
      if !messages.isEmpty { before = units.unit(of: messages) }
      if units.isHEVC && keepsDolbyVision {
        let data = properties.messages.first { $0.type == SupplementalMessage.Kind.dolbyVision }?.bytes
        after = data.map { [0, 0, 0, 1, 62 << 1, 1] + $0 } ?? []
      }
    } else if let value = properties.bytes(of: AV_FRAME_DATA_AFD)?.first {
      before = [0, 0, 1, 0xb2] + SupplementalMessage.activeFormatData(value)
    }
    if before.isEmpty && after.isEmpty { return }
    try insert(before, after, into: packet, path: path)
  }

  private func messages(of properties: PictureProperties, isKey: Bool) -> [SupplementalMessage] {
    var made: [SupplementalMessage] = []
    if !writesCaptions, let data = properties.captions,
      let message = SupplementalMessage.captions(data)
    {
      made.append(message)
    }
    if let value = properties.bytes(of: AV_FRAME_DATA_AFD)?.first {
      made.append(.activeFormat(value))
    }
    if codec == AV_CODEC_ID_H264 && isKey { made += LightLevels.messages(of: properties) }
    for index in 0..<Int(max(0, properties.picture.pointee.nb_side_data)) {
      guard let data = properties.picture.pointee.side_data?[index]?.pointee,
        data.type == AV_FRAME_DATA_SEI_UNREGISTERED
      else { continue }
      let bytes = Array(UnsafeBufferPointer(start: data.data, count: data.size))
      if SupplementalMessage(type: SupplementalMessage.Kind.unregistered, bytes: bytes).content != nil {
        made.append(SupplementalMessage(type: SupplementalMessage.Kind.unregistered, bytes: bytes))
      }
    }
    let isWritten = Set(made)
    return made + properties.messages.filter { isKept($0, properties) && !isWritten.contains($0) }
  }

  /// Whether a message of the source's goes into the output as it is.
  private func isKept(_ message: SupplementalMessage, _ properties: PictureProperties) -> Bool {
    let isSameStandard = source == codec
    switch message.content {
    case nil, .userData, .dolbyVision: return false
    case .masteringDisplay:
      return codec == AV_CODEC_ID_H264
        && properties.bytes(of: AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) == nil
    case .lightLevels:
      return codec == AV_CODEC_ID_H264 && properties.bytes(of: AV_FRAME_DATA_CONTENT_LIGHT_LEVEL) == nil
    case .captions: return properties.bytes(of: AV_FRAME_DATA_A53_CC) == nil
    case .activeFormat: return properties.bytes(of: AV_FRAME_DATA_AFD) == nil
    // libx264 writes it.
    case .stereo: return codec == AV_CODEC_ID_HEVC
    case .timecode: return isSameStandard
    case .message(let number): return isSameStandard || (147...156).contains(number)
    default: return true
    }
  }

  private func insert(
    _ before: [UInt8], _ after: [UInt8], into packet: UnsafeMutablePointer<AVPacket>, path: String
  ) throws {
    let old = UnsafeBufferPointer(start: packet.pointee.data, count: Int(max(0, packet.pointee.size)))
    guard let place = pictureStart(in: old) else { return }
    var made = av_packet_alloc()
    defer { av_packet_free(&made) }
    let size = Int32(clamping: old.count + before.count + after.count)
    guard let made, av_new_packet(made, size) >= 0, av_packet_copy_props(made, packet) >= 0 else {
      throw MediaError.outOfMemory(path)
    }
    let bytes = Array(old[..<place]) + before + Array(old[place...]) + after
    bytes.withUnsafeBytes { bytes in
      if let start = bytes.baseAddress { memcpy(made.pointee.data, start, bytes.count) }
    }
    av_packet_unref(packet)
    av_packet_move_ref(packet, made)
  }

  /// Where the first unit of the picture's own begins, with its start code.
  private func pictureStart(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    var found: Int?
    if let units {
      units.forEach(in: bytes) { unit in
        if !units.isPicture(units.type(of: bytes[unit.lowerBound])) { return true }
        found = unit.lowerBound - 3
        return false
      }
    } else {
      var next = CodedUnits.startCode(in: bytes, from: 0)
      while let code = next, found == nil {
        // Slices of MPEG-2 have the numbers of their rows.
        if code.upperBound < bytes.count && (1...0xaf).contains(bytes[code.upperBound]) {
          found = code.lowerBound
        }
        next = CodedUnits.startCode(in: bytes, from: code.upperBound)
      }
    }
    // A start code may be of four bytes.
    guard let found else { return nil }
    return found > 0 && bytes[found - 1] == 0 ? found - 1 : found
  }
}
