import Foundation

/// The first directory of EXIF data: a picture's orientation and density.
enum EXIFBlock {
  private static let orientationTag = 0x0112

  /// The orientation, 1 ... 8; nil where the data have none.
  static func orientation(of exif: [UInt8]) -> Int? {
    let data = Data(exif)
    let isLittle = exif.starts(with: Array("II".utf8))
    guard isLittle || exif.starts(with: Array("MM".utf8)),
      let first = data.number(at: 4, bytes: 4, littleEndian: isLittle),
      let count = data.number(at: first, bytes: 2, littleEndian: isLittle)
    else { return nil }
    for entry in 0..<count {
      let place = first + 2 + entry * 12
      guard let tag = data.number(at: place, bytes: 2, littleEndian: isLittle) else { return nil }
      guard tag == orientationTag else { continue }
      let value = data.number(at: place + 8, bytes: 2, littleEndian: isLittle)
      return value.flatMap { (1...8).contains($0) ? $0 : nil }
    }
    return nil
  }

  /// How a picture is turned clockwise after it was mirrored left to right, by its orientation 1 ... 8.
  private static let turns: [(degrees: Int, isMirrored: Bool)] = [
    (0, false), (0, true), (180, false), (180, true), (270, true), (90, false), (90, true), (270, false),
  ]

  static func turn(of orientation: Int) -> (degrees: Int, isMirrored: Bool) {
    turns.indices.contains(orientation - 1) ? turns[orientation - 1] : turns[0]
  }

  /// The orientation of a turn; nil for a picture that is shown as it is stored.
  static func orientation(degrees: Int, isMirrored: Bool) -> Int? {
    let quarter = Int((Double(degrees) / 90).rounded()) * 90 % 360
    return (2...8).first { turn(of: $0) == (quarter, isMirrored) }
  }

  /// EXIF data with orientation and density only.
  static func make(orientation: Int?, density: StillMetadata.Density?) -> [UInt8] {
    typealias Bytes = [UInt8]
    func number(_ value: Int, _ bytes: Int) -> Bytes { .number(value, bytes: bytes) }
    func entry(_ tag: Int, _ type: Int, _ value: Bytes) -> Bytes {
      number(tag, 2) + number(type, 2) + number(1, 4) + value
    }
    var entries: [Bytes] = []
    if let orientation {
      entries.append(entry(orientationTag, 3, number(orientation, 2) + [0, 0]))
    }
    var values: Bytes = []
    if let density, density.unit != .none {
      let start = 8 + 2 + (entries.count + 3) * 12 + 4
      for (place, value) in [density.x, density.y].enumerated() {
        entries.append(entry(0x011a + place, 5, number(start + place * 8, 4)))
        values += number(Int((value * 1000).rounded()), 4) + number(1000, 4)
      }
      entries.append(entry(0x0128, 3, number(density.unit == .inch ? 2 : 3, 2) + [0, 0]))
    }
    return Array("MM".utf8) + number(42, 2) + number(8, 4) + number(entries.count, 2) + entries.joined()
      + number(0, 4) + values
  }
}
