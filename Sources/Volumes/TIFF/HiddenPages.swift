import Foundation
import TIFF

/// Pages that follow the samples of the first one without tables of their own. ImageJ writes files of more than 4 GiB in
/// this way.
struct HiddenPages {
  /// The offset of the first page, and the size of all pages, in bytes.
  private let start: Int
  private let size: Int
  private let path: String
  /// The size of a number whose bytes must be reversed for this machine; 1 where none must be.
  private let turned: Int

  /// - Throws: `VolumeError` where the pages are not where they should be.
  init(
    _ directories: TIFFDirectories, _ pages: [TIFFDirectory], _ format: TIFFPageFormat, pageSize: Int,
    count: Int, path: String
  ) throws {
    self.path = path
    let advice = "save it as BigTIFF or as OME-TIFF"
    guard pages.count == 1, format.compression == 1, !format.isPlanar, format.bits % 8 == 0 else {
      throw VolumeError(
        .unsupported,
        "\(path) keeps \(count) pages where only ImageJ finds them, and not as plain samples in a row: \(advice)"
      )
    }
    let offsets = directories.numbers(273, of: pages[0])
    let lengths = directories.numbers(279, of: pages[0])
    guard let first = offsets.first, offsets.count == lengths.count,
      zip(offsets, lengths).dropLast().map({ $0 &+ $1 }) == Array(offsets.dropFirst())
    else {
      throw VolumeError(
        .unsupported, "\(path) keeps \(count) pages where only ImageJ finds them, and not in a row: \(advice)"
      )
    }
    let (all, overflow) = pageSize.multipliedReportingOverflow(by: count + 1)
    guard !overflow, first <= directories.bytes.count, all <= directories.bytes.count - first else {
      throw VolumeError(
        .cannotRead,
        "\(path) is cut short: its description counts \(count + 1) pages of \(pageSize) bytes, but the file has "
          + "\(directories.bytes.count) bytes")
    }
    // Tables and values of tags must not lie within the pages.
    let places =
      [pages[0].offset]
      + pages[0].entries.filter { $0.valueOffset != $0.position + directories.inlineOffset }
      .map(\.valueOffset)
    if places.contains(where: { first <= $0 && $0 < first + all }) {
      throw VolumeError(
        .cannotRead,
        "\(path) is damaged: its description counts \(count + 1) pages, but other parts of the file lie where they "
          + "would be")
    }
    (start, size) = (first, all)
    turned = directories.isBigEndian == NumPyHeader.isHostBigEndian ? 1 : format.bits / 8
  }

  func read(from bytes: TIFFBytes, into buffer: VoxelBuffer) throws {
    try buffer.append(room: size) { target in
      guard bytes.read(start, into: target) else {
        throw VolumeError(.cannotRead, "\(path) can't be read to its end")
      }
      turn(target)
      return size
    }
  }

  private func turn(_ bytes: UnsafeMutableRawBufferPointer) {
    if turned == 1 { return }
    for start in stride(from: 0, to: bytes.count - turned + 1, by: turned) {
      bytes[start..<start + turned].reverse()
    }
  }

  /// Overwrites all pages in a copy of the file.
  func write(_ buffer: VoxelBuffer, to copy: String, output: String) throws {
    let descriptor = open(copy, O_WRONLY)
    guard descriptor >= 0 else { throw Self.failure(output, errno) }
    defer { close(descriptor) }
    try buffer.withUnsafeBytes { bytes in
      // Pieces contain whole numbers.
      for piece in stride(from: 0, to: bytes.count, by: 1 << 20) {
        var part = Array(bytes[piece..<min(piece + 1 << 20, bytes.count)])
        part.withUnsafeMutableBytes { turn($0) }
        var done = 0
        while done < part.count {
          let count = part.withUnsafeBytes {
            pwrite(
              descriptor, $0.baseAddress.map { $0 + done }, part.count - done, off_t(start + piece + done))
          }
          if count <= 0 { throw Self.failure(output, errno) }
          done += count
        }
      }
    }
  }

  private static func failure(_ output: String, _ code: Int32) -> VolumeError {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(code)
    return VolumeError(
      isFull ? .diskFull : .cannotWrite, "\(output) can't be written: \(String(cString: strerror(code)))")
  }
}
