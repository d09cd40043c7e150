/// A header of a finer grid.
extension NIfTIHeader {
  /// The most voxels that NIfTI-1 can count along an axis.
  private static let mostOfVersion1 = Int(Int16.max)

  /// All bytes up to the voxels of a file, with sizes, distances and orientations (both of them) of a finer grid.
  /// Everything else stays, but for the times at which slices were taken: those of new slices are nobody's.
  ///
  /// - Parameter head: of the file that the volume was read from.
  /// - Throws: `VolumeError` where the format can't count so many voxels.
  static func refined(_ head: [UInt8], to shape: VolumeShape, by refinement: GridRefinement, path: String)
    throws -> [UInt8]
  {
    let header = try NIfTIHeader(head, path: path)
    var bytes = HeaderBytes(bytes: head, isBigEndian: header.isBigEndian)
    let fields = Fields(bytes: head, isBigEndian: header.isBigEndian)
    let isVersion2 = header.isVersion2
    for axis in VolumeAxis.allCases where refinement[axis] > 1 {
      let (i, size, factor) = (axis.rawValue, shape[axis], Double(refinement[axis]))
      guard isVersion2 || size <= mostOfVersion1 else {
        throw VolumeError(
          .mismatch,
          "\(path) is NIfTI-1, which counts \(mostOfVersion1) voxels along an axis, not \(size): "
            + "give a smaller factor, or convert it to NIfTI-2")
      }
      if isVersion2 {
        bytes.put(UInt64(size), at: 16 + 8 * (i + 1))
        bytes.divide(double: 104 + 8 * (i + 1), by: factor, fields)
      } else {
        bytes.put(UInt16(size), at: 40 + 2 * (i + 1))
        bytes.divide(float: 76 + 4 * (i + 1), by: factor, fields)
      }
      // The qform's lengths are the distances above; it turns and shifts as before.
      let sform = isVersion2 ? fields.int32(348) : Int32(fields.int16(254))
      for row in 0..<3 where sform > 0 {
        if isVersion2 {
          bytes.divide(double: 400 + 32 * row + 8 * i, by: factor, fields)
        } else {
          bytes.divide(float: 280 + 16 * row + 4 * i, by: factor, fields)
        }
      }
      if Int(head[isVersion2 ? 524 : 39] >> 4 & 3) == i + 1 { bytes.clearSliceTimes(isVersion2: isVersion2) }
    }
    return bytes.bytes
  }
}

/// Bytes of a header that are changed in its byte order; the caller keeps within the header's size.
private struct HeaderBytes {
  var bytes: [UInt8]
  let isBigEndian: Bool

  mutating func put<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at offset: Int) {
    for k in 0..<T.bitWidth / 8 {
      let shift = isBigEndian ? T.bitWidth - 8 - 8 * k : 8 * k
      bytes[offset + k] = UInt8(truncatingIfNeeded: value >> T(shift))
    }
  }

  mutating func divide(float offset: Int, by factor: Double, _ fields: NIfTIHeader.Fields) {
    put(Float(Double(fields.float(offset)) / factor).bitPattern, at: offset)
  }

  mutating func divide(double offset: Int, by factor: Double, _ fields: NIfTIHeader.Fields) {
    put((fields.double(offset) / factor).bitPattern, at: offset)
  }

  /// First and last slice, the code of their order, and the time that each took.
  mutating func clearSliceTimes(isVersion2: Bool) {
    let ranges = isVersion2 ? [208..<216, 224..<240, 496..<500] : [74..<76, 120..<123, 132..<136]
    for range in ranges { for k in range { bytes[k] = 0 } }
  }
}
