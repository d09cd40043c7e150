extension NIfTIHeader {
  /// The most voxels that NIfTI-1 can count along an axis.
  private static let mostOfVersion1 = Int(Int16.max)

  /// All bytes of a file up to its voxels, with sizes, distances and both orientations of a finer grid. The times at
  /// which slices were taken are cleared, because new slices have none; everything else stays.
  ///
  /// - Parameter head: of the file that the volume was read from.
  /// - Throws: `VolumeError` where the format can't count so many voxels.
  static func refined(_ head: [UInt8], to shape: VolumeShape, by refinement: GridRefinement, path: String)
    throws -> [UInt8]
  {
    let header = try NIfTIHeader(head, path: path)
    var fields = Fields(bytes: head, isBigEndian: header.isBigEndian)
    let isVersion2 = header.isVersion2
    for axis in VolumeAxis.allCases where refinement[axis] > 1 {
      let (i, size, factor) = (axis.rawValue, shape[axis], Double(refinement[axis]))
      guard isVersion2 || size <= mostOfVersion1 else {
        throw VolumeError(
          .mismatch,
          "\(path) is NIfTI-1, which counts \(mostOfVersion1) voxels along an axis, not \(size): "
            + "give a smaller factor, or convert it to NIfTI-2")
      }
      // Distances and orientations are doubles in NIfTI-2, floats in NIfTI-1.
      func divide(_ offset: Int) {
        if isVersion2 {
          fields.put((fields.double(offset) / factor).bitPattern, at: offset)
        } else {
          fields.put(Float(Double(fields.float(offset)) / factor).bitPattern, at: offset)
        }
      }
      if isVersion2 {
        fields.put(UInt64(size), at: 16 + 8 * (i + 1))
      } else {
        fields.put(UInt16(size), at: 40 + 2 * (i + 1))
      }
      divide(isVersion2 ? 104 + 8 * (i + 1) : 76 + 4 * (i + 1))
      // The qform's lengths are the distances above; its rotation and shift stay.
      let sform = isVersion2 ? fields.int32(348) : Int32(fields.int16(254))
      for row in 0..<3 where sform > 0 {
        divide(isVersion2 ? 400 + 32 * row + 8 * i : 280 + 16 * row + 4 * i)
      }
      if Int(head[isVersion2 ? 524 : 39] >> 4 & 3) == i + 1 {
        // First and last slice, the code of their order, and the time that each took.
        let times = isVersion2 ? [208..<216, 224..<240, 496..<500] : [74..<76, 120..<123, 132..<136]
        for range in times { fields.clear(range) }
      }
    }
    return fields.bytes
  }
}
