import Foundation
import Media
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
    let file = ContentHash()
    #expect(try file.addFile(path) == bytes.count)
    let digest = whole.finishText()
    #expect(pieces.finishText() == digest && file.finishText() == digest)
    #expect(throws: MediaError.self) { try ContentHash().addFile(path + ".none") }
  }
}
