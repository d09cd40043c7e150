/// Which samples of a frame are missing, at the frame's own resolution.
///
/// `missing[y * width + x]` is 1 where the sample is missing and 0 where it is known; an empty array stands for
/// a frame of which nothing is missing.
public struct FrameMask: Sendable, Equatable {
  public var width: Int
  public var height: Int
  public var missing: [UInt8]

  public init(width: Int, height: Int, missing: [UInt8] = []) {
    precondition(missing.isEmpty || missing.count == width * height, "a mask needs width x height samples")
    self.width = width
    self.height = height
    self.missing = missing
  }

  /// True where no sample is missing.
  public var isEmpty: Bool { missing.isEmpty || !missing.contains { $0 != 0 } }

  /// Number of missing samples at frame resolution.
  public var missingCount: Int {
    (0..<height).reduce(0) { count, y in
      isKnown(row: y) ? count : count + missing[y * width..<(y + 1) * width].count { $0 != 0 }
    }
  }

  /// Adds the missing samples of `other`, which must have the same size.
  public mutating func formUnion(_ other: FrameMask) {
    precondition(width == other.width && height == other.height, "masks of one frame have one size")
    if other.missing.isEmpty { return }
    if missing.isEmpty {
      missing = other.missing
      return
    }
    for i in missing.indices where other.missing[i] != 0 { missing[i] = 1 }
  }

  /// The mask at a plane's own resolution: a sample is missing if any luma sample that it covers is.
  public func missing(in plane: PlaneFormat) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: plane.count) }
    if plane.horizontalShift == 0 && plane.verticalShift == 0 { return missing }
    var result = [UInt8](repeating: 0, count: plane.count)
    for y in 0..<height where !isKnown(row: y) {
      let row = (y >> plane.verticalShift) * plane.width
      for x in 0..<width where missing[y * width + x] != 0 {
        result[row + (x >> plane.horizontalShift)] = 1
      }
    }
    return result
  }

  /// The part of the mask at a plane's own resolution that lies in a box.
  public func missing(in area: PlaneBox) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: area.count)
    let (dy, dx) = (area.plane.verticalShift, area.plane.horizontalShift)
    if missing.isEmpty { return result }
    missing.withUnsafeBufferPointer { missing in
      for y in area.y << dy..<min(height, (area.y + area.height) << dy) {
        let row = ((y >> dy) - area.y) * area.width - area.x
        for x in area.x << dx..<min(width, (area.x + area.width) << dx) {
          result[row + (x >> dx)] |= missing[y * width + x]
        }
      }
    }
    return result
  }

  /// Number of missing samples at a plane's own resolution.
  public func missingCount(in plane: PlaneFormat) -> Int {
    if missing.isEmpty { return 0 }
    var count = 0
    var line = [UInt8](repeating: 0, count: plane.width)
    for row in 0..<plane.height {
      let rows = row << plane.verticalShift..<min(height, (row + 1) << plane.verticalShift)
      let holed = rows.filter { !isKnown(row: $0) }
      if holed.isEmpty { continue }
      for i in line.indices { line[i] = 0 }
      for y in holed {
        for x in 0..<width { line[x >> plane.horizontalShift] |= missing[y * width + x] }
      }
      count += line.reduce(0) { $0 + ($1 != 0 ? 1 : 0) }
    }
    return count
  }

  /// True if nothing is missing in a row, as in most rows of most masks.
  public func isKnown(row: Int) -> Bool {
    if missing.isEmpty { return true }
    return missing.withUnsafeBytes { bytes in
      let line = row * width..<(row + 1) * width
      var i = line.lowerBound
      while i + 8 <= line.upperBound {
        if bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self) != 0 { return false }
        i += 8
      }
      return !bytes[i..<line.upperBound].contains { $0 != 0 }
    }
  }
}
