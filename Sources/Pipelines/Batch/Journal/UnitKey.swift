import Frames
import Kernels
import Reconstruction

/// The hash of everything that a unit's solution depends on, and where the unit lies: what its file is called.
package struct UnitKey: Sendable, Equatable {
  private let place: String
  /// 32 bytes.
  let digest: [UInt8]

  /// Hashes the unit's samples, masks and settings, with the tool's version and the kind of processor: on another one the
  /// solution would differ in its last digits, and an output must not be put together of both.
  init(_ unit: any WorkUnit) throws {
    place = Self.text(unit.firstFrame, unit.frames, unit.box)
    let hash = ContentHash()
    hash.add(try "\(place) \(ToolVersion.current) \(Processor.kind) \(ReportJSON.line(unit.settings))")
    // By far the most bytes: as much work as decoding them, were they hashed as the rest is.
    let samples = SampleHash()
    unit.forEachPart { samples.add($0) }
    hash.add(samples.finish())
    digest = hash.finish()
  }

  /// - Returns: nil for a text that is no hash.
  package init?(_ place: UnitPlace, hexadecimal text: String) {
    guard text.utf8.count == 64 else { return nil }
    var digest: [UInt8] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      digest.append(byte)
      rest = rest.dropFirst(2)
    }
    self.digest = digest
    self.place = Self.text(place.first, place.frames, place.box)
  }

  private static func text(_ first: Int, _ frames: Int, _ box: Box) -> String {
    "\(first)-\(frames)-\(box.x)-\(box.y)-\(box.width)-\(box.height)"
  }

  var hexadecimal: String { digest.hexadecimal }

  /// The file's name.
  package var name: String { "\(place)-\(digest.prefix(8).hexadecimal)\(FileSolutionStore.suffix)" }
}
