import Foundation

extension NumPyFile {
  /// An array of float32 in C order, little-endian whatever the machine, in NumPy's file format 1.0 (NEP 1).
  public static func data(shape: [Int], values: some Collection<Float>) -> Data {
    precondition(shape.reduce(1, *) == values.count, "an array holds the product of its sides")
    // A tuple of one has a comma behind it.
    let sides = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sides)), }"
    // Magic, version and length take 10 bytes; the samples begin at a multiple of 64, after a line feed.
    let unpadded = 10 + dictionary.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = UInt16(dictionary.utf8.count + padding + 1)
    var data = Data([0x93])
    data.append(contentsOf: Array("NUMPY".utf8))
    data.append(contentsOf: [1, 0, UInt8(length & 255), UInt8(length >> 8)])
    data.append(contentsOf: Array(dictionary.utf8))
    data.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")])
    data.reserveCapacity(data.count + values.count * 4)
    for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) } }
    return data
  }
}
