import Foundation

/// The header of a .npy file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a dictionary in
/// Python's notation with type, order and shape, and no other keys. Headers that NumPy refuses are refused.
struct NumPyHeader {
  let element: NumPyElement
  let isFortran: Bool
  /// Sizes in NumPy's order.
  let shape: [Int]

  var type: VoxelType { element.type }
  var isBigEndian: Bool { element.isBigEndian }

  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
  /// The longest header that NumPy reads, unless it is told to trust the file.
  private static let longest = 10000

  /// The range of the header's text, by the first 12 bytes of the file.
  ///
  /// - Throws: `VolumeError`.
  static func textRange(_ start: [UInt8], path: String) throws -> Range<Int> {
    guard start.count >= 12, Array(start[..<6]) == magic else {
      throw VolumeError(.cannotRead, "\(path) is no NumPy array: it does not begin like one")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw VolumeError(
        .unsupported,
        "\(path) has a header of version \(start[6]).\(start[7]), which NumPy does not know: save it again with numpy.save"
      )
    }
    let isLong = start[6] >= 2
    let length =
      isLong
      ? Int(start[8]) | Int(start[9]) << 8 | Int(start[10]) << 16 | Int(start[11]) << 24
      : Int(start[8]) | Int(start[9]) << 8
    guard length <= longest else {
      throw VolumeError(
        .unsupported,
        "\(path) has a header of \(length) bytes: it is damaged, or a structured array of many fields; save one of "
          + "them by itself with numpy.save")
    }
    let begin = isLong ? 12 : 10
    return begin..<begin + length
  }

  /// Reads the header.
  ///
  /// - Parameter bytes: of the file, at least up to the header's end.
  ///
  /// - Throws: `VolumeError`.
  init(_ bytes: [UInt8], path: String) throws {
    let range = try Self.textRange(Array(bytes.prefix(12)), path: path)
    guard range.upperBound <= bytes.count else {
      throw VolumeError(.cannotRead, "\(path) is cut short: its header ends early")
    }
    // Latin-1 before version 3.
    let isUTF8 = bytes[6] == 3
    let text =
      isUTF8
      ? String(decoding: bytes[range], as: UTF8.self)
      : String(String.UnicodeScalarView(bytes[range].map { Unicode.Scalar($0) }))
    try self.init(text: text, allowsLong: !isUTF8, path: path)
  }

  /// - Throws: `VolumeError`.
  init(text: String, allowsLong: Bool = true, path: String) throws {
    func damaged(_ reason: String) -> VolumeError {
      VolumeError(.cannotRead, "\(path) is damaged: its header \(reason); NumPy does not read it either")
    }
    guard let literal = PythonLiteral(parsing: text, allowsLong: allowsLong),
      case .dictionary(let entries) = literal
    else { throw damaged("is no dictionary in Python's notation") }
    let names = ["descr", "fortran_order", "shape"]
    guard entries.count == names.count, let descr = literal["descr"], let order = literal["fortran_order"],
      let shape = literal["shape"]
    else { throw damaged("has other keys than \(names.joined(separator: ", "))") }
    guard case .boolean(let isFortran) = order else { throw damaged("says no order: that is True or False") }
    guard case .tuple(let sizes) = shape else { throw damaged("says no shape: that is a tuple") }
    self.isFortran = isFortran
    self.shape = try sizes.map { size in
      guard case .integer(let number) = size, number >= 0 else {
        throw damaged("says no shape: sizes are whole numbers")
      }
      return number
    }
    element = try NumPyElement(descr, path: path)
  }

  static var isHostBigEndian: Bool { UInt16(1).bigEndian == 1 }

  /// The shape as a volume's: arrays are (y, x), (z, y, x) or (series, z, y, x).
  func volumeShape(path: String) throws -> VolumeShape {
    let text = shape.map(String.init).joined(separator: ", ")
    if shape.contains(0) {
      throw VolumeError(.cannotRead, "\(path) is empty: its shape is (\(text))")
    }
    guard (2...4).contains(shape.count) else {
      throw VolumeError(
        .unsupported, "\(path) has the shape (\(text)): give an array (z, y, x), or (series, z, y, x)")
    }
    let sizes = Array(shape.reversed())
    guard
      let result = VolumeShape(
        x: sizes[0], y: sizes[1], z: sizes.count > 2 ? sizes[2] : 1, volumes: sizes.count > 3 ? sizes[3] : 1)
    else {
      throw VolumeError(.cannotRead, "\(path) is damaged or too large: its shape is (\(text))")
    }
    return result
  }

  /// Distances in the array of neighbours along x, y, z and the series; nil for x fastest.
  func strides(_ shape: VolumeShape) -> [Int]? {
    if !isFortran { return nil }
    return [shape.volumes * shape.z * shape.y, shape.volumes * shape.z, shape.volumes, 1]
  }

  /// The bytes before the elements of a file: magic bytes, version, length, a header, and padding.
  static func bytes(element: String, isFortran: Bool, shape: [Int]) -> [UInt8] {
    // Python's tuples of one value have a comma behind it.
    let sides = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text =
      "{'descr': '\(element)', 'fortran_order': \(isFortran ? "True" : "False"), 'shape': (\(sides)), }"
    // Ten bytes come before, and the elements begin at a multiple of 64, after a line feed.
    text += String(repeating: " ", count: (64 - (10 + text.utf8.count + 1) % 64) % 64) + "\n"
    let count = UInt16(truncatingIfNeeded: text.utf8.count)
    return magic + [1, 0, UInt8(count & 255), UInt8(count >> 8)] + Array(text.utf8)
  }

  /// The same for an array of other sizes with this one's type, order and number of axes.
  func bytes(for size: VolumeShape) -> [UInt8] {
    let sizes = [size.x, size.y, size.z, size.volumes].prefix(shape.count).reversed()
    return Self.bytes(element: element.text, isFortran: isFortran, shape: Array(sizes))
  }
}
