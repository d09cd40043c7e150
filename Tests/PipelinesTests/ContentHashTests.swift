import Foundation
import Kernels
import Synchronization
import TestSupport
import Testing

@testable import Pipelines

/// Vectors of FIPS 180-4 and of the NIST's example files.
@Suite struct ContentHashTests {
  private func hash(_ text: String) -> String {
    let hash = ContentHash()
    hash.add(Array(text.utf8))
    return hash.finishText()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func agreesWithTheStandard(text: String, digest: String) { #expect(hash(text) == digest) }

  @Test func piecesAndFilesGiveTheSame() throws {
    let bytes = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let whole = ContentHash()
    whole.add(bytes)
    let pieces = ContentHash()
    for start in stride(from: 0, to: bytes.count, by: 1000) {
      pieces.add(Array(bytes[start..<min(start + 1000, bytes.count)]))
    }
    let digest = whole.finishText()
    #expect(pieces.finishText() == digest)
    #expect(try ContentDigest(of: path) == ContentDigest(size: bytes.count, hash: digest))
    #expect(throws: JobError.self) { try ContentDigest(of: path + ".none") }
  }

  /// A sequence of three files, of which the first is as long as nothing, and the second longer than what is hashed at a time.
  private func sequence(in folder: ScratchFolder) throws -> String {
    for (number, size) in [0, 600_000, 70_000].enumerated() {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
      try Data(bytes).write(to: URL(fileURLWithPath: folder.file("f_\(number).bin")))
    }
    return folder.file("f_%d.bin")
  }

  @Test(arguments: [[], [1], [100, 300_000, 299_000, 500_000], [670_000], [9_000_000, 10]])
  func trailingReadersGivesTheSame(places: [Int]) throws {
    let folder = try ScratchFolder()
    let path = try sequence(in: folder)
    let whole = ContentHash()
    for number in 0..<3 {
      whole.add("f_\(number).bin")
      whole.add([UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("f_\(number).bin")))))
    }
    let hash = try TrailingHash(of: path)
    for place in places {
      hash.follow(to: place)
      // Never ahead of the reader.
      #expect(hash.position <= max(places.max() ?? 0, 0))
    }
    #expect(try hash.finish() == ContentDigest(size: 670_000, hash: whole.finishText()))
  }

  @Test func whatCannotBeReadIsToldAtTheEnd() throws {
    let folder = try ScratchFolder()
    let hash = try TrailingHash(of: sequence(in: folder))
    try FileManager.default.removeItem(atPath: folder.file("f_2.bin"))
    hash.follow(to: 670_000)
    #expect(throws: JobError.self) { try hash.finish() }
    #expect(throws: JobError.self) {
      try TrailingHash(of: sequence(in: folder)).finish(isCancelled: { true })
    }
  }

  /// However many read it at a time, and whether or not the one that makes the hash gets to its end.
  @Test(arguments: [false, true]) func anInputIsHashedOnce(fails: Bool) throws {
    let folder = try ScratchFolder()
    let path = try sequence(in: folder)
    let wanted = try ContentDigest(of: path)
    let hashes = InputHashes()
    let begun = Mutex(0)
    let found = Mutex<[ContentDigest]>([])
    parallelFor(4, threads: 4) { _ in
      let digest = try? hashes.digest(of: path, isCancelled: { false }) { hashUpTo in
        let number = begun.withLock { begun in
          begun += 1
          return begun
        }
        if fails && number == 1 { throw JobError.stopped }
        hashUpTo(300_000)
      }
      if let digest { found.withLock { $0.append(digest) } }
    }
    #expect(found.withLock { $0 } == Array(repeating: wanted, count: fails ? 3 : 4))
    if !fails {
      // Another would have to read the files that are no longer there.
      for number in 0..<3 { try FileManager.default.removeItem(atPath: folder.file("f_\(number).bin")) }
      #expect(try hashes.digest(of: path, isCancelled: { false }, while: { _ in }) == wanted)
    }
  }
}
