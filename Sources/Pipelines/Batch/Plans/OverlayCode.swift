import Foundation
import Overlays

/// What was found out about overlays in a plan's bytes, from which every number comes back as it was.
enum OverlayCode {
  private static let (infinite, negative, none) = ("inf", "-inf", "nan")

  static func encoded(_ findings: [OverlayFinding]) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinite, negativeInfinity: negative, nan: none)
    return try encoder.encode(findings)
  }

  /// - Throws: `DecodingError` for bytes that are no findings.
  static func findings(_ data: Data) throws -> [OverlayFinding] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinite, negativeInfinity: negative, nan: none)
    return try decoder.decode([OverlayFinding].self, from: data)
  }
}
