import Fitting
import Foundation
import Frames
import Reconstruction

/// Solved units in files, one each, in a folder of their own.
///
/// A file is written under a temporary name, synchronised to the disk and renamed, and ends with its own hash. A file that
/// is damaged, cut off or of another unit counts as missing.
package struct FileSolutionStore: SolutionStore {
  let folder: String

  package init(folder: String) { self.folder = folder }

  /// A file's first bytes. The number is raised when the format or the solver changes.
  private static let magic = Array("INRRWIN3".utf8)
  private static let digestCount = 32
  static let suffix = ".window"

  /// The part before the samples.
  private struct Header: Codable {
    var iterations: Int
    var stopReason: StopReason
    // Bits, so that every number comes back as it was.
    var heldOutError: UInt64
    var heldOutSamples: Int
    /// Nil where it can't be told.
    var expected: Expected?
    var weights: [EstimatorID: UInt64]
    /// Missing samples of each plane of each frame.
    var counts: [[Int]]

    struct Expected: Codable {
      var error: UInt64
      var samples: Int
      var deviation: UInt64

      init(_ expected: ExpectedError) {
        (error, samples) = (expected.error.squares.bitPattern, expected.error.samples)
        deviation = expected.deviation.bitPattern
      }

      var value: ExpectedError {
        ExpectedError(
          error: ErrorSum(squares: Double(bitPattern: error), samples: samples),
          deviation: Double(bitPattern: deviation))
      }
    }
  }

  package func solution(of unit: any WorkUnit) -> UnitSolution? {
    guard let key = try? UnitKey(unit) else { return nil }
    return solution(key, counts: unit.missingCounts)
  }

  package func save(_ solution: UnitSolution, of unit: any WorkUnit) throws {
    try save(solution, UnitKey(unit))
  }

  /// - Parameter counts: missing samples of each plane of each frame.
  func solution(_ key: UnitKey, counts: [[Int]]) -> UnitSolution? {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(key.name)") else { return nil }
    return Self.solution(Array(data), key: key, counts: counts)
  }

  package func save(_ solution: UnitSolution, _ key: UnitKey) throws {
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(Data(try Self.bytes(solution, key: key)), to: "\(folder)/\(key.name)")
  }

  /// Whether there is a file for a unit, whatever it holds.
  func hasFile(_ key: UnitKey) -> Bool { access("\(folder)/\(key.name)", R_OK) == 0 }

  /// Whether a unit's file is there in its full length. What it holds is compared with its checksum when it is read.
  func isComplete(_ key: UnitKey) -> Bool {
    guard let file = fopen("\(folder)/\(key.name)", "rb") else { return false }
    defer { fclose(file) }
    var status = stat()
    let start = Self.magic.count + Self.digestCount + 4
    guard fstat(fileno(file), &status) == 0 else { return false }
    func bytes(_ count: Int) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: count) { $1 = fread($0.baseAddress, 1, count, file) }
    }
    let head = bytes(start)
    guard head.count == start, Array(head.dropLast(4)) == Self.magic + key.digest else { return false }
    let length = Self.headerLength(head)
    guard length <= Int(status.st_size) - start,
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes(length)))
    else { return false }
    var size = start + length + Self.digestCount
    for count in header.counts.joined() {
      let (samples, overflows) = count.multipliedReportingOverflow(by: MemoryLayout<Float>.size)
      let (sum, isTooLong) = size.addingReportingOverflow(samples)
      if overflows || isTooLong { return false }
      size = sum
    }
    return size == Int(status.st_size)
  }

  /// The length of the header, by the bytes before it.
  private static func headerLength(_ bytes: [UInt8]) -> Int {
    let start = magic.count + digestCount
    return (0..<4).reduce(0) { $0 | Int(bytes[start + $1]) << (8 * $1) }
  }

  /// Whether a unit's file is whole, by its checksum.
  func isWhole(_ key: UnitKey) -> Bool {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(key.name)") else { return false }
    return Self.isWhole(Array(data), key: key)
  }

  /// The number of windows that are kept here.
  var count: Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(Self.suffix) }.count
  }

  // MARK: Bytes: magic, the request's digest, the header's length, the header, samples, the hash of all that

  private static func bytes(_ solution: UnitSolution, key: UnitKey) throws -> [UInt8] {
    let header = Header(
      iterations: solution.iterations, stopReason: solution.stopReason,
      heldOutError: solution.heldOut.squares.bitPattern, heldOutSamples: solution.heldOut.samples,
      expected: solution.expected.map(Header.Expected.init),
      weights: solution.weights.mapValues(\.bitPattern), counts: solution.values.map { $0.map(\.count) })
    let text = Array(try ReportJSON.line(header).utf8)
    var bytes = magic + key.digest
    withUnsafeBytes(of: UInt32(clamping: text.count).littleEndian) { bytes += $0 }
    bytes += text
    for frame in solution.values {
      for plane in frame { plane.withUnsafeBytes { bytes += $0 } }
    }
    let hash = ContentHash()
    hash.add(bytes)
    return bytes + hash.finish()
  }

  private static func isWhole(_ bytes: [UInt8], key: UnitKey) -> Bool {
    let start = magic.count + digestCount
    guard bytes.count >= start + 4 + digestCount, Array(bytes[..<start]) == magic + key.digest else {
      return false
    }
    let end = bytes.count - digestCount
    let hash = ContentHash()
    bytes.withUnsafeBytes { hash.add(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
    return hash.finish() == Array(bytes[end...])
  }

  /// - Parameter bytes: those of a file.
  package static func solution(_ bytes: [UInt8], key: UnitKey, counts: [[Int]]) -> UnitSolution? {
    guard isWhole(bytes, key: key) else { return nil }
    let start = magic.count + digestCount
    let end = bytes.count - digestCount
    let length = headerLength(bytes)
    let first = start + 4
    guard length <= end - first,
      let header = try? JSONDecoder().decode(Header.self, from: Data(bytes[first..<first + length]))
    else { return nil }
    let size = MemoryLayout<Float>.size
    guard header.counts == counts, counts.joined().reduce(0, +) * size == end - first - length else {
      return nil
    }
    var offset = first + length
    let values = counts.map { frame in
      frame.map { count in
        let samples = bytes[offset..<offset + count * size]
        offset += samples.count
        return [Float](unsafeUninitializedCapacity: count) { values, filled in
          UnsafeMutableRawBufferPointer(values).copyBytes(from: samples)
          filled = count
        }
      }
    }
    return UnitSolution(
      values: values, iterations: header.iterations, stopReason: header.stopReason,
      heldOut: ErrorSum(squares: Double(bitPattern: header.heldOutError), samples: header.heldOutSamples),
      expected: header.expected?.value,
      weights: header.weights.mapValues { Double(bitPattern: $0) })
  }
}
