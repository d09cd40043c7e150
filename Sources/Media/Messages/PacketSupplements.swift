internal import CFFmpeg

/// Puts into an encoder's packets what pictures carry and the encoder does not write.
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
    // Newer versions of libx265 write captions only if told to.
    var isOn: Int64 = 0
    let knows =
      context.pointee.priv_data != nil && av_opt_get_int(context.pointee.priv_data, "a53cc", 0, &isOn) >= 0
    writesCaptions = knows && (isOn != 0 || codec != AV_CODEC_ID_HEVC)
    self.source = source.codecID
    keepsDolbyVision = source.keepsDolbyVision
  }

  /// Adds to a packet what its picture carries.
  func add(_ properties: PictureProperties, to packet: PacketPointer, path: String) throws {
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
    if !writesCaptions, let data = properties.captions, let message = SupplementalMessage.captions(data) {
      made.append(message)
    }
    if let value = properties.bytes(of: AV_FRAME_DATA_AFD)?.first { made.append(.activeFormat(value)) }
    if codec == AV_CODEC_ID_H264 && isKey { made += LightLevels(properties).messages }
    for data in properties.picture.allSideData where data.type == AV_FRAME_DATA_SEI_UNREGISTERED {
      let bytes = Array(UnsafeBufferPointer(start: data.data, count: data.size))
      let message = SupplementalMessage(type: SupplementalMessage.Kind.unregistered, bytes: bytes)
      if message.content != nil { made.append(message) }
    }
    let isWritten = Set(made)
    return made + properties.messages.filter { isKept($0, properties) && !isWritten.contains($0) }
  }

  /// Whether a message of the source is copied into the output.
  private func isKept(_ message: SupplementalMessage, _ properties: PictureProperties) -> Bool {
    let isSameStandard = source == codec
    switch message.content {
    case nil, .userData, .dolbyVision: return false
    case .masteringDisplay:
      return codec == AV_CODEC_ID_H264
        && properties.bytes(of: AV_FRAME_DATA_MASTERING_DISPLAY_METADATA) == nil
    case .lightLevels:
      return codec == AV_CODEC_ID_H264 && properties.bytes(of: AV_FRAME_DATA_CONTENT_LIGHT_LEVEL) == nil
    case .captions: return properties.captions == nil
    case .activeFormat: return properties.bytes(of: AV_FRAME_DATA_AFD) == nil
    // libx264 writes it.
    case .stereo: return codec == AV_CODEC_ID_HEVC
    case .timecode: return isSameStandard
    case .message(let number): return isSameStandard || (147...156).contains(number)
    default: return true
    }
  }

  private func insert(
    _ before: [UInt8], _ after: [UInt8], into packet: PacketPointer, path: String
  ) throws {
    let old = packet.bytes
    guard let place = pictureStart(in: old) else { return }
    let bytes = Array(old[..<place]) + before + Array(old[place...]) + after
    try PacketPointer.with(path) { made in
      try made.fill(bytes, path: path)
      guard av_packet_copy_props(made, packet) >= 0 else { throw MediaError.outOfMemory(path) }
      av_packet_unref(packet)
      av_packet_move_ref(packet, made)
    }
  }

  /// Where the start code of the first unit with samples begins.
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
        // The start codes of MPEG-2's slices end with the number of the row.
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
