import Fitting
import Foundation
import Frames
import Reconstruction

/// Solved units in files, one each, in a folder of their own.
///
/// A file is written under a temporary name, synchronised to the disk and renamed, and ends with its own hash. A file that
/// is damaged, cut off or of another unit counts as missing.
struct FileSolutionStore: SolutionStore {
  let folder: String

  /// A file's first bytes. The number is raised when the format or the solver changes.
  private static let magic = Array("INRRWIN1".utf8)
  private static let digestCount = 32
  static let suffix = ".window"

  /// The part before the samples.
  private struct Header: Codable {
    var iterations: Int
    var stopReason: StopReason
    // Bits, so that every number comes back as it was.
    var heldOutError: UInt64
    var heldOutSamples: Int
    var weights: [EstimatorID: UInt64]
    /// Missing samples of each plane.
    var counts: [Int]
  }

  /// The hash of everything that a unit's solution depends on, and the file's name.
  private typealias Key = (digest: [UInt8], name: String)

  func solution(of unit: WorkUnit) -> SiteSolution? {
    guard let key = try? Self.key(unit),
      let data = FileManager.default.contents(atPath: "\(folder)/\(key.name)")
    else { return nil }
    return Self.solution(Array(data), key: key, samples: unit.samples)
  }

  func save(_ solution: SiteSolution, of unit: WorkUnit) throws {
    let key = try Self.key(unit)
    try AtomicFile.makeFolder(folder)
    let bytes = try Self.bytes(solution, key: key, samples: unit.samples)
    try AtomicFile.write(Data(bytes), to: "\(folder)/\(key.name)")
  }

  /// The number of windows that are kept here.
  var count: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) }.count
  }

  private static func key(_ unit: WorkUnit) throws -> Key {
    let box = unit.box
    let place = "\(unit.firstFrame)-\(unit.samples.frames)-\(box.x)-\(box.y)-\(box.width)-\(box.height)"
    let hash = ContentHash()
    hash.add(try "\(place) \(ToolVersion.current) \(ReportJSON.line(unit.settings))")
    for plane in unit.samples.planes {
      hash.add("\(plane.role.rawValue) \(plane.height) \(plane.width)")
      plane.values.withUnsafeBytes { hash.add($0) }
      hash.add(plane.states)
    }
    hash.add(unit.missing)
    let digest = hash.finish()
    return (digest, "\(place)-\(digest.prefix(8).hexadecimal)\(suffix)")
  }

  // MARK: Bytes: magic, the request's digest, the header's length, the header, samples, the hash of all that

  private static func bytes(_ solution: SiteSolution, key: Key, samples: MaskedSamples) throws -> [UInt8] {
    var found: [Float] = []
    var counts: [Int] = []
    for (plane, values) in zip(samples.planes, solution.estimate.planes) {
      let before = found.count
      for i in plane.states.indices where plane.states[i] == SampleState.missing { found.append(values[i]) }
      counts.append(found.count - before)
    }
    let header = Header(
      iterations: solution.iterations, stopReason: solution.stopReason,
      heldOutError: solution.heldOut.squares.bitPattern, heldOutSamples: solution.heldOut.samples,
      weights: solution.weights.mapValues(\.bitPattern), counts: counts)
    let text = Array(try ReportJSON.line(header).utf8)
    var bytes = magic + key.digest
    withUnsafeBytes(of: UInt32(clamping: text.count).littleEndian) { bytes += $0 }
    bytes += text
    found.withUnsafeBytes { bytes += $0 }
    let hash = ContentHash()
    hash.add(bytes)
    return bytes + hash.finish()
  }

  private static func solution(_ bytes: [UInt8], key: Key, samples: MaskedSamples) -> SiteSolution? {
    let start = magic.count + digestCount
    guard bytes.count >= start + 4 + digestCount, Array(bytes[..<start]) == magic + key.digest else {
      return nil
    }
    let end = bytes.count - digestCount
    let hash = ContentHash()
    bytes.withUnsafeBytes { hash.add(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    guard hash.finish() == Array(bytes[end...]) else { return nil }
    let length = (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
    let first = start + 4
    guard length <= end - first,
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[first..<first + length]))
    else { return nil }
    let missing = samples.planes.map { plane in plane.states.count { $0 == SampleState.missing } }
    let size = MemoryLayout<Float>.size
    guard header.counts == missing, missing.reduce(0, +) * size == end - first - length else { return nil }
    var offset = first + length
    let planes = samples.planes.map { plane in
      var values = [Float](repeating: 0, count: plane.states.count)
      for i in plane.states.indices where plane.states[i] == SampleState.missing {
        let bits = (0..<size).reduce(UInt32(0)) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
        values[i] = Float(bitPattern: bits)
        offset += size
      }
      return values
    }
    return SiteSolution(
      estimate: Estimate(planes: planes), iterations: header.iterations, stopReason: header.stopReason,
      heldOut: ErrorSum(squares: Double(bitPattern: header.heldOutError), samples: header.heldOutSamples),
      weights: header.weights.mapValues { Double(bitPattern: $0) })
  }
}
