import Detection
import Foundation
import Frames
import Media

/// A scene of a video and what was found in it, without its frames' samples.
struct SceneRecord: Equatable {
  struct Entry: Equatable {
    /// Tells the frame from any other.
    var hash: [UInt8]
    /// Positions of their frames count from this one.
    var finds: [Find]
  }

  /// The time stamp of its first frame.
  var time: Int64
  var frames: [Entry] = []

  /// A frame's time stamp in units of the stream's time base.
  static func time(of frame: Frame) -> Int64? { (frame.attachment as? DecodedPicture)?.pts }

  static func hash(of frame: Frame) -> [UInt8] {
    let hash = SampleHash()
    for plane in frame.planes {
      switch plane {
      case .bytes(let samples): samples.withUnsafeBytes { hash.add($0) }
      case .words(let samples): samples.withUnsafeBytes { hash.add($0) }
      }
    }
    return hash.finish()
  }

  mutating func add(_ found: FoundFrame) {
    let finds = found.finds.map { $0.moved(by: -found.frame.index) }
    frames.append(Entry(hash: Self.hash(of: found.frame), finds: finds))
  }
}

extension Find {
  /// The same in frames whose numbers are others by so many.
  func moved(by frames: Int) -> Find {
    var find = self
    find.frames = self.frames.lowerBound + frames..<self.frames.upperBound + frames
    return find
  }
}

/// Scenes in bytes: numbers of seven bits a byte, behind them a hash of all.
enum SceneCode {
  private static let magic = Array("INRRSCN1".utf8)

  static func encoded(_ scenes: [SceneRecord]) -> Data {
    var code = magic
    func put(_ number: Int) {
      // Signs last, so that small numbers are short.
      var rest = UInt64(bitPattern: Int64(number << 1 ^ number >> (Int.bitWidth - 1)))
      while rest >= 0x80 {
        code.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      code.append(UInt8(rest))
    }
    put(scenes.count)
    for scene in scenes {
      put(Int(scene.time))
      put(scene.frames.count)
      for frame in scene.frames {
        code += frame.hash
        put(frame.finds.count)
        for find in frame.finds {
          put(DamageKind.allCases.firstIndex(of: find.kind) ?? 0)
          put(find.frames.lowerBound)
          put(find.frames.count)
          put(Int(find.confidence.bitPattern))
          put(find.parts.count)
          var row = 0
          for part in find.parts {
            for number in [part.y - row, part.x, part.width, part.height] { put(number) }
            row = part.y
          }
        }
      }
    }
    return Data(code + ContentHash.digest(code))
  }

  /// - Returns: nil for bytes that are no scenes, or damaged.
  static func scenes(_ data: Data) -> [SceneRecord]? {
    let bytes = Array(data)
    let end = bytes.count - 32
    guard end >= magic.count, Array(bytes[..<magic.count]) == magic,
      ContentHash.digest(Array(bytes[..<end])) == Array(bytes[end...])
    else { return nil }
    var source = Source(bytes: bytes[magic.count..<end])
    return source.scenes()
  }

  private struct Source {
    var bytes: ArraySlice<UInt8>

    mutating func number() -> Int? {
      var (value, shift) = (UInt64(0), UInt64(0))
      while let byte = bytes.popFirst(), shift < 64 {
        value |= UInt64(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return Int(Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)) }
        shift += 7
      }
      return nil
    }

    /// A number of things that follow, each of which takes a byte at least.
    mutating func count() -> Int? {
      number().flatMap { (0...bytes.count).contains($0) ? $0 : nil }
    }

    mutating func scenes() -> [SceneRecord]? {
      guard let count = count() else { return nil }
      var scenes: [SceneRecord] = []
      for _ in 0..<count {
        guard let time = number(), let frames = self.count() else { return nil }
        var scene = SceneRecord(time: Int64(time))
        for _ in 0..<frames {
          let hash = Array(bytes.prefix(16))
          bytes = bytes.dropFirst(16)
          guard hash.count == 16, let finds = finds() else { return nil }
          scene.frames.append(.init(hash: hash, finds: finds))
        }
        scenes.append(scene)
      }
      return scenes
    }

    private mutating func finds() -> [Find]? {
      guard let count = count() else { return nil }
      var finds: [Find] = []
      for _ in 0..<count {
        guard let kind = number(), DamageKind.allCases.indices.contains(kind), let first = number(),
          let frames = number(), let confidence = number().flatMap(UInt32.init(exactly:)),
          let parts = self.parts(),
          abs(first) < 1 << 40, (0..<1 << 40).contains(frames)
        else { return nil }
        finds.append(
          Find(
            kind: DamageKind.allCases[kind], frames: first..<first + frames,
            confidence: Float(bitPattern: confidence), parts: parts))
      }
      return finds
    }

    private mutating func parts() -> [Box]? {
      guard let count = count(), count > 0 else { return nil }
      let bound = 0..<1 << 24
      var parts: [Box] = []
      var row = 0
      for _ in 0..<count {
        guard let down = number(), let x = number(), let width = number(), let height = number(),
          abs(down) < 1 << 24, bound.contains(row + down), bound.contains(x), bound.contains(width),
          bound.contains(height)
        else { return nil }
        row += down
        parts.append(Box(x: x, y: row, width: width, height: height))
      }
      return parts
    }
  }
}
