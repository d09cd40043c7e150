import Foundation

/// Files with what FFmpeg's command line can't write: boxes of MP4 and messages of H.264 and HEVC.
enum Contents {
  // MARK: Boxes

  static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func box(_ type: String, _ contents: [UInt8]) -> [UInt8] {
    number(contents.count + 8) + Array(type.utf8) + contents
  }

  /// Adds a box at the end of another one, which a path of names leads to; the file's description is its end.
  static func insert(_ added: [UInt8], into file: [UInt8], at path: [String]) -> [UInt8] {
    let heads = ["stsd": 8, "avc1": 78, "hvc1": 78, "hev1": 78]
    var bytes = file
    var (start, end) = (0, file.count)
    var opened: [Int] = []
    for name in path {
      var place = start
      while place + 8 <= end {
        let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
        if String(decoding: bytes[place + 4..<place + 8], as: UTF8.self) == name {
          opened.append(place)
          (start, end) = (place + 8 + (heads[name] ?? 0), place + size)
          break
        }
        place += size
      }
    }
    guard opened.count == path.count else { return [] }
    bytes.insert(contentsOf: added, at: end)
    for place in opened {
      let size = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } + added.count
      bytes.replaceSubrange(place..<place + 4, with: number(size))
    }
    return bytes
  }

  static let sampleEntry = ["moov", "trak", "mdia", "minf", "stbl", "stsd"]

  /// Two views above each other, on a sphere that is turned by 10 and 20 degrees.
  static let views: [UInt8] =
    box("st3d", [0, 0, 0, 0, 1])
    + box(
      "sv3d",
      box("svhd", [0, 0, 0, 0, 0])
        + box(
          "proj",
          box("prhd", [0, 0, 0, 0] + number(10 << 16) + number(20 << 16) + number(0))
            + box("equi", [UInt8](repeating: 0, count: 20))))

  /// Dolby Vision of a profile, with its metadata and, if told so, a second layer.
  static func dolbyVision(profile: UInt8, hasSecondLayer: Bool) -> [UInt8] {
    let flags: UInt8 = 0x05 | (hasSecondLayer ? 0x02 : 0)
    let start: [UInt8] = [1, 0, profile << 1, 0x08 | flags, profile == 8 ? 0x10 : 0]
    return box("dvcC", start + [UInt8](repeating: 0, count: 19))
  }

  // MARK: Messages

  static func captions(_ letter: UInt8) -> [UInt8] {
    [0xb5, 0, 0x31] + Array("GA94".utf8) + [3, 0x41, 0xff, 0xfc, letter, 0x80, 0xff]
  }

  /// HDR10+ by its registration; the rest differs by picture.
  static func dynamicLight(_ number: UInt8) -> [UInt8] {
    [0xb5, 0, 0x3c, 0, 1, 4, 1, 0x40, 0, 0, 0, 0, 1, number, 0, 0, 2]
  }

  /// Puts units into a stream with start codes: messages before each picture, and a unit of another type behind it.
  static func withMessages(
    _ stream: [UInt8], isHEVC: Bool, message: (Int) -> [UInt8]?, behind: (Int) -> [UInt8]? = { _ in nil }
  ) -> [UInt8] {
    var made: [UInt8] = []
    var pictures = 0
    for unit in units(of: stream) {
      let type = isHEVC ? (unit[0] >> 1) & 0x3f : unit[0] & 0x1f
      let isPicture = isHEVC ? type < 32 : (1...5).contains(type)
      let isFirst = isPicture && unit[isHEVC ? 2 : 1] & 0x80 != 0
      if isFirst, let bytes = message(pictures) {
        let payload = escaped([4, UInt8(bytes.count)] + bytes + [0x80])
        made += [0, 0, 0, 1] + (isHEVC ? [0x4e, 1] : [6]) + payload
      }
      made += [0, 0, 0, 1] + unit
      if isFirst {
        if let bytes = behind(pictures) { made += [0, 0, 0, 1, 0x7c, 1] + escaped(bytes) }
        pictures += 1
      }
    }
    return made
  }

  private static func units(of stream: [UInt8]) -> [[UInt8]] {
    var starts: [Int] = []
    var place = 0
    while place + 3 <= stream.count {
      if stream[place] == 0 && stream[place + 1] == 0 && stream[place + 2] == 1 {
        starts.append(place + 3)
        place += 3
      } else {
        place += 1
      }
    }
    return zip(starts, starts.dropFirst() + [stream.count + 3]).map { start, next in
      var unit = Array(stream[start..<next - 3])
      while unit.last == 0 { unit.removeLast() }
      return unit
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    var made: [UInt8] = []
    for byte in bytes {
      if byte <= 3 && made.count >= 2 && made.suffix(2) == [0, 0] { made.append(3) }
      made.append(byte)
    }
    return made
  }
}

extension TemporaryFolder {
  func bytes(_ name: String) throws -> [UInt8] { Array(try data(name)) }

  func write(_ bytes: [UInt8], _ name: String) throws {
    try Data(bytes).write(to: url.appendingPathComponent(name))
  }

  /// Eight pictures of a codec in a container, each with messages.
  func makeMessages(
    _ name: String, codec: String, message: (Int) -> [UInt8]?, behind: (Int) -> [UInt8]? = { _ in nil }
  ) throws {
    let isHEVC = codec == "hevc"
    let encoder = isHEVC ? "libx265 -x265-params log-level=none:bframes=0" : "libx264 -bf 0"
    try ffmpeg(
      "-f lavfi -i testsrc2=s=96x64:r=25,trim=end_frame=8 -pix_fmt yuv420p -c:v \(encoder) \(path("raw.\(codec)"))"
    )
    try write(
      Contents.withMessages(bytes("raw.\(codec)"), isHEVC: isHEVC, message: message, behind: behind),
      "made.\(codec)")
    try ffmpeg(
      "-r 25 -i \(path("made.\(codec)")) -c copy -bsf:v setts=pts=DTS \(path("made.ts"))")
    try ffmpeg("-i \(path("made.ts")) -map 0 -c copy \(path(name))")
  }
}
