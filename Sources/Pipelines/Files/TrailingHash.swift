import Foundation
import Media

/// The hash of the files of an input, made behind whoever reads them, while the system's memory still holds what was read: each
/// byte comes from the disk once.
final class TrailingHash {
  private let hash = ContentHash()
  private let files: [String]
  /// The number of the file at work, and the file itself, nil where it is still to be opened.
  private var number = 0
  private var file: HashedFile?
  /// Bytes that are hashed, of all files together.
  private(set) var position = 0
  private var failure: JobError?

  /// So many bytes are hashed at a time.
  private static let piece = 1 << 18

  /// Opens the first file.
  ///
  /// - Throws: `JobError` of kind `.input` where it can't be read.
  init(of path: String) throws {
    files = ContentDigest.files(path)
    if files.isEmpty { throw JobError.input("there is no file \(path)") }
    try open()
  }

  private func open() throws {
    let path = files[number]
    if files.count > 1 { hash.add(PathName.name(of: path)) }
    file = try JobError.during(.reading) { try HashedFile(path) }
  }

  /// Hashes what others have read. What goes wrong is told by `finish`.
  ///
  /// - Parameter place: bytes that were read of all files, in order.
  func follow(to place: Int) {
    if failure != nil { return }
    do {
      // What is shorter than a piece waits for more.
      while place - position >= Self.piece, try addPiece() {}
    } catch {
      failure = JobError(error, while: .reading)
    }
  }

  /// Hashes the rest.
  ///
  /// - Throws: `JobError` of kind `.input`, or `.tryAgain` where the disk failed.
  func finish(isCancelled: () -> Bool = { false }) throws -> ContentDigest {
    if let failure { throw failure }
    repeat {
      if isCancelled() { throw JobError.stopped }
    } while try addPiece()
    return ContentDigest(size: position, hash: hash.finishText())
  }

  /// - Returns: false at the end of the last file.
  private func addPiece() throws -> Bool {
    if number == files.count { return false }
    if file == nil { try open() }
    let count = try JobError.during(.reading) { try file?.add(atMost: Self.piece, to: hash) ?? 0 }
    position += count
    if count > 0 { return true }
    file = nil
    number += 1
    return number < files.count
  }
}

/// A file that is read from front to back for its hash. Open until `deinit`.
private final class HashedFile {
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var buffer: [UInt8] = []

  /// - Throws: `MediaError` of kind `.cannotRead`.
  init(_ path: String) throws {
    guard let file = fopen(path, "rb") else {
      throw MediaError(.cannotRead, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    (self.path, self.file) = (path, file)
    // Pieces are read whole: the library's own buffer would be a copy more.
    setvbuf(file, nil, _IONBF, 0)
  }

  deinit { fclose(file) }

  /// - Returns: the bytes that were added; 0 at the file's end.
  /// - Throws: `MediaError` of kind `.readFailed`.
  func add(atMost count: Int, to hash: ContentHash) throws -> Int {
    if buffer.count < count { buffer = [UInt8](repeating: 0, count: count) }
    let found = buffer.withUnsafeMutableBytes { fread($0.baseAddress, 1, count, file) }
    if found < count && ferror(file) != 0 {
      throw MediaError(.readFailed, "\(path) can't be read to its end: check the disk it is on")
    }
    buffer.withUnsafeBytes { hash.add(UnsafeRawBufferPointer(rebasing: $0[..<found])) }
    return found
  }
}
