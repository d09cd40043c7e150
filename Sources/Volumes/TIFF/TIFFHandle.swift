internal import CTiff

/// An open TIFF file at one of its pages.
final class TIFFHandle {
  let path: String
  private let file: OpaquePointer

  /// - Parameter mode: as libtiff takes it, `r` or `r+`.
  /// - Throws: `VolumeError`.
  init(path: String, mode: String = "r") throws {
    inrr_tiff_silence()
    guard let file = TIFFOpen(path, mode) else {
      throw VolumeError(mode == "r" ? .cannotRead : .cannotWrite, "\(path) is no TIFF file, or is damaged")
    }
    self.path = path
    self.file = file
  }

  deinit { TIFFClose(file) }

  func select(page: Int) -> Bool { UInt32(exactly: page).map { TIFFSetDirectory(file, $0) == 1 } ?? false }

  /// Goes on to the next page; false behind the last one.
  func advance() -> Bool { TIFFReadDirectory(file) == 1 }

  var format: TIFFPageFormat {
    TIFFPageFormat(
      width: Int(inrr_tiff_long(file, UInt32(TIFFTAG_IMAGEWIDTH), 0)),
      height: Int(inrr_tiff_long(file, UInt32(TIFFTAG_IMAGELENGTH), 0)),
      bits: Int(inrr_tiff_short(file, UInt32(TIFFTAG_BITSPERSAMPLE), 1)),
      samples: Int(inrr_tiff_short(file, UInt32(TIFFTAG_SAMPLESPERPIXEL), 1)),
      kind: Int(inrr_tiff_short(file, UInt32(TIFFTAG_SAMPLEFORMAT), 1)),
      compression: Int(inrr_tiff_short(file, UInt32(TIFFTAG_COMPRESSION), 1)),
      photometric: Int(inrr_tiff_short(file, UInt32(TIFFTAG_PHOTOMETRIC), 1)))
  }

  var description: String {
    inrr_tiff_text(file, UInt32(TIFFTAG_IMAGEDESCRIPTION)).map { String(cString: $0) } ?? ""
  }

  /// Samples per unit along x and y; 0 where the file does not say.
  var resolution: (x: Double, y: Double) {
    (
      Double(inrr_tiff_ratio(file, UInt32(TIFFTAG_XRESOLUTION))),
      Double(inrr_tiff_ratio(file, UInt32(TIFFTAG_YRESOLUTION)))
    )
  }

  var isTiled: Bool { TIFFIsTiled(file) != 0 }

  /// Strips or tiles of the page, each with the rectangle of samples that it holds.
  func blocks(_ format: TIFFPageFormat) -> [TIFFBlock] {
    if !isTiled {
      let rows = min(max(Int(inrr_tiff_long(file, UInt32(TIFFTAG_ROWSPERSTRIP), .max)), 1), format.height)
      return stride(from: 0, to: format.height, by: rows).enumerated().map { k, y in
        let height = min(rows, format.height - y)
        return TIFFBlock(
          number: UInt32(k), x: 0, y: y, width: format.width, height: height, storedWidth: format.width,
          storedHeight: height)
      }
    }
    let width = Int(inrr_tiff_long(file, UInt32(TIFFTAG_TILEWIDTH), 0))
    let height = Int(inrr_tiff_long(file, UInt32(TIFFTAG_TILELENGTH), 0))
    guard width > 0, height > 0, width <= 1 << 16, height <= 1 << 16 else { return [] }
    let columns = (format.width - 1) / width + 1
    return (0..<((format.height - 1) / height + 1) * columns).map { k in
      let (x, y) = (k % columns * width, k / columns * height)
      return TIFFBlock(
        number: UInt32(k), x: x, y: y, width: min(width, format.width - x),
        height: min(height, format.height - y),
        storedWidth: width, storedHeight: height)
    }
  }

  /// The samples of a strip or tile in this machine's byte order; nil where it can't be read.
  func read(_ block: TIFFBlock, bytesPerSample: Int) -> [UInt8]? {
    let size = block.storedWidth * block.storedHeight * bytesPerSample
    var bytes = [UInt8](repeating: 0, count: size)
    let count = bytes.withUnsafeMutableBytes {
      isTiled
        ? TIFFReadEncodedTile(file, block.number, $0.baseAddress, tmsize_t(size))
        : TIFFReadEncodedStrip(file, block.number, $0.baseAddress, tmsize_t(size))
    }
    return count == size ? bytes : nil
  }

  /// Replaces a strip or tile.
  func write(_ block: TIFFBlock, _ bytes: [UInt8]) -> Bool {
    // The library turns the bytes of its argument.
    var copy = bytes
    let count = copy.withUnsafeMutableBytes {
      isTiled
        ? TIFFWriteEncodedTile(file, block.number, $0.baseAddress, tmsize_t($0.count))
        : TIFFWriteEncodedStrip(file, block.number, $0.baseAddress, tmsize_t($0.count))
    }
    return count == bytes.count
  }

  /// Adds a page like the current one of another file, but for its size and resolution.
  ///
  /// - Parameters:
  ///   - samples: (height, width) in this machine's byte order.
  ///   - finer: how many times more samples there are along x and y.
  func append(
    _ samples: UnsafeRawBufferPointer, width: Int, height: Int, like other: TIFFHandle,
    finer: (x: Int, y: Int),
    description: String?
  ) -> Bool {
    guard let columns = UInt32(exactly: width), let lines = UInt32(exactly: height) else { return false }
    let rowSize = samples.count / height
    let rows = min(max((1 << 16) / max(rowSize, 1), 1), height)
    inrr_tiff_begin_page(
      other.file, file, columns, lines, UInt32(rows), Float(finer.x), Float(finer.y), description)
    for (strip, y) in stride(from: 0, to: height, by: rows).enumerated() {
      // The library turns the bytes of its argument.
      var copy = Array(samples[y * rowSize..<min(y + rows, height) * rowSize])
      let count = copy.withUnsafeMutableBytes {
        TIFFWriteEncodedStrip(file, UInt32(strip), $0.baseAddress, tmsize_t($0.count))
      }
      if count != copy.count { return false }
    }
    return TIFFWriteDirectory(file) == 1
  }

  /// Brings what was written to the file.
  func flush() -> Bool { TIFFFlush(file) == 1 }
}

/// A strip or tile, and the samples of the page that it holds.
struct TIFFBlock: Equatable {
  var number: UInt32
  var x: Int
  var y: Int
  var width: Int
  var height: Int
  /// Tiles reach beyond the page's edge.
  var storedWidth: Int
  var storedHeight: Int
}

/// What the samples of a page are.
struct TIFFPageFormat: Equatable {
  var width: Int
  var height: Int
  var bits: Int
  var samples: Int
  /// The tag SampleFormat: 1 unsigned, 2 signed, 3 floating point.
  var kind: Int
  var compression: Int
  var photometric: Int

  var type: VoxelType? {
    switch (bits, kind) {
    case (8, 1): .uint8
    case (8, 2): .int8
    case (16, 1): .uint16
    case (16, 2): .int16
    case (32, 1): .uint32
    case (32, 2): .int32
    case (32, 3): .float32
    case (64, 1): .uint64
    case (64, 2): .int64
    case (64, 3): .float64
    default: nil
    }
  }

  /// None, LZW, Deflate (two codes), PackBits, LZMA, Zstandard: what gives back the bits that were put in.
  var isLossless: Bool { [1, 5, 8, 32946, 32773, 34925, 50000].contains(compression) }

  /// - Throws: `VolumeError` for pages that are no slices of a volume.
  func check(path: String) throws -> VoxelType {
    guard samples == 1, photometric <= 1 else {
      throw VolumeError(
        .unsupported, "\(path) holds colours: give a stack with one number for each voxel")
    }
    guard isLossless else {
      throw VolumeError(
        .unsupported,
        "\(path) is compressed with loss (code \(compression)), so that known voxels could not be kept: "
          + "save it without compression, or with LZW or Deflate")
    }
    guard let type else {
      throw VolumeError(
        .unsupported, "\(path) holds samples of \(bits) bits: convert it to 8, 16, 32 or 64 bits")
    }
    return type
  }
}
