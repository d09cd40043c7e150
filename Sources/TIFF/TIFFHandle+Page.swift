/// Whole pages as bytes: row by row, or where samples are kept apart, one sample's rows after the other's.
extension TIFFHandle {
  /// Finds out whether the file can hold so many bytes, before memory is taken for them.
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
    guard hasCodec else {
      throw TIFFError(
        .unsupported,
        "\(name) is compressed with \(format.compressionName), which this libtiff can't read: "
          + "save it without compression, or with LZW or Deflate")
    }
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

  /// Puts a page's bytes into a copy of this file: strips or tiles in which nothing changes are left alone.
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
    // Selecting a page reads it anew: once, or what was written of it would be lost.
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
      guard isSelected || copy.select(page), copy.write(block, bytes) else { throw failed }
      isSelected = true
    }
    guard !isSelected || copy.flush() else { throw failed }
  }

  /// Calls `body` with the places of each row of a block in the block and in the page, and its bytes.
  private func copyRows(of block: TIFFBlock, _ format: TIFFPageFormat, _ body: (Int, Int, Int) -> Void) {
    // `blocks` gives only tiles that begin at whole bytes.
    let start = block.x * format.samplesTogether * format.bits / 8
    let (row, stored) = (format.rowBytes(format.width), format.rowBytes(block.storedWidth))
    let count = format.rowBytes(block.width)
    for y in 0..<block.height {
      body(y * stored, (block.plane * format.height + block.y + y) * row + start, count)
    }
  }
}
