internal import CFFmpeg

/// Something that a picture, or the whole stream of them, carries beside samples, colours and times.
enum PictureContent: Hashable, Sendable {
  case captions, activeFormat, dolbyVision, dolbyVisionConfiguration, hdr10Plus, hdrVivid
  case masteringDisplay, lightLevels, stereo, spherical, panScan, timecode, groupTimecode, colourProfile
  case orientation
  /// Data of a program's own, by the identifier that the program chose.
  case userData(String)
  /// Data of a company's own, by the bytes that it is registered with.
  case registered(String)
  /// A message of H.264 or HEVC, by its number.
  case message(Int)
  /// Tags of the picture itself.
  case tag(String)
  /// Samples of another shape than those of the first picture.
  case sampleShape(Int32, Int32)
  /// Anything else, by FFmpeg's name.
  case other(String)

  /// Side data that the decoder adds, or that is about how the picture was coded.
  private static let aboutCoding: [AVFrameSideDataType] = [
    AV_FRAME_DATA_MOTION_VECTORS, AV_FRAME_DATA_VIDEO_ENC_PARAMS, AV_FRAME_DATA_REGIONS_OF_INTEREST,
    // Players follow the stream's.
    AV_FRAME_DATA_DISPLAYMATRIX,
  ]

  init?(_ data: AVFrameSideData) {
    switch data.type {
    case AV_FRAME_DATA_A53_CC: self = .captions
    case AV_FRAME_DATA_AFD: self = .activeFormat
    case AV_FRAME_DATA_DOVI_RPU_BUFFER, AV_FRAME_DATA_DOVI_METADATA: self = .dolbyVision
    case AV_FRAME_DATA_DYNAMIC_HDR_PLUS: self = .hdr10Plus
    case AV_FRAME_DATA_DYNAMIC_HDR_VIVID: self = .hdrVivid
    case AV_FRAME_DATA_MASTERING_DISPLAY_METADATA: self = .masteringDisplay
    case AV_FRAME_DATA_CONTENT_LIGHT_LEVEL: self = .lightLevels
    case AV_FRAME_DATA_STEREO3D: self = .stereo
    case AV_FRAME_DATA_SPHERICAL: self = .spherical
    case AV_FRAME_DATA_PANSCAN: self = .panScan
    case AV_FRAME_DATA_S12M_TIMECODE: self = .timecode
    case AV_FRAME_DATA_ICC_PROFILE: self = .colourProfile
    case AV_FRAME_DATA_GOP_TIMECODE:
      // Encoders write a time of zero where they were given none.
      let bits = UnsafeBufferPointer(start: data.data, count: data.size).load(as: Int64.self) ?? 0
      if bits & 0xff_ffff & ~(1 << 12) == 0 { return nil }
      self = .groupTimecode
    case AV_FRAME_DATA_SEI_UNREGISTERED:
      let bytes = Array(UnsafeBufferPointer(start: data.data, count: data.size))
      guard let found = Self.unregistered(bytes) else { return nil }
      self = found
    default:
      if Self.aboutCoding.contains(data.type) { return nil }
      let name = av_frame_side_data_name(data.type).map { String(cString: $0) }
      self = .other(name ?? "side data of type \(data.type.rawValue)")
    }
  }

  /// Side data of a stream; nil for what is about its coding.
  init?(stream type: AVPacketSideDataType) {
    switch type {
    case AV_PKT_DATA_STEREO3D: self = .stereo
    case AV_PKT_DATA_SPHERICAL: self = .spherical
    case AV_PKT_DATA_MASTERING_DISPLAY_METADATA: self = .masteringDisplay
    case AV_PKT_DATA_CONTENT_LIGHT_LEVEL: self = .lightLevels
    case AV_PKT_DATA_DISPLAYMATRIX: self = .orientation
    case AV_PKT_DATA_DOVI_CONF: self = .dolbyVisionConfiguration
    case AV_PKT_DATA_ICC_PROFILE: self = .colourProfile
    case AV_PKT_DATA_S12M_TIMECODE: self = .timecode
    case AV_PKT_DATA_CPB_PROPERTIES, AV_PKT_DATA_NEW_EXTRADATA, AV_PKT_DATA_PALETTE,
      AV_PKT_DATA_QUALITY_STATS:
      return nil
    default:
      let name = av_packet_side_data_name(type).map { String(cString: $0) }
      self = .other(name ?? "side data of type \(type.rawValue)")
    }
  }

  /// Identifiers of the settings that x264 and x265 write into pictures.
  private static let encoders = ["dc45e9bde6d948b7962cd820d923eeef", "2ca2de09b51747dbbb55a4fe7fc2fc4e"]

  /// Data of a program's own, which begins with its identifier; nil for the settings of an encoder.
  static func unregistered(_ bytes: [UInt8]) -> PictureContent? {
    let name = bytes.prefix(16).hexadecimal
    return encoders.contains(name) ? nil : .userData(name)
  }

  /// Its name in warnings.
  var name: String {
    switch self {
    case .captions: "the closed captions (CEA-608/708) in its pictures"
    case .activeFormat: "the active format description of its pictures (AFD)"
    case .dolbyVision: "the Dolby Vision metadata of its pictures (RPU)"
    case .dolbyVisionConfiguration: "the Dolby Vision configuration (dvcC)"
    case .hdr10Plus: "the dynamic HDR10+ metadata of its pictures"
    case .hdrVivid: "the dynamic HDR Vivid metadata of its pictures"
    case .masteringDisplay: "the light of the display that it was mastered on"
    case .lightLevels: "its greatest and average light levels"
    case .stereo: "how its two views are packed into a picture (stereo 3D)"
    case .spherical: "its spherical mapping (360°)"
    case .panScan: "the part of its pictures that narrow screens show (pan and scan)"
    case .timecode: "the time codes of its pictures (SMPTE 12M)"
    case .groupTimecode: "the time codes of its groups of pictures"
    case .colourProfile: "the colour profile (ICC)"
    case .orientation: "how players turn the picture"
    case .userData(let name): "the data of a program's own in its pictures (\(name))"
    case .registered(let start): "the data of a company's own in its pictures (T.35 \(start))"
    case .message(let number): "the messages of type \(number) in its pictures (SEI)"
    case .tag(let key): "the picture's tag \(key)"
    case .sampleShape(let width, let height): "samples of \(width):\(height)"
    case .other(let name): "\(name) of its pictures"
    }
  }
}
