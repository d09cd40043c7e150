/// Whole pages as bytes: row by row, or for planar pages all rows of one sample after those of the other.
extension TIFFHandle {
  /// The size of a page in bytes, checked against the file's size before memory is taken.
  ///
  /// - Parameter number: of the page, from 1.
  /// - Throws: `TIFFError`.
  public func checkedSize(_ format: TIFFPageFormat, page number: Int) throws -> Int {
    guard let bytes = format.bytes, bytes / format.largestRatio <= size else {
      throw TIFFError(
        .cannotRead,
        "\(name) is damaged: \(format.width) x \(format.height) samples can't be in \(size) bytes")
    }
    return bytes
  }

  /// Fills `target` with the page's bytes.
  ///
  /// - Parameter number: of the page, from 1, for messages.
  /// - Throws: `TIFFError`.
  public func read(
    _ format: TIFFPageFormat, page number: Int, into target: UnsafeMutableRawBufferPointer
  ) throws {
    try checkCodec()
    for block in try blocks(format) {
      guard let bytes = read(block, format) else {
        throw TIFFError(.cannotRead, "\(name), page \(number) is damaged or cut short")
      }
      bytes.withUnsafeBytes { from in
        copyRows(of: block, format) { inBlock, inPage, count in
          UnsafeMutableRawBufferPointer(rebasing: target[inPage..<inPage + count]).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: from[inBlock..<inBlock + count]))
        }
      }
    }
  }

  /// Writes a page's bytes into a copy of this file. Strips and tiles in which nothing changes are not written.
  ///
  /// - Parameters:
  ///   - copy: open for writing, at any page.
  ///   - page: the page, which is the current one of this file.
  ///   - all: the page's bytes as `read` gives them.
  ///   - output: the name of what is written, for messages.
  /// - Throws: `TIFFError`.
  public func replace(
    _ page: TIFFDirectory, _ format: TIFFPageFormat, number: Int, in copy: TIFFHandle,
    by all: UnsafeRawBufferPointer, output: String
  ) throws {
    let failed = TIFFError(.cannotWrite, "\(output), page \(number) can't be written")
    // The page is selected once only: selecting reads it anew, and what was written of it would be lost.
    var isSelected = false
    for block in try blocks(format) {
      guard var bytes = read(block, format) else {
        throw TIFFError(.cannotRead, "\(name), page \(number) is damaged or was changed meanwhile")
      }
      var isChanged = false
      bytes.withUnsafeMutableBytes { to in
        copyRows(of: block, format) { inBlock, inPage, count in
          let before = UnsafeMutableRawBufferPointer(rebasing: to[inBlock..<inBlock + count])
          let after = UnsafeRawBufferPointer(rebasing: all[inPage..<inPage + count])
          if before.elementsEqual(after) { return }
          before.copyMemory(from: after)
          isChanged = true
        }
      }
      if !isChanged { continue }
      guard isSelected || copy.select(page), copy.write(block.number, bytes) else { throw failed }
      isSelected = true
    }
    guard !isSelected || copy.flush() else { throw failed }
  }

  /// Calls `body` for each row of a block with its offset in the block, its offset in the page, and its size, in bytes.
  private func copyRows(of block: TIFFBlock, _ format: TIFFPageFormat, _ body: (Int, Int, Int) -> Void) {
    // All tiles begin at whole bytes: `blocks` checks it.
    let start = block.x * format.samplesTogether * format.bits / 8
    let (row, stored) = (format.rowBytes(format.width), format.rowBytes(block.storedWidth))
    let count = format.rowBytes(block.width)
    for y in 0..<block.height {
      body(y * stored, (block.plane * format.height + block.y + y) * row + start, count)
    }
  }
}
