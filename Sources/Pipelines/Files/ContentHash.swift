internal import CFFmpeg
import Foundation
import Volumes

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece, as libavutil computes it.
///
/// Owns libavutil's state and frees it once.
package final class ContentHash {
  private let state: OpaquePointer

  init() {
    // A few hundred bytes. Without them Swift's own allocations would end the process too.
    guard let state = av_sha_alloc(), av_sha_init(state, 256) == 0 else {
      fatalError("there is no memory for the state of a hash")
    }
    self.state = state
  }

  deinit { av_free(UnsafeMutableRawPointer(state)) }

  func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
    av_sha_update(state, base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }

  func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  /// Adds a text and a zero byte, so that two texts do not hash as their concatenation.
  func add(_ text: String) { add(Array(text.utf8) + [0]) }

  /// The hash of some bytes.
  package static func digest(_ bytes: [UInt8]) -> [UInt8] {
    let hash = ContentHash()
    hash.add(bytes)
    return hash.finish()
  }

  /// The 32 bytes of the hash. Nothing can be added after it.
  func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    av_sha_final(state, &digest)
    return digest
  }

  /// The hash in 64 hexadecimal digits. Nothing can be added after it.
  func finishText() -> String { finish().hexadecimal }

  /// The hash of a text in 64 hexadecimal digits.
  static func text(of text: String) -> String {
    let hash = ContentHash()
    hash.add(text)
    return hash.finishText()
  }
}

/// Size and hash of a file, of the files in a folder, or of a numbered sequence of images.
struct ContentDigest: Equatable {
  var size: Int
  var hash: String
}

extension ContentDigest {
  /// - Throws: `JobError` of kind `.input`, or `.tryAgain` where the disk fails.
  init(of path: String, isCancelled: () -> Bool = { false }) throws {
    let hash = try TrailingHash(of: path)
    self = try hash.finish(isCancelled: isCancelled)
  }

  static func files(_ path: String) -> [String] {
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      if !isFolder.boolValue { return [path] }
      let names = (try? manager.contentsOfDirectory(atPath: path)) ?? []
      return names.sorted().map { "\(path)/\($0)" }.filter {
        manager.fileExists(atPath: $0, isDirectory: &isFolder) && !isFolder.boolValue
      }
    }
    // An array of an archive.
    if let colon = path.lastIndex(of: ":"), VolumeFile.isVolume(path) { return files(String(path[..<colon])) }
    let name = PathName.name(of: path)
    guard let number = name.range(of: "%[0-9]*d", options: .regularExpression) else { return [] }
    let folder = PathName.folder(of: path)
    let (before, after) = (name[..<number.lowerBound], name[number.upperBound...])
    let names = (try? manager.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.filter { name in
      name.hasPrefix(before) && name.hasSuffix(after) && name.count > before.count + after.count
        && name.dropFirst(before.count).dropLast(after.count).allSatisfy(\.isNumber)
    }.sorted().map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
  }
}
