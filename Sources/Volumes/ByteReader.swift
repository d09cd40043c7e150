internal import CZlib
import Foundation

/// Reads a file from front to back. Files that begin like a .gz file are inflated.
final class ByteReader {
  let path: String
  let isCompressed: Bool
  /// Bytes on the disk.
  let fileSize: Int
  /// Open until `deinit`. zlib reads files that are not compressed as they are.
  private let file: gzFile

  /// The largest ratio of deflate (RFC 1951: 258 bytes by two bits).
  static let largestRatio = 1032
  /// A file with more than this behind its voxels is taken for damaged.
  static let largestTail = 1 << 26

  /// - Throws: `VolumeError`.
  init(path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { throw VolumeError.cannotOpen(path, errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw VolumeError(.cannotRead, "\(path) is no regular file: volumes are read from files")
    }
    guard let file = gzopen(path, "rb") else { throw VolumeError.cannotOpen(path, errno) }
    gzbuffer(file, 1 << 17)
    (self.path, self.file, fileSize) = (path, file, Int(status.st_size))
    isCompressed = gzdirect(file) == 0
  }

  deinit { gzclose(file) }

  /// The most bytes that the file can hold.
  var mostBytes: Int {
    if !isCompressed { return fileSize }
    let (most, overflow) = fileSize.multipliedReportingOverflow(by: Self.largestRatio)
    return overflow ? .max : most
  }

  /// Fills `target`, of at most 1 GiB, from its start.
  ///
  /// - Returns: the number of bytes, fewer than asked for at the end of the file only.
  private func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = gzread(file, target.baseAddress, UInt32(target.count))
    if count == target.count { return target.count }
    var code = Z_OK
    _ = gzerror(file, &code)
    switch code {
    case Z_OK, Z_STREAM_END: return max(Int(count), 0)
    case Z_ERRNO: throw VolumeError(.readFailed, "\(path) can't be read: \(String(cString: strerror(errno)))")
    case Z_BUF_ERROR: throw VolumeError(.cannotRead, "\(path) is cut short: its compressed data ends early")
    case Z_MEM_ERROR: throw VolumeError(.cannotRead, "\(path) can't be inflated: memory is full")
    default: throw VolumeError(.cannotRead, "\(path) is damaged: its compressed data can't be inflated")
    }
  }

  /// Checks that a large compressed file holds as many bytes as its header says, before memory is taken for them. The
  /// file's last four bytes tell its length; where they don't agree, all of it is inflated and counted.
  ///
  /// - Parameter tail: bytes that may follow.
  /// - Throws: `VolumeError` where there are fewer.
  private func checkLength(_ count: Int, tail: Int) throws {
    guard isCompressed, count > Self.largestUnchecked, let announced = try lastNumber() else { return }
    // The length is given modulo 2^32, and in files of several members it is that of the last one only.
    let further = announced &- UInt32(truncatingIfNeeded: count)
    if Int(further) <= tail { return }
    let other = try ByteReader(path: path)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    var found = 0
    while found < count {
      let added = try other.read(into: piece)
      found += added
      if added < piece.count { break }
    }
    guard found >= count else {
      throw VolumeError(
        .cannotRead, "\(path) is cut short: \(count) bytes were announced, \(found) are there")
    }
  }

  /// Content of up to so many bytes is not checked.
  private static let largestUnchecked = 1 << 28

  /// The file's last four bytes as a little-endian number; nil for shorter files.
  private func lastNumber() throws -> UInt32? {
    guard let handle = FileHandle(forReadingAtPath: path), fileSize >= 4 else { return nil }
    defer { try? handle.close() }
    do {
      try handle.seek(toOffset: UInt64(fileSize - 4))
      return try handle.read(upToCount: 4)?.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    } catch {
      throw VolumeError(.readFailed, "\(path) can't be read: \(error.localizedDescription)")
    }
  }

  /// A file that begins with `head`, which was read before: all of its bytes.
  ///
  /// - Parameters:
  ///   - count: bytes that its header announces. Where there are fewer, the result is shorter.
  ///   - tail: bytes that may follow, fewer than this.
  /// - Throws: `VolumeError`.
  func contents(after head: VoxelBuffer, count: Int, tail: Int = largestTail) throws -> VoxelBuffer {
    try checkLength(count, tail: tail)
    let all = VoxelBuffer(capacity: count)
    all.append(head)
    _ = try read(max(count - all.count, 0), into: all)
    let rest = VoxelBuffer()
    guard try read(max(tail, 1), into: rest, piece: 1 << 20) < max(tail, 1) else {
      throw VolumeError(.cannotRead, "\(path) is damaged: more than 64 MiB follow its voxels")
    }
    all.append(rest)
    return all
  }

  /// Adds up to `count` bytes to a buffer and returns how many there were.
  func read(_ count: Int, into buffer: VoxelBuffer, piece largest: Int = 1 << 24) throws -> Int {
    // In pieces, because a header may announce much more than there is.
    var left = count
    while left > 0 {
      let piece = min(left, largest)
      let before = buffer.count
      try buffer.append(room: piece) { try read(into: $0) }
      left -= buffer.count - before
      if buffer.count - before < piece { break }
    }
    return count - left
  }
}
