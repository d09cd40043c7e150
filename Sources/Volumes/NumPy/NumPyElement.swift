/// The type of a NumPy array's elements.
struct NumPyElement: Equatable {
  let type: VoxelType
  let isBigEndian: Bool
  /// Whether they are booleans, stored as bytes of 0 and 1.
  let isBoolean: Bool

  /// NumPy's spelling, without the byte order.
  private static let types: [String: VoxelType] = [
    "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32, "i4": .int32, "u8": .uint64,
    "i8": .int64, "f4": .float32, "f8": .float64,
  ]

  /// Other names that NumPy takes for the same types; C's types have their widths on 64-bit Unix systems.
  private static let names: [String: String] = [
    "uint8": "u1", "int8": "i1", "uint16": "u2", "int16": "i2", "uint32": "u4", "int32": "i4", "uint64": "u8",
    "int64": "i8", "float32": "f4", "float64": "f8", "single": "f4", "double": "f8", "float": "f8",
    "B": "u1", "b": "i1", "H": "u2", "h": "i2", "I": "u4", "i": "i4", "L": "u8", "l": "i8", "Q": "u8",
    "q": "i8", "f": "f4", "d": "f8", "bool": "b1", "?": "b1",
  ]

  /// - Throws: `VolumeError` for other types, with advice on how to save an array of numbers.
  init(_ descr: PythonLiteral, path: String) throws {
    guard case .text(let name) = descr else {
      throw VolumeError(.unsupported, Self.structured(descr, path: path))
    }
    let mark = name.first.flatMap { "<>|=".contains($0) ? $0 : nil }
    let bare = mark == nil ? name : String(name.dropFirst())
    let kind = Self.names[bare] ?? bare
    isBoolean = kind == "b1"
    guard let type = isBoolean ? .uint8 : Self.types[kind] else {
      throw VolumeError(
        .unsupported,
        "\(path) holds an array of type \(name.prefix(40))\(Self.remedy(kind)), as in "
          + "numpy.save('numbers.npy', \(Self.conversion(kind)))")
    }
    self.type = type
    isBigEndian = mark == ">" || (mark != "<" && type.size > 1 && NumPyHeader.isHostBigEndian)
  }

  /// The type as headers write it.
  var text: String {
    if isBoolean { return "|b1" }
    let mark = type.size == 1 ? "|" : isBigEndian ? ">" : "<"
    return "\(mark)\(type.isFloat ? "f" : type.isSigned ? "i" : "u")\(type.size)"
  }

  private static func remedy(_ kind: String) -> String {
    switch kind.first {
    case "c": ", complex numbers: save real and imaginary part by themselves"
    case "O", "V", "S", "U", "M", "m", "a": ", which are no numbers: save integers or floats of 32 or 64 bits"
    default: ": convert it to integers or floats of 32 or 64 bits"
    }
  }

  private static func conversion(_ kind: String) -> String {
    kind.first == "c" ? "array.real" : "array.astype('float32')"
  }

  /// The message for a structured array, whose type is a list of fields: tuples that begin with a name.
  private static func structured(_ descr: PythonLiteral, path: String) -> String {
    var fields: [String] = []
    if case .list(let entries) = descr {
      for case .tuple(let entry) in entries {
        if case .text(let name)? = entry.first, !name.isEmpty { fields.append(name) }
      }
    }
    guard let first = fields.first else {
      return
        "\(path) holds an array of a type that is none of numbers: save integers or floats with numpy.save"
    }
    let some = fields.prefix(8).map { String($0.prefix(40)) }.joined(separator: ", ")
    return
      "\(path) holds a structured array with the fields \(some)\(fields.count > 8 ? ", ..." : ""): save one of them by "
      + "itself, as in numpy.save('field.npy', array['\(first.prefix(40))'])"
  }
}
