import Foundation

/// The header of a BMP file, which has a density.
enum BMPHeader {
  /// The offset of the samples to a metre, across and down.
  private static let place = 38

  static func metadata(of data: Data) -> StillMetadata {
    var result = StillMetadata()
    // The oldest headers are shorter and have no density.
    guard let size = data.number(at: 14, bytes: 4, littleEndian: true), size >= 40 else { return result }
    let sides = [0, 4].compactMap { data.number(at: place + $0, bytes: 4, littleEndian: true) }
    if let x = sides.first, let y = sides.last, x > 0, y > 0 {
      result.density = .init(x: Double(x) * 0.0254, y: Double(y) * 0.0254, unit: .inch)
    }
    return result
  }

  static func file(_ data: Data, with metadata: StillMetadata) -> Data {
    guard let density = metadata.density, density.unit != .none, data.count >= place + 8 else { return data }
    let scale = density.unit == .inch ? 1 / 0.0254 : 100
    let sides = [density.x, density.y].map { Int(min(max(($0 * scale).rounded(), 1), 2e9)) }
    var result = Data(data)
    let numbers = sides.flatMap { [UInt8].number($0, bytes: 4, littleEndian: true) }
    result.replaceSubrange(place..<place + 8, with: numbers)
    return result
  }
}
