import Foundation

/// Videos of MP4 and QuickTime files that are turned for display, as telephones write them.
///
/// FFmpeg up to 6 turned a copy that was asked to by a tag, FFmpeg 7 does not; so the matrix in the track's header
/// is written here, with any FFmpeg.
public enum TurnedVideo {
  /// Writes a copy of a file whose videos players turn clockwise.
  public static func write(_ input: String, clockwise degrees: Int, to output: String) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: input)))
    guard try turn(&bytes, clockwise: degrees) > 0 else { throw NotTurned(file: input) }
    try Data(bytes).write(to: URL(fileURLWithPath: output))
  }

  /// Returns the number of tracks that were turned.
  private static func turn(_ bytes: inout [UInt8], clockwise degrees: Int) throws -> Int {
    let tracks = boxes("moov", in: 0..<bytes.count, of: bytes).flatMap { boxes("trak", in: $0, of: bytes) }
    var turned = 0
    for header in tracks.flatMap({ boxes("tkhd", in: $0, of: bytes) }) {
      // Times and the length take 64 bits each from version 1 on.
      let matrix = header.lowerBound + (bytes[header.lowerBound] == 0 ? 40 : 52)
      guard matrix + 44 <= header.upperBound else { continue }
      let (width, height) = (number(at: matrix + 36, of: bytes), number(at: matrix + 40, of: bytes))
      // Sound is 0 x 0.
      guard width > 0, height > 0 else { continue }
      for (row, values) in try rows(clockwise: degrees, width, height).enumerated() {
        for (column, value) in values.enumerated() {
          let place = matrix + 4 * (3 * row + column)
          bytes.replaceSubrange(place..<place + 4, with: [24, 16, 8, 0].map { UInt8(value >> $0 & 255) })
        }
      }
      turned += 1
    }
    return turned
  }

  /// The first two columns of the matrix in fractions of 65536; the last row moves the turned picture back to
  /// where it began.
  private static func rows(clockwise degrees: Int, _ width: UInt32, _ height: UInt32) throws -> [[UInt32]] {
    let one: UInt32 = 1 << 16
    let minusOne = 0 &- one
    switch degrees {
    case 90: return [[0, one], [minusOne, 0], [height, 0]]
    case 180: return [[minusOne, 0], [0, minusOne], [width, height]]
    case 270: return [[0, minusOne], [one, 0], [0, width]]
    default: throw NotTurned(file: "\(degrees) degrees")
    }
  }

  /// The contents of the boxes of one kind that lie in a range.
  private static func boxes(_ kind: String, in range: Range<Int>, of bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = range.lowerBound
    while place + 8 <= range.upperBound {
      // Zero means up to the end; one, a size of 64 bits, is not written for files of a test's size.
      let size = Int(number(at: place, of: bytes))
      let end = size == 0 ? range.upperBound : place + size
      guard end >= place + 8, end <= range.upperBound else { break }
      if bytes[place + 4..<place + 8].elementsEqual(kind.utf8) { found.append(place + 8..<end) }
      place = end
    }
    return found
  }

  private static func number(at place: Int, of bytes: [UInt8]) -> UInt32 {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

extension ScratchFolder {
  /// Writes a copy of an MP4 or QuickTime file of this folder whose video players turn clockwise.
  public func turn(_ input: String, clockwise degrees: Int, to output: String) throws {
    try TurnedVideo.write(file(input), clockwise: degrees, to: file(output))
  }
}

struct NotTurned: Error {
  var file: String
}
