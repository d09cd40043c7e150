/// A message (SEI) that pictures of H.264 and HEVC carry beside their samples.
struct SupplementalMessage: Hashable, Sendable {
  /// Numbers of messages, which are the same in both standards.
  enum Kind {
    static let registered = 4
    static let unregistered = 5
    static let framePacking = 45
    static let orientation = 47
    static let timeCode = 136
    static let masteringDisplay = 137
    static let lightLevels = 144
    /// Not a message of the standards but a unit of its own after the picture.
    static let dolbyVision = -62
  }

  var type: Int
  /// The message, without the bytes that keep start codes out of units.
  var bytes: [UInt8]

  /// Numbers of messages that are wrong once the pictures are encoded again: those about how they are coded, and those that
  /// the decoder applied, such as film grain.
  private static let aboutCoding: Set<Int> = Set([0, 1, 2, 3, 6, 128, 129, 130, 131, 132, 133, 134, 135, 146])
    .union(7...22).union(24...44).union([46])

  /// What the message holds; nil for messages about coding.
  var content: PictureContent? {
    switch type {
    case Kind.registered: return registeredContent
    case Kind.unregistered: return PictureContent.unregistered(bytes)
    case Kind.framePacking: return .stereo
    case Kind.orientation: return .orientation
    case Kind.timeCode: return .timecode
    case Kind.masteringDisplay: return .masteringDisplay
    case Kind.lightLevels: return .lightLevels
    case Kind.dolbyVision: return .dolbyVision
    default: return Self.aboutCoding.contains(type) ? nil : .message(type)
    }
  }

  /// By country, company and what the company says (ITU-T T.35).
  private var registeredContent: PictureContent {
    let isAmerican = bytes.first == 0xb5 && bytes.count >= 3
    let company = isAmerican ? Int(bytes[1]) << 8 | Int(bytes[2]) : 0
    let rest = bytes.dropFirst(3)
    switch company {
    case 0x31 where rest.starts(with: Array("GA94".utf8)) && rest.dropFirst(4).first == 3: return .captions
    case 0x31 where rest.starts(with: Array("DTG1".utf8)): return .activeFormat
    case 0x3c where rest.starts(with: [0, 1, 4]): return .hdr10Plus
    case 0x3b: return .dolbyVision
    default: break
    }
    if bytes.starts(with: [0x26, 0, 4]) { return .hdrVivid }
    return .registered(bytes.prefix(5).hexadecimal)
  }

  /// Closed captions of a picture, three bytes each, in the message of CEA-708.
  static func captions(_ triplets: [UInt8]) -> SupplementalMessage? {
    let count = triplets.count / 3
    guard (1...31).contains(count) else { return nil }
    let head: [UInt8] = [0xb5, 0, 0x31] + Array("GA94".utf8) + [3, 0x40 | UInt8(count), 0xff]
    return SupplementalMessage(type: Kind.registered, bytes: head + triplets.prefix(count * 3) + [0xff])
  }

  /// Which part of the picture is to be shown.
  static func activeFormat(_ value: UInt8) -> SupplementalMessage {
    SupplementalMessage(type: Kind.registered, bytes: [0xb5, 0, 0x31] + activeFormatData(value))
  }

  /// The same for the user data of MPEG-2.
  static func activeFormatData(_ value: UInt8) -> [UInt8] {
    Array("DTG1".utf8) + [0x41, 0xf0 | (value & 0xf)]
  }
}
