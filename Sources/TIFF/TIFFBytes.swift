import Foundation

/// Random access to the bytes of a TIFF file, on the disk or in memory.
public final class TIFFBytes: Sendable {
  private enum Storage: Sendable {
    case memory([UInt8])
    case file(Int32)
  }

  private let storage: Storage
  public let count: Int

  public init(_ bytes: [UInt8]) { (storage, count) = (.memory(bytes), bytes.count) }

  /// - Throws: `TIFFError`.
  public init(path: String) throws {
    let descriptor = open(path, O_RDONLY)
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      let cause = String(cString: strerror(errno))
      if descriptor >= 0 { close(descriptor) }
      throw TIFFError(.cannotRead, "\(path) can't be read: \(cause)")
    }
    (storage, count) = (.file(descriptor), Int(status.st_size))
  }

  deinit {
    if case .file(let descriptor) = storage { close(descriptor) }
  }

  /// Reads bytes; nil where the file ends before.
  public func read(_ offset: Int, _ size: Int) -> [UInt8]? {
    guard offset >= 0, size >= 0, offset <= count, size <= count - offset else { return nil }
    switch storage {
    case .memory(let bytes): return Array(bytes[offset..<offset + size])
    case .file:
      var bytes = [UInt8](repeating: 0, count: size)
      return bytes.withUnsafeMutableBytes { read(offset, into: $0) } ? bytes : nil
    }
  }

  /// Fills `target`; false where the file ends before.
  public func read(_ offset: Int, into target: UnsafeMutableRawBufferPointer) -> Bool {
    guard offset >= 0, offset <= count, target.count <= count - offset else { return false }
    switch storage {
    case .memory(let bytes):
      bytes.withUnsafeBytes {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count]))
      }
    case .file(let descriptor):
      var done = 0
      while done < target.count {
        let part = pread(
          descriptor, target.baseAddress.map { $0 + done }, target.count - done, off_t(offset + done))
        if part <= 0 { return false }
        done += part
      }
    }
    return true
  }
}
