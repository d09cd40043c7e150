import Foundation

/// The header of a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a dictionary in
/// Python's notation with type, order and shape.
struct NumPyHeader {
  let type: VoxelType
  let isBigEndian: Bool
  let isFortran: Bool
  /// As NumPy shows it.
  let shape: [Int]

  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  /// Longer ones are of structured types.
  private static let longest = 1 << 16

  /// Where a header's text lies, by the first 12 bytes of the file.
  ///
  /// - Throws: `VolumeError`.
  static func textRange(_ start: [UInt8], path: String) throws -> Range<Int> {
    guard start.count >= 12, Array(start[..<6]) == magic else {
      throw VolumeError(.cannotRead, "\(path) is no NumPy array: it does not begin like one")
    }
    let isLong = start[6] >= 2
    let length =
      isLong
      ? Int(start[8]) | Int(start[9]) << 8 | Int(start[10]) << 16 | Int(start[11]) << 24
      : Int(start[8]) | Int(start[9]) << 8
    guard (1...3).contains(start[6]), length <= longest else {
      throw VolumeError(
        .unsupported, "\(path) has a header of an unknown version, or one of a structured array")
    }
    let begin = isLong ? 12 : 10
    return begin..<begin + length
  }

  /// - Throws: `VolumeError`.
  init(text: String, path: String) throws {
    guard let descr = Self.value(of: "descr", in: text),
      let order = Self.value(of: "fortran_order", in: text),
      let tuple = Self.value(of: "shape", in: text), tuple.hasPrefix("("), let end = tuple.firstIndex(of: ")")
    else {
      throw VolumeError(.cannotRead, "\(path) is damaged: its header lacks type, order or shape")
    }
    let name = descr.prefix { $0 != "," }.trimmingCharacters(in: CharacterSet(charactersIn: "'\" "))
    let types: [String: VoxelType] = [
      "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
      "i8": .int64, "f4": .float32, "f8": .float64,
    ]
    guard let mark = name.first, "<>|=".contains(mark), let type = types[String(name.dropFirst())] else {
      throw VolumeError(
        .unsupported,
        "\(path) holds an array of type \(name.prefix(40)): convert it to integers or floats of 32 or 64 bits"
      )
    }
    self.type = type
    isBigEndian = mark == ">" || (mark == "=" && Self.isHostBigEndian)
    isFortran = order.hasPrefix("True")
    let sizes = tuple[tuple.index(after: tuple.startIndex)..<end].split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let numbers = sizes.compactMap { Int($0) }
    guard numbers.count == sizes.count else {
      throw VolumeError(.cannotRead, "\(path) is damaged: its shape is none")
    }
    shape = numbers
  }

  static var isHostBigEndian: Bool { UInt16(1).bigEndian == 1 }

  /// What follows a key, up to the end of the text.
  private static func value(of key: String, in text: String) -> String? {
    for quote in ["'", "\""] {
      guard let found = text.range(of: quote + key + quote),
        let colon = text[found.upperBound...].firstIndex(of: ":")
      else { continue }
      return text[text.index(after: colon)...].trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return nil
  }

  /// Sizes along x, y, z and of the series: arrays are (z, y, x), with a series before and without z for a picture.
  func volumeShape(path: String) throws -> VolumeShape {
    let text = shape.map(String.init).joined(separator: ", ")
    guard (2...4).contains(shape.count) else {
      throw VolumeError(
        .unsupported, "\(path) has the shape (\(text)): give an array (z, y, x), or (series, z, y, x)")
    }
    let sizes = Array(shape.reversed())
    guard
      let result = VolumeShape(
        x: sizes[0], y: sizes[1], z: sizes.count > 2 ? sizes[2] : 1, volumes: sizes.count > 3 ? sizes[3] : 1)
    else {
      throw VolumeError(.cannotRead, "\(path) is empty, damaged or too large: its shape is (\(text))")
    }
    return result
  }

  /// Voxels from one to the next along x, y, z and the series.
  func strides(_ shape: VolumeShape) -> [Int]? {
    if !isFortran { return nil }
    return [shape.volumes * shape.z * shape.y, shape.volumes * shape.z, shape.volumes, 1]
  }

  /// A header of the same type and order for an array of other sizes, with as many axes; magic bytes and padding
  /// included.
  func bytes(for size: VolumeShape) -> [UInt8] {
    let sizes = Array([size.x, size.y, size.z, size.volumes].prefix(shape.count).reversed())
    let mark = type.size == 1 ? "|" : isBigEndian ? ">" : "<"
    let kind = type.isFloat ? "f" : type.isSigned ? "i" : "u"
    var text =
      "{'descr': '\(mark)\(kind)\(type.size)', 'fortran_order': \(isFortran ? "True" : "False"), "
      + "'shape': (\(sizes.map(String.init).joined(separator: ", "))), }"
    // Ten bytes come before, and the voxels begin at a multiple of 64.
    text += String(repeating: " ", count: (64 - (10 + text.utf8.count + 1) % 64) % 64) + "\n"
    let count = UInt16(truncatingIfNeeded: text.utf8.count)
    return Self.magic + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(text.utf8)
  }
}
