internal import CFFmpeg
import Foundation
import Media
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

  /// Adds the content of a file, and returns its size in bytes.
  ///
  /// - Throws: `MediaError` of kind `.cannotRead` or `.readFailed`.
  @discardableResult
  func addFile(_ path: String) throws -> Int {
    guard let file = fopen(path, "rb") else {
      throw MediaError(.cannotRead, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var size = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { fread($0.baseAddress, 1, $0.count, file) }
      if count == 0 { break }
      buffer.withUnsafeBytes { add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      size += count
    }
    if ferror(file) != 0 {
      throw MediaError(.readFailed, "\(path) can't be read to its end: check the disk it is on")
    }
    return size
  }

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

  /// - Throws: `JobError` of kind `.input`, or `.tryAgain` where the disk fails.
  init(of path: String, isCancelled: () -> Bool = { false }) throws {
    let hash = ContentHash()
    let files = Self.files(path)
    if files.isEmpty { throw JobError.input("there is no file \(path)") }
    size = 0
    for file in files {
      if isCancelled() { throw JobError.stopped }
      if files.count > 1 { hash.add(PathName.name(of: file)) }
      do {
        size += try hash.addFile(file)
      } catch let error as MediaError {
        throw JobError(error, while: .reading)
      }
    }
    self.hash = hash.finishText()
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
