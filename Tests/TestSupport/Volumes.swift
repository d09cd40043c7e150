extension ScratchFolder {
  /// A .npy file of 32-bit floats, (z, y, x).
  @discardableResult
  public func writeVolume(
    _ name: String, shape: (z: Int, y: Int, x: Int), _ value: (Int, Int, Int) -> Float
  ) throws -> String {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape.z), \(shape.y), \(shape.x)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] =
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    for z in 0..<shape.z {
      for y in 0..<shape.y {
        for x in 0..<shape.x {
          withUnsafeBytes(of: value(z, y, x).bitPattern.littleEndian) { bytes += Array($0) }
        }
      }
    }
    return try write(bytes, to: name)
  }
}
