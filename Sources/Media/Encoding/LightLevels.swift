internal import CFFmpeg

/// The light of a high dynamic range video: the display that it was mastered on, and its light levels.
struct LightLevels {
  private let display: AVMasteringDisplayMetadata?
  private let light: AVContentLightMetadata?

  init(_ properties: PictureProperties) {
    let display = properties.picture.sideData(AV_FRAME_DATA_MASTERING_DISPLAY_METADATA)?
      .load(as: AVMasteringDisplayMetadata.self)
    self.display = display.flatMap { $0.has_primaries != 0 && $0.has_luminance != 0 ? $0 : nil }
    light = properties.picture.sideData(AV_FRAME_DATA_CONTENT_LIGHT_LEVEL)?
      .load(as: AVContentLightMetadata.self)
  }

  /// As options of x265, which knows no other way to be told.
  var x265Options: [String] {
    var options: [String] = []
    if let display {
      let places = Self.places(display)
      let points = ["G", "B", "R", "WP"].enumerated().map { "\($1)(\(places[2 * $0]),\(places[2 * $0 + 1]))" }
      let (most, least) = (display.max_luminance, display.min_luminance)
      options.append(
        "master-display=\(points.joined())L(\(Self.units(most, 10_000)),\(Self.units(least, 10_000)))")
    }
    if let light { options.append("max-cll=\(min(light.MaxCLL, 65535)),\(min(light.MaxFALL, 65535))") }
    return options.isEmpty ? [] : ["hdr10=1"] + options
  }

  /// As messages of H.264, whose encoder has no options for them.
  var messages: [SupplementalMessage] {
    var made: [SupplementalMessage] = []
    if let display {
      let places = Self.places(display).flatMap { [UInt8].number(min($0, 65535), bytes: 2) }
      let luminance = [display.max_luminance, display.min_luminance].flatMap {
        [UInt8].number(Self.units($0, 10_000), bytes: 4)
      }
      made.append(
        SupplementalMessage(type: SupplementalMessage.Kind.masteringDisplay, bytes: places + luminance))
    }
    if let light {
      let values = [light.MaxCLL, light.MaxFALL].flatMap { [UInt8].number(Int(min($0, 65535)), bytes: 2) }
      made.append(SupplementalMessage(type: SupplementalMessage.Kind.lightLevels, bytes: values))
    }
    return made
  }

  /// Coordinates (x, y) of green, blue, red and the white point, in units of 0.00002.
  private static func places(_ display: AVMasteringDisplayMetadata) -> [Int] {
    let (red, green, blue) = display.display_primaries
    let white = display.white_point
    return [green.0, green.1, blue.0, blue.1, red.0, red.1, white.0, white.1].map { units($0, 50_000) }
  }

  /// A ratio in whole parts of 1 / `parts`.
  private static func units(_ value: AVRational, _ parts: Double) -> Int {
    let product = value.den == 0 ? 0 : av_q2d(value) * parts
    return Int(min(max(product, 0), 4e9).rounded())
  }
}
