internal import CFFmpeg

/// The units (NAL) that packets of H.264 and HEVC consist of.
struct CodedUnits {
  let isHEVC: Bool
  /// Bytes of the length before each unit; nil where start codes part them.
  let lengthSize: Int?

  /// - Returns: nil for other codecs.
  init?(codec: AVCodecID, extradata: UnsafeBufferPointer<UInt8>) {
    guard [AV_CODEC_ID_H264, AV_CODEC_ID_HEVC].contains(codec) else { return nil }
    isHEVC = codec == AV_CODEC_ID_HEVC
    let place = isHEVC ? 21 : 4
    let hasStartCodes = extradata.starts(with: [0, 0, 1]) || extradata.starts(with: [0, 0, 0, 1])
    lengthSize = extradata.count > place && !hasStartCodes ? Int(extradata[place] & 3) + 1 : nil
  }

  init?(_ parameters: AVCodecParameters) {
    let size = parameters.extradata == nil ? 0 : Int(max(0, parameters.extradata_size))
    self.init(
      codec: parameters.codec_id, extradata: UnsafeBufferPointer(start: parameters.extradata, count: size))
  }

  /// Passes over the units in a packet, by their places, until `body` returns false.
  func forEach(in bytes: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
    if let lengthSize {
      var place = 0
      while place + lengthSize <= bytes.count {
        let length = bytes[place..<place + lengthSize].number
        place += lengthSize
        let end = min(bytes.count, place + length)
        if length > 0 && !body(place..<end) { return }
        place = end
      }
      return
    }
    guard var start = Self.startCode(in: bytes, from: 0)?.upperBound else { return }
    while start < bytes.count {
      let next = Self.startCode(in: bytes, from: start)
      var end = next?.lowerBound ?? bytes.count
      while end > start && bytes[end - 1] == 0 { end -= 1 }
      if end > start && !body(start..<end) { return }
      guard let next else { return }
      start = next.upperBound
    }
  }

  /// The next start code of three bytes, which begins a unit.
  static func startCode(in bytes: UnsafeBufferPointer<UInt8>, from: Int) -> Range<Int>? {
    var place = from
    while place + 3 <= bytes.count {
      if bytes[place + 2] > 1 {
        place += 3
      } else if bytes[place] == 0 && bytes[place + 1] == 0 && bytes[place + 2] == 1 {
        return place..<place + 3
      } else {
        place += 1
      }
    }
    return nil
  }

  func type(of unit: UInt8) -> UInt8 { isHEVC ? (unit >> 1) & 0x3f : unit & 0x1f }
  func isPicture(_ type: UInt8) -> Bool { isHEVC ? type < 32 : (1...5).contains(type) }

  private func isMessage(_ type: UInt8) -> Bool { type == (isHEVC ? 39 : 6) }
  private var headerSize: Int { isHEVC ? 2 : 1 }

  /// The messages before the samples of a packet's picture.
  func messages(in packet: UnsafeBufferPointer<UInt8>) -> [SupplementalMessage] {
    var found: [SupplementalMessage] = []
    forEach(in: packet) { unit in
      let type = type(of: packet[unit.lowerBound])
      if isPicture(type) { return false }
      if isMessage(type) && unit.count > headerSize {
        found += Self.messages(in: Self.unescaped(packet[(unit.lowerBound + headerSize)..<unit.upperBound]))
      }
      return true
    }
    if isHEVC, let data = dolbyVision(in: packet) {
      found.append(SupplementalMessage(type: SupplementalMessage.Kind.dolbyVision, bytes: data))
    }
    return found
  }

  /// The Dolby Vision metadata, a unit of its own after the picture, as it is stored.
  private func dolbyVision(in packet: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    // It is one of the last two units, which is no larger than this.
    let start = lengthSize == nil ? max(0, packet.count - 8192) : 0
    let part = UnsafeBufferPointer(rebasing: packet[start...])
    var found: [UInt8]?
    forEach(in: part) { unit in
      if unit.count > 2 && type(of: part[unit.lowerBound]) == 62 && part[unit.lowerBound] & 0x80 == 0 {
        found = Array(part[(unit.lowerBound + 2)..<unit.upperBound])
      }
      return true
    }
    return found
  }

  private static func messages(in payload: [UInt8]) -> [SupplementalMessage] {
    var found: [SupplementalMessage] = []
    var place = 0
    func number() -> Int? {
      var value = 0
      while place < payload.count {
        let byte = payload[place]
        place += 1
        value += Int(byte)
        if byte != 0xff { return value }
      }
      return nil
    }
    // One byte ends the unit after the last message.
    while place + 2 < payload.count {
      guard let type = number(), let size = number(), size <= payload.count - place else { break }
      found.append(SupplementalMessage(type: type, bytes: Array(payload[place..<place + size])))
      place += size
    }
    return found
  }

  /// A unit of messages after its start code.
  func unit(of messages: [SupplementalMessage]) -> [UInt8] {
    var payload: [UInt8] = []
    for message in messages {
      for value in [message.type, message.bytes.count] {
        payload += [UInt8](repeating: 0xff, count: value / 255) + [UInt8(value % 255)]
      }
      payload += message.bytes
    }
    payload.append(0x80)
    return [0, 0, 0, 1] + (isHEVC ? [39 << 1, 1] : [6]) + Self.escaped(payload)
  }

  /// Removes the bytes of 3 that keep start codes out of units.
  static func unescaped(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
    var found: [UInt8] = []
    found.reserveCapacity(bytes.count)
    var zeros = 0
    for byte in bytes {
      if zeros >= 2 && byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      found.append(byte)
    }
    return found
  }

  static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    var made: [UInt8] = []
    var zeros = 0
    for byte in bytes {
      if zeros >= 2 && byte <= 3 {
        made.append(3)
        zeros = 0
      }
      zeros = byte == 0 ? zeros + 1 : 0
      made.append(byte)
    }
    return made
  }
}
