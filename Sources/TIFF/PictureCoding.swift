/// The conversion between the stored samples of a page and the planes of a picture.
struct PictureCoding: Sendable {
  private enum Kind: Sendable {
    case plain(isInverted: Bool)
    case palette
    /// Colours that libtiff converts to RGB: subsampled, Lab, LogLuv.
    case converted
  }

  private let kind: Kind
  let roles: [TIFFPicture.Plane]
  let bitDepth: Int

  var isPalette: Bool { if case .palette = kind { true } else { false } }

  /// Nil for pages that are no pictures of up to four unsigned samples.
  init?(_ format: TIFFPageFormat) {
    let colour: [TIFFPicture.Plane] = [.red, .green, .blue]
    let (samples, bits) = (format.samples, format.bits)
    guard format.width > 0, format.height > 0 else { return nil }
    if [8, 9, 10, 32844, 32845].contains(format.photometric) || format.isSubsampled {
      guard samples == 1 || samples == 3 else { return nil }
      (kind, roles, bitDepth) = (.converted, colour, 8)
      return
    }
    guard (1...16).contains(bits), format.kind == 1 || format.kind == 4 else { return nil }
    // A sample beyond the colours is transparency, or is treated like it.
    switch (format.photometric, samples) {
    case (0, 1), (1, 1), (4, 1): roles = [.gray]
    case (0, 2), (1, 2): roles = [.gray, .alpha]
    case (2, 3), (6, 3): roles = colour
    case (2, 4): roles = colour + [.alpha]
    case (5, 4): roles = Array(repeating: .ink, count: 4)
    case (3, 1) where bits <= 8: roles = colour
    default: return nil
    }
    bitDepth = bits <= 8 ? 8 : 16
    kind = format.photometric == 3 ? .palette : .plain(isInverted: format.photometric == 0)
  }

  /// Why a page can't be changed in its own coding; nil where it can.
  func recoding(_ format: TIFFPageFormat) -> String? {
    if case .converted = kind {
      return format.isLossless
        ? "holds colours that are not RGB" : "is compressed with \(format.compressionName)"
    }
    return format.isLossless ? nil : "is compressed with \(format.compressionName)"
  }

  /// Whether the page has other colours than the picture, so that known samples change by rounding.
  func isConvertedFromOtherColours(_ format: TIFFPageFormat) -> Bool {
    if case .converted = kind { format.photometric != 6 || format.isLossless } else { false }
  }

  /// The page's bytes, as `TIFFHandle.read` gives them.
  func pageBytes(of handle: TIFFHandle, _ format: TIFFPageFormat) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: try handle.checkedSize(format, page: 1))
    try bytes.withUnsafeMutableBytes { try handle.read(format, page: 1, into: $0) }
    return bytes
  }

  /// - Throws: `TIFFError` where a part of the page can't be read.
  func planes(of handle: TIFFHandle, _ format: TIFFPageFormat) throws -> [[UInt16]] {
    if case .converted = kind { return try converted(handle, format) }
    if format.photometric == 6 { handle.decodeToRGB() }
    let bytes = try pageBytes(of: handle, format)
    let scale = SampleScale(bits: format.bits, depth: bitDepth)
    if isPalette {
      guard let palette = handle.palette(bits: format.bits) else {
        throw TIFFError(.cannotRead, "\(handle.name) is damaged: its palette is missing")
      }
      let colours = Self.bytes(palette)
      let indices = samples(0, of: bytes, format).map { Int($0) }
      return (0..<3).map { k in indices.map { colours[$0][k] } }
    }
    return roles.indices.map { plane in
      var values = samples(plane, of: bytes, format)
      let full = UInt16((1 << format.bits) - 1)
      if isInverted(plane) { for i in values.indices { values[i] = full - values[i] } }
      if scale.isIdentity { return values }
      for i in values.indices { values[i] = scale.up(values[i]) }
      return values
    }
  }

  private func isInverted(_ plane: Int) -> Bool {
    if case .plain(let isInverted) = kind { return isInverted && roles[plane] == .gray }
    return false
  }

  private func converted(_ handle: TIFFHandle, _ format: TIFFPageFormat) throws -> [[UInt16]] {
    _ = try handle.checkedSize(format, page: 1)
    _ = try handle.blocks(format)
    guard let pixels = handle.readRGBA(format) else {
      throw TIFFError(
        .cannotRead, "\(handle.name) is damaged, or holds colours that libtiff can't turn into RGB")
    }
    return [0, 8, 16].map { shift in pixels.map { UInt16($0 >> UInt32(shift) & 0xff) } }
  }

  /// Writes samples that differ from `before` into a page's bytes.
  func store(
    _ planes: [[UInt16]], over before: [[UInt16]], in bytes: inout [UInt8], _ format: TIFFPageFormat,
    palette: [(red: UInt16, green: UInt16, blue: UInt16)]?
  ) {
    if isPalette {
      let colours = Self.bytes(palette ?? [])
      for i in planes[0].indices where (0..<3).contains(where: { planes[$0][i] != before[$0][i] }) {
        let nearest = colours.indices.min { distance(colours[$0], i) < distance(colours[$1], i) }
        PackedSamples.set(UInt16(nearest ?? 0), at: i, plane: 0, in: &bytes, format)
      }
      func distance(_ colour: [UInt16], _ i: Int) -> Int {
        (0..<3).reduce(0) { sum, k in
          let difference = Int(colour[k]) - Int(planes[k][i])
          return sum + difference * difference
        }
      }
      return
    }
    let scale = SampleScale(bits: format.bits, depth: bitDepth)
    let full = UInt16((1 << format.bits) - 1)
    for plane in roles.indices {
      let (new, old) = (planes[plane], before[plane])
      for i in new.indices where new[i] != old[i] {
        let value = scale.down(new[i])
        PackedSamples.set(isInverted(plane) ? full - value : value, at: i, plane: plane, in: &bytes, format)
      }
    }
  }

  private func samples(_ plane: Int, of bytes: [UInt8], _ format: TIFFPageFormat) -> [UInt16] {
    (0..<format.width * format.height).map { PackedSamples.get($0, plane: plane, of: bytes, format) }
  }

  /// A palette's colours in 8 bits. Palettes have 16, but some programs write 8.
  private static func bytes(_ palette: [(red: UInt16, green: UInt16, blue: UInt16)]) -> [[UInt16]] {
    let isShort = palette.allSatisfy { $0.red < 256 && $0.green < 256 && $0.blue < 256 }
    return palette.map { [$0.red, $0.green, $0.blue].map { isShort ? $0 : $0 >> 8 } }
  }
}

/// Scales samples of any number of bits to 8 or 16 bits and back.
private struct SampleScale {
  private let (from, to): (UInt32, UInt32)

  init(bits: Int, depth: Int) { (from, to) = (UInt32(1 << bits) - 1, UInt32(1 << depth) - 1) }

  var isIdentity: Bool { from == to }
  func up(_ value: UInt16) -> UInt16 {
    isIdentity ? value : UInt16(clamping: (UInt32(value) * to + from / 2) / from)
  }
  func down(_ value: UInt16) -> UInt16 {
    isIdentity ? value : UInt16(clamping: (UInt32(value) * from + to / 2) / to)
  }
}

/// Access to single samples of a page: bytes, words in this machine's byte order, or bits from the highest down.
private enum PackedSamples {
  /// The row's first byte, and the number of the sample in its row.
  private static func place(_ i: Int, _ plane: Int, _ format: TIFFPageFormat) -> (row: Int, sample: Int) {
    let (y, x) = (i / format.width, i % format.width)
    let row = (format.isPlanar ? plane * format.height + y : y) * format.rowBytes(format.width)
    return (row, format.isPlanar ? x : x * format.samples + plane)
  }

  static func get(_ i: Int, plane: Int, of bytes: [UInt8], _ format: TIFFPageFormat) -> UInt16 {
    let (row, sample) = place(i, plane, format)
    switch format.bits {
    case 8: return UInt16(bytes[row + sample])
    case 16:
      let at = row + 2 * sample
      return UInt16(littleEndian: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
    default:
      var value: UInt16 = 0
      for bit in sample * format.bits..<(sample + 1) * format.bits {
        value = value << 1 | UInt16(bytes[row + bit / 8] >> UInt8(7 - bit % 8) & 1)
      }
      return value
    }
  }

  static func set(
    _ value: UInt16, at i: Int, plane: Int, in bytes: inout [UInt8], _ format: TIFFPageFormat
  ) {
    let (row, sample) = place(i, plane, format)
    switch format.bits {
    case 8: bytes[row + sample] = UInt8(truncatingIfNeeded: value)
    case 16:
      let (at, word) = (row + 2 * sample, value.littleEndian)
      bytes[at] = UInt8(truncatingIfNeeded: word)
      bytes[at + 1] = UInt8(truncatingIfNeeded: word >> 8)
    default:
      for k in 0..<format.bits {
        let bit = sample * format.bits + k
        let mask = UInt8(1) << UInt8(7 - bit % 8)
        let isSet = value >> UInt16(format.bits - 1 - k) & 1 != 0
        bytes[row + bit / 8] = isSet ? bytes[row + bit / 8] | mask : bytes[row + bit / 8] & ~mask
      }
    }
  }
}
