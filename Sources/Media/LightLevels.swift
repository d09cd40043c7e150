internal import CFFmpeg

/// The light of a high dynamic range video, as encoders want to be told.
enum LightLevels {
  /// x265's options for what the first frame says about the display it was mastered on and about its light.
  static func x265Options(_ first: PictureProperties?) -> [String] {
    guard let picture = first?.picture else { return [] }
    var options: [String] = []
    if let data = av_frame_get_side_data(picture, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
      data.pointee.size >= MemoryLayout<AVMasteringDisplayMetadata>.size
    {
      let display = UnsafeRawPointer(data.pointee.data).loadUnaligned(as: AVMasteringDisplayMetadata.self)
      if display.has_primaries != 0 && display.has_luminance != 0 {
        let primaries = display.display_primaries
        let point = { (name: String, x: AVRational, y: AVRational) in
          "\(name)(\(units(x, 50_000)),\(units(y, 50_000)))"
        }
        options.append(
          "master-display=" + point("G", primaries.1.0, primaries.1.1)
            + point("B", primaries.2.0, primaries.2.1) + point("R", primaries.0.0, primaries.0.1)
            + point("WP", display.white_point.0, display.white_point.1)
            + "L(\(units(display.max_luminance, 10_000)),\(units(display.min_luminance, 10_000)))")
      }
    }
    if let data = av_frame_get_side_data(picture, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
      data.pointee.size >= MemoryLayout<AVContentLightMetadata>.size
    {
      let light = UnsafeRawPointer(data.pointee.data).loadUnaligned(as: AVContentLightMetadata.self)
      options.append("max-cll=\(min(light.MaxCLL, 65535)),\(min(light.MaxFALL, 65535))")
    }
    return options.isEmpty ? [] : ["hdr10=1"] + options
  }

  /// The same as messages of H.264, whose encoder has no options for them.
  static func messages(of properties: PictureProperties) -> [SupplementalMessage] {
    var made: [SupplementalMessage] = []
    if let data = properties.bytes(of: AV_FRAME_DATA_MASTERING_DISPLAY_METADATA),
      data.count >= MemoryLayout<AVMasteringDisplayMetadata>.size
    {
      let display = data.withUnsafeBytes { $0.loadUnaligned(as: AVMasteringDisplayMetadata.self) }
      if display.has_primaries != 0 && display.has_luminance != 0 {
        let points = display.display_primaries
        let (red, green, blue) = (points.0, points.1, points.2)
        let white = display.white_point
        let places = [green.0, green.1, blue.0, blue.1, red.0, red.1, white.0, white.1].flatMap {
          bytes(min(units($0, 50_000), 65535), 2)
        }
        let light = [display.max_luminance, display.min_luminance].flatMap { bytes(units($0, 10_000), 4) }
        made.append(
          SupplementalMessage(type: SupplementalMessage.Kind.masteringDisplay, bytes: places + light))
      }
    }
    if let data = properties.bytes(of: AV_FRAME_DATA_CONTENT_LIGHT_LEVEL),
      data.count >= MemoryLayout<AVContentLightMetadata>.size
    {
      let light = data.withUnsafeBytes { $0.loadUnaligned(as: AVContentLightMetadata.self) }
      let values = [light.MaxCLL, light.MaxFALL].flatMap { bytes(Int(min($0, 65535)), 2) }
      made.append(SupplementalMessage(type: SupplementalMessage.Kind.lightLevels, bytes: values))
    }
    return made
  }

  private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  /// A ratio in whole parts, as x265 reads it.
  private static func units(_ value: AVRational, _ parts: Double) -> Int {
    let product = value.den == 0 ? 0 : av_q2d(value) * parts
    return Int(min(max(product, 0), 4e9).rounded())
  }
}
