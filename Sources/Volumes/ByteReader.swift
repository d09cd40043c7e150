internal import CZlib
import Foundation

/// A file's bytes from front to back, inflated on the way if they are a .gz file's.
final class ByteReader {
  let path: String
  let isCompressed: Bool
  /// Bytes on the disk.
  let fileSize: Int
  /// Open until `deinit`.
  private let file: UnsafeMutablePointer<FILE>
  private var inflation: Inflation?

  /// The most that deflate can make of a byte (RFC 1951: 258 bytes of two bits).
  private static let largestRatio = 1032

  /// - Throws: `VolumeError`.
  init(path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0, let file = fopen(path, "rb") else {
      throw VolumeError.cannotOpen(path, errno)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      fclose(file)
      throw VolumeError(.cannotRead, "\(path) is no regular file: volumes are read from files")
    }
    self.path = path
    self.file = file
    fileSize = Int(status.st_size)
    var mark: [UInt8] = [0, 0]
    isCompressed = fread(&mark, 1, 2, file) == 2 && mark == [0x1f, 0x8b]
    rewind(file)
    if isCompressed { inflation = try Inflation(file: file, path: path) }
  }

  deinit { fclose(file) }

  /// The most bytes that the file can hold.
  var mostBytes: Int {
    if !isCompressed { return fileSize }
    let (most, overflow) = fileSize.multipliedReportingOverflow(by: Self.largestRatio)
    return overflow ? .max : most
  }

  /// Fills `target` from its start and returns the number of bytes that were there.
  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    if let inflation { return try inflation.read(into: target) }
    guard let start = target.baseAddress else { return 0 }
    let count = fread(start, 1, target.count, file)
    if count < target.count && ferror(file) != 0 {
      throw VolumeError(.cannotRead, "\(path) can't be read: \(String(cString: strerror(errno)))")
    }
    return count
  }

  /// Finds out whether the content of a large compressed file is as long as its header says, before memory is taken for
  /// it: the file's last four bytes say so, and where they don't agree all of it is inflated to nowhere.
  ///
  /// - Parameter tail: bytes that may follow.
  /// - Throws: `VolumeError` where less is there.
  func checkLength(_ count: Int, tail: Int) throws {
    guard isCompressed, count > Self.largestUnchecked, let announced = try lastNumber() else { return }
    // Lengths are counted modulo 2^32; files of several members say that of the last one only.
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

  /// Content that is no more than this is not worth a second look.
  private static let largestUnchecked = 1 << 28

  /// The file's last four bytes as a little-endian number; nil for shorter files.
  private func lastNumber() throws -> UInt32? {
    guard let handle = FileHandle(forReadingAtPath: path), fileSize >= 4 else { return nil }
    defer { try? handle.close() }
    do {
      try handle.seek(toOffset: UInt64(fileSize - 4))
      return try handle.read(upToCount: 4)?.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    } catch {
      throw VolumeError(.cannotRead, "\(path) can't be read: \(error.localizedDescription)")
    }
  }

  /// Adds all that is left to a buffer.
  ///
  /// - Returns: whether that is as much as `most` bytes, or more: then nothing is added.
  func readTail(_ most: Int, into buffer: VoxelBuffer) throws -> Bool {
    let tail = VoxelBuffer()
    var left = max(most, 1)
    while left > 0 {
      let piece = min(left, 1 << 20)
      let added = try read(piece, into: tail)
      left -= added
      if added < piece { break }
    }
    if left == 0 { return true }
    buffer.append(tail)
    return false
  }

  /// Adds up to `count` bytes to a buffer and returns how many there were.
  func read(_ count: Int, into buffer: VoxelBuffer) throws -> Int {
    // In pieces: a header may promise much more than there is.
    var left = count
    while left > 0 {
      let piece = min(left, 1 << 24)
      let before = buffer.count
      try buffer.append(room: piece) { try read(into: $0) }
      left -= buffer.count - before
      if buffer.count - before < piece { break }
    }
    return count - left
  }
}

/// Inflates what a file holds, member after member.
private final class Inflation {
  /// Open as long as the reader, which this belongs to.
  private let file: UnsafeMutablePointer<FILE>
  private let path: String
  /// The object's own until `deinit`: zlib keeps its address.
  private let stream: UnsafeMutablePointer<z_stream>
  private var input = [UInt8](repeating: 0, count: 1 << 16)
  private var available = 0
  private var next = 0
  private var isOver = false

  init(file: UnsafeMutablePointer<FILE>, path: String) throws {
    self.file = file
    self.path = path
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inrr_inflate_gzip_begin(stream) == Z_OK else {
      stream.deallocate()
      throw VolumeError(.cannotRead, "\(path) can't be inflated: memory is full")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    var written = 0
    while written < target.count && !isOver {
      if next == available {
        available = fread(&input, 1, input.count, file)
        next = 0
        if available == 0 {
          throw VolumeError(.cannotRead, "\(path) is cut short: its compressed data ends early")
        }
      }
      let code: Int32 = input.withUnsafeMutableBufferPointer { input in
        stream.pointee.next_in = input.baseAddress.map { $0 + next }
        stream.pointee.avail_in = UInt32(available - next)
        stream.pointee.next_out = target.baseAddress.map {
          ($0 + written).assumingMemoryBound(to: UInt8.self)
        }
        let room = min(target.count - written, 1 << 30)
        stream.pointee.avail_out = UInt32(room)
        let code = inflate(stream, Z_NO_FLUSH)
        written += room - Int(stream.pointee.avail_out)
        next = available - Int(stream.pointee.avail_in)
        return code
      }
      if code == Z_STREAM_END {
        try nextMember()
      } else if code != Z_OK {
        throw VolumeError(.cannotRead, "\(path) is damaged: its compressed data can't be inflated")
      }
    }
    return written
  }

  /// A .gz file may hold several members, whose contents follow each other; what is no member ends it.
  private func nextMember() throws {
    if next == available {
      available = fread(&input, 1, input.count, file)
      next = 0
    }
    if available - next >= 2 && input[next] == 0x1f && input[next + 1] == 0x8b {
      inflateReset(stream)
    } else {
      isOver = true
    }
  }
}
