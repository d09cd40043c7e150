internal import CTiff

/// An open TIFF file at one of its pages.
public final class TIFFHandle {
  /// The file's name, for messages.
  public let name: String
  /// Owned by this object until `deinit`, like `memory`.
  private let file: OpaquePointer
  /// The bytes of a file in memory; nil for a file on the disk.
  private let memory: UnsafeMutablePointer<inrr_tiff_memory>?
  /// The file's size in bytes when it was opened; 0 for a new one.
  let size: Int

  /// - Parameters:
  ///   - mode: as libtiff takes it, `r` or `r+`.
  ///   - name: what messages call the file, where that is not its path.
  /// - Throws: `TIFFError`.
  public init(path: String, mode: String = "r", name: String? = nil) throws {
    inrr_tiff_silence()
    let name = name ?? path
    guard let file = TIFFOpen(path, mode) else {
      throw TIFFError(
        mode == "r" ? .cannotRead : .cannotWrite,
        mode == "r" ? "\(name) is no TIFF file, or is damaged" : "\(name) can't be written")
    }
    (self.name, self.file, memory) = (name, file, nil)
    size = (try? TIFFBytes(path: path).count) ?? 0
  }

  /// Opens a copy of a file's bytes in memory.
  ///
  /// - Throws: `TIFFError`.
  init(memory bytes: [UInt8], mode: String, name: String) throws {
    inrr_tiff_silence()
    // Changed strips may be appended: twice the size and some room for samples are enough.
    let limit = UInt64(bytes.count) * 2 + 1 << 32
    guard let memory = bytes.withUnsafeBytes({ inrr_tiff_memory_make($0.baseAddress, $0.count, limit) })
    else {
      throw TIFFError(.cannotRead, "\(name) does not fit into memory")
    }
    guard let file = inrr_tiff_open_memory(memory, mode) else {
      inrr_tiff_memory_free(memory)
      throw TIFFError(.cannotRead, "\(name) is no TIFF file, or is damaged")
    }
    (self.name, self.file, self.memory) = (name, file, memory)
    size = bytes.count
  }

  deinit {
    TIFFClose(file)
    inrr_tiff_memory_free(memory)
  }

  /// The bytes of a file in memory; what was written is there after `flush()`.
  var memoryBytes: [UInt8] {
    memory.map { Array(UnsafeBufferPointer(start: $0.pointee.data, count: Int($0.pointee.size))) } ?? []
  }

  /// Goes to a page by the offset of its table.
  public func select(_ page: TIFFDirectory) -> Bool {
    TIFFSetSubDirectory(file, UInt64(page.offset)) == 1
  }

  public var format: TIFFPageFormat {
    var format = TIFFPageFormat(
      width: Int(inrr_tiff_long(file, UInt32(TIFFTAG_IMAGEWIDTH), 0)),
      height: Int(inrr_tiff_long(file, UInt32(TIFFTAG_IMAGELENGTH), 0)),
      bits: Int(inrr_tiff_short(file, UInt32(TIFFTAG_BITSPERSAMPLE), 1)),
      samples: Int(inrr_tiff_short(file, UInt32(TIFFTAG_SAMPLESPERPIXEL), 1)),
      kind: Int(inrr_tiff_short(file, UInt32(TIFFTAG_SAMPLEFORMAT), 1)),
      compression: Int(inrr_tiff_short(file, UInt32(TIFFTAG_COMPRESSION), 1)),
      photometric: Int(inrr_tiff_short(file, UInt32(TIFFTAG_PHOTOMETRIC), 1)))
    format.isPlanar =
      format.samples > 1
      && Int32(inrr_tiff_short(file, UInt32(TIFFTAG_PLANARCONFIG), 1)) == PLANARCONFIG_SEPARATE
    var count: UInt16 = 0
    if let extra = inrr_tiff_shorts(file, UInt32(TIFFTAG_EXTRASAMPLES), &count) {
      format.extra = (0..<Int(count)).map { Int(extra[$0]) }
    }
    format.isSubsampled = format.photometric == 6 && format.compression != 7
    return format
  }

  /// - Throws: `TIFFError` where this libtiff does not have the codec of the page's compression.
  func checkCodec() throws {
    let format = format
    if TIFFIsCODECConfigured(UInt16(clamping: format.compression)) != 0 { return }
    throw TIFFError(
      .unsupported,
      "\(name) is compressed with \(format.compressionName), which this libtiff can't read: "
        + "save it without compression, or with LZW or Deflate")
  }

  public var description: String {
    inrr_tiff_text(file, UInt32(TIFFTAG_IMAGEDESCRIPTION)).map { String(cString: $0) } ?? ""
  }

  /// Samples per unit along x and y; 0 where the file does not say.
  public var resolution: (x: Double, y: Double) {
    (
      Double(inrr_tiff_ratio(file, UInt32(TIFFTAG_XRESOLUTION))),
      Double(inrr_tiff_ratio(file, UInt32(TIFFTAG_YRESOLUTION)))
    )
  }

  /// The colour profile; empty where there is none.
  var profile: [UInt8] {
    var size: UInt32 = 0
    guard let data = inrr_tiff_profile(file, &size), size > 0, size <= 1 << 26 else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: Int(size)))
  }

  /// The colours of a palette, 16 bits each; nil where there is none.
  func palette(bits: Int) -> [(red: UInt16, green: UInt16, blue: UInt16)]? {
    var (red, green, blue): (UnsafePointer<UInt16>?, UnsafePointer<UInt16>?, UnsafePointer<UInt16>?)
    guard (1...16).contains(bits), inrr_tiff_colours(file, &red, &green, &blue) != 0, let red, let green,
      let blue
    else { return nil }
    return (0..<1 << bits).map { (red[$0], green[$0], blue[$0]) }
  }

  /// Makes JPEG pages of luma and chroma be decoded to RGB.
  func decodeToRGB() { _ = inrr_tiff_decode_to_rgb(file) }

  var isTiled: Bool { TIFFIsTiled(file) != 0 }

  /// The page's strips or tiles, each with the rectangle of samples that it holds.
  ///
  /// - Throws: `TIFFError` for implausible sizes, before memory is taken for them.
  func blocks(_ format: TIFFPageFormat) throws -> [TIFFBlock] {
    var (width, height) = (format.width, format.height)
    if isTiled {
      width = Int(inrr_tiff_long(file, UInt32(TIFFTAG_TILEWIDTH), 0))
      height = Int(inrr_tiff_long(file, UInt32(TIFFTAG_TILELENGTH), 0))
      // Tiles may be larger than the picture, but not many times.
      guard width > 0, height > 0, width <= max(1 << 12, 2 * format.width),
        height <= max(1 << 12, 2 * format.height)
      else {
        throw TIFFError(
          .cannotRead,
          "\(name) is damaged: it announces tiles of \(width) x \(height) for a page of \(format.width) x \(format.height)"
        )
      }
      // The standard wants multiples of 16, but some programs write other sizes.
      guard width * format.samplesTogether * format.bits % 8 == 0 else {
        throw TIFFError(
          .unsupported, "\(name) has tiles whose rows do not end at whole bytes: save it in strips")
      }
    } else {
      height = min(max(Int(inrr_tiff_long(file, UInt32(TIFFTAG_ROWSPERSTRIP), .max)), 1), height)
    }
    var found: [TIFFBlock] = []
    for plane in 0..<(format.isPlanar ? format.samples : 1) {
      for y in stride(from: 0, to: format.height, by: max(height, 1)) {
        for x in stride(from: 0, to: format.width, by: max(width, 1)) {
          let rows = min(height, format.height - y)
          found.append(
            TIFFBlock(
              number: UInt32(clamping: found.count), x: x, y: y, width: min(width, format.width - x),
              height: rows, storedWidth: width, storedHeight: isTiled ? height : rows, plane: plane))
        }
      }
    }
    return found
  }

  /// The bytes of a strip or tile in this machine's byte order; nil where it can't be read.
  func read(_ block: TIFFBlock, _ format: TIFFPageFormat) -> [UInt8]? {
    let size = block.storedHeight * format.rowBytes(block.storedWidth)
    // libtiff's size of the block must be the one computed here.
    let expected =
      isTiled ? TIFFTileSize64(file) : TIFFVStripSize64(file, UInt32(clamping: block.storedHeight))
    guard expected == UInt64(size),
      UInt64(size) / UInt64(format.largestRatio) <= TIFFGetStrileByteCount(file, block.number)
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: size)
    let count = bytes.withUnsafeMutableBytes {
      isTiled
        ? TIFFReadEncodedTile(file, block.number, $0.baseAddress, tmsize_t(size))
        : TIFFReadEncodedStrip(file, block.number, $0.baseAddress, tmsize_t(size))
    }
    return count == size ? bytes : nil
  }

  /// Writes a strip or tile.
  func write(_ number: UInt32, _ bytes: [UInt8]) -> Bool {
    // libtiff changes the byte order of its argument in place.
    var copy = bytes
    let count = copy.withUnsafeMutableBytes {
      isTiled
        ? TIFFWriteEncodedTile(file, number, $0.baseAddress, tmsize_t($0.count))
        : TIFFWriteEncodedStrip(file, number, $0.baseAddress, tmsize_t($0.count))
    }
    return count == bytes.count
  }

  /// The page as RGB and transparency of 8 bits, converted by libtiff; nil where it can't.
  func readRGBA(_ format: TIFFPageFormat) -> [UInt32]? {
    var message = [CChar](repeating: 0, count: 1024)
    guard TIFFRGBAImageOK(file, &message) == 1 else { return nil }
    var pixels = [UInt32](repeating: 0, count: format.width * format.height)
    let isRead = pixels.withUnsafeMutableBufferPointer {
      // In the stored orientation: the tag is for display only.
      TIFFReadRGBAImageOriented(
        file, UInt32(clamping: format.width), UInt32(clamping: format.height), $0.baseAddress,
        Int32(inrr_tiff_short(file, UInt32(TIFFTAG_ORIENTATION), UInt16(ORIENTATION_TOPLEFT))), 1)
    }
    return isRead == 1 ? pixels : nil
  }

  /// Appends a page with the tags of another file's current page, except for size and resolution.
  ///
  /// - Parameters:
  ///   - samples: (height, width) in this machine's byte order.
  ///   - finer: how many times more samples there are along x and y.
  public func append(
    _ samples: UnsafeRawBufferPointer, width: Int, height: Int, like other: TIFFHandle,
    finer: (x: Int, y: Int), description: String?
  ) -> Bool {
    guard let columns = UInt32(exactly: width), let lines = UInt32(exactly: height) else { return false }
    let rowSize = samples.count / height
    let rows = min(max((1 << 16) / max(rowSize, 1), 1), height)
    inrr_tiff_begin_page(
      other.file, file, columns, lines, UInt32(rows), Float(finer.x), Float(finer.y), description)
    for (strip, y) in stride(from: 0, to: height, by: rows).enumerated() {
      let bytes = Array(samples[y * rowSize..<min(y + rows, height) * rowSize])
      if !write(UInt32(strip), bytes) { return false }
    }
    return TIFFWriteDirectory(file) == 1
  }

  /// Writes buffered data and tables to the file.
  public func flush() -> Bool { TIFFFlush(file) == 1 }
}
