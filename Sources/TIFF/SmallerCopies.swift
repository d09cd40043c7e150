/// Smaller copies of a page, which are updated after a change of the page.
public struct SmallerCopies {
  private let original: TIFFHandle
  private let copies: [TIFFDirectory]
  private let page: TIFFDirectory
  private let format: TIFFPageFormat
  private let number: Int

  /// - Parameters:
  ///   - original: the file before the change.
  ///   - page: what `copies` are copies of, with its format.
  ///   - number: of the page, from 1, for messages.
  public init(
    _ original: TIFFHandle, _ copies: [TIFFDirectory], of page: TIFFDirectory, _ format: TIFFPageFormat,
    number: Int
  ) {
    (self.original, self.copies, self.page, self.format, self.number) = (
      original, copies, page, format, number
    )
  }

  /// Computes anew those samples of the copies that cover a changed one: each is the mean of the samples that it covers.
  ///
  /// - Parameters:
  ///   - bytes: the page after the change.
  ///   - target: a copy of the file, open for writing.
  /// - Throws: `TIFFError`.
  public func follow(
    _ bytes: UnsafeRawBufferPointer, in target: TIFFHandle, output: String, warn: (String) -> Void
  ) throws {
    if copies.isEmpty { return }
    guard original.select(page) else { throw TIFFError(.cannotRead, "\(original.name) can't be read") }
    var before = [UInt8](repeating: 0, count: bytes.count)
    try before.withUnsafeMutableBytes { try original.read(format, page: number, into: $0) }
    let places = changedPlaces(before, bytes)
    if places.isEmpty { return }
    var stale = 0
    for copy in copies {
      guard original.select(copy), let smaller = Self.follower(original.format, of: format) else {
        stale += 1
        continue
      }
      var samples = [UInt8](repeating: 0, count: try original.checkedSize(smaller, page: number))
      try samples.withUnsafeMutableBytes { try original.read(smaller, page: number, into: $0) }
      reduce(bytes, places, into: &samples, smaller)
      try samples.withUnsafeBytes {
        try original.replace(copy, smaller, number: number, in: target, by: $0, output: output)
      }
    }
    if stale > 0 {
      warn(
        "\(original.name), page \(number): \(stale) of its \(copies.count) smaller copies are of another kind than the "
          + "page and still show what was there before: make them anew (gdaladdo, bfconvert)")
    }
  }

  /// The format of a copy that can be updated; nil for a copy that differs from its page in more than size and
  /// compression.
  private static func follower(_ copy: TIFFPageFormat, of page: TIFFPageFormat) -> TIFFPageFormat? {
    var same = page
    (same.width, same.height, same.compression) = (copy.width, copy.height, copy.compression)
    guard same == copy, copy.isLossless, [8, 16, 32, 64].contains(copy.bits), copy.width > 0, copy.height > 0,
      copy.width <= page.width, copy.height <= page.height
    else { return nil }
    return copy
  }

  private func changedPlaces(_ before: [UInt8], _ after: UnsafeRawBufferPointer) -> [(x: Int, y: Int)] {
    let (row, size) = (format.rowBytes(format.width), format.samplesTogether * format.bits)
    var found: [(x: Int, y: Int)] = []
    for line in 0..<before.count / max(row, 1) {
      var last = -1
      for k in line * row..<(line + 1) * row where before[k] != after[k] {
        let x = (k - line * row) * 8 / size
        if x != last { found.append((x, line % format.height)) }
        last = x
      }
    }
    return found
  }

  private func reduce(
    _ page: UnsafeRawBufferPointer, _ places: [(x: Int, y: Int)], into samples: inout [UInt8],
    _ smaller: TIFFPageFormat
  ) {
    var todo: Set<Int> = []
    // The row or column of the copy that covers a place, by the division below.
    func covering(_ place: Int, _ few: Int, of many: Int) -> Int { ((place + 1) * few - 1) / many }
    for place in places {
      let x = covering(place.x, smaller.width, of: format.width)
      let y = covering(place.y, smaller.height, of: format.height)
      todo.insert(y * smaller.width + x)
    }
    let size = format.bits / 8
    func offset(_ x: Int, _ y: Int, _ sample: Int, _ format: TIFFPageFormat) -> Int {
      let row = (format.isPlanar ? sample * format.height + y : y) * format.rowBytes(format.width)
      return row + (format.isPlanar ? x : x * format.samples + sample) * size
    }
    for place in todo {
      let (x, y) = (place % smaller.width, place / smaller.width)
      let columns = x * format.width / smaller.width..<(x + 1) * format.width / smaller.width
      let rows = y * format.height / smaller.height..<(y + 1) * format.height / smaller.height
      for sample in 0..<format.samples {
        let to = offset(x, y, sample, smaller)
        // Indices into a palette have no mean.
        if format.photometric == 3 {
          let from = offset(columns.lowerBound, rows.lowerBound, sample, format)
          for k in 0..<size { samples[to + k] = page[from + k] }
          continue
        }
        var sum = 0.0
        for row in rows {
          for column in columns { sum += NumberBytes.get(page, offset(column, row, sample, format), format) }
        }
        let mean = sum / Double(max(rows.count * columns.count, 1))
        samples.withUnsafeMutableBytes { NumberBytes.set(mean, in: $0, to, format) }
      }
    }
  }
}

/// Numbers of a page's bytes, in this machine's byte order.
private enum NumberBytes {
  static func get(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ format: TIFFPageFormat) -> Double {
    func load<T>(_: T.Type) -> T { bytes.loadUnaligned(fromByteOffset: at, as: T.self) }
    switch (format.bits, format.kind) {
    case (8, 2): return Double(load(Int8.self))
    case (8, _): return Double(load(UInt8.self))
    case (16, 2): return Double(load(Int16.self))
    case (16, _): return Double(load(UInt16.self))
    case (32, 2): return Double(load(Int32.self))
    case (32, 3): return Double(load(Float.self))
    case (32, _): return Double(load(UInt32.self))
    case (64, 2): return Double(load(Int64.self))
    case (64, 3): return load(Double.self)
    default: return Double(load(UInt64.self))
    }
  }

  static func set(
    _ value: Double, in bytes: UnsafeMutableRawBufferPointer, _ at: Int, _ format: TIFFPageFormat
  ) {
    func store<T: FixedWidthInteger>(_: T.Type) {
      let rounded = value.rounded()
      bytes.storeBytes(of: T(exactly: rounded) ?? (rounded > 0 ? .max : .min), toByteOffset: at, as: T.self)
    }
    switch (format.bits, format.kind) {
    case (8, 2): store(Int8.self)
    case (8, _): store(UInt8.self)
    case (16, 2): store(Int16.self)
    case (16, _): store(UInt16.self)
    case (32, 2): store(Int32.self)
    case (32, 3): bytes.storeBytes(of: Float(value), toByteOffset: at, as: Float.self)
    case (32, _): store(UInt32.self)
    case (64, 2): store(Int64.self)
    case (64, 3): bytes.storeBytes(of: value, toByteOffset: at, as: Double.self)
    default: store(UInt64.self)
    }
  }
}
