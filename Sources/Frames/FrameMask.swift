import Kernels

/// Which samples of a frame are missing, at the frame's own resolution.
///
/// `missing[y * width + x]` is 1 where the sample is missing and 0 where it is known; other values stand for samples that are
/// missing in some planes only (`value(missingIn:)`). An empty array stands for a frame of which nothing is missing.
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

  /// Number of samples at frame resolution that are missing, in some planes at least.
  public var missingCount: Int {
    var count = 0
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      forEachIndex(in: 0..<missing.count, of: base, where: 0) { _ in count += 1 }
    }
    return count
  }

  /// Adds the missing samples of `other`, which must have the same size.
  public mutating func formUnion(_ other: FrameMask) {
    precondition(width == other.width && height == other.height, "masks of one frame have one size")
    if other.missing.isEmpty { return }
    if missing.isEmpty {
      missing = other.missing
      return
    }
    other.missing.withUnsafeBufferPointer { other in
      missing.withUnsafeMutableBufferPointer { missing in
        for i in 0..<min(missing.count, other.count) {
          let (own, others) = (missing[i], other[i])
          // What stays known in some planes is known in both.
          missing[i] = own == 0 ? others : others == 0 ? own : own & others
        }
      }
    }
  }

  /// Makes known what is not missing in `other`, which must have the same size.
  public mutating func formIntersection(_ other: FrameMask) {
    precondition(width == other.width && height == other.height, "masks of one frame have one size")
    if missing.isEmpty { return }
    if other.missing.isEmpty {
      missing = []
      return
    }
    for i in missing.indices where missing[i] != 0 && other.missing[i] != 1 {
      missing[i] = Self.value(
        missingIn: Self.planes(of: missing[i]).intersection(Self.planes(of: other.missing[i])))
    }
  }

  /// Makes known what is missing in `other`, which must have the same size.
  ///
  /// - Returns: whether any of it was missing.
  @discardableResult public mutating func subtract(_ other: FrameMask) -> Bool {
    precondition(width == other.width && height == other.height, "masks of one frame have one size")
    if missing.isEmpty || other.missing.isEmpty { return false }
    var isChanged = false
    for i in missing.indices where other.missing[i] != 0 && missing[i] != 0 {
      let left = Self.value(
        missingIn: Self.planes(of: missing[i]).subtracting(Self.planes(of: other.missing[i])))
      if left == missing[i] { continue }
      missing[i] = left
      isChanged = true
    }
    return isChanged
  }

  /// The mask at a plane's own resolution: a sample is missing if any luma sample that it covers is.
  public func missing(in plane: PlaneFormat) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: plane.count) }
    if plane.horizontalShift == 0 && plane.verticalShift == 0 {
      return isByPlanes ? mask(of: PlaneSelection(plane.role)).missing : missing
    }
    return missing(in: PlaneBox(Box(x: 0, y: 0, width: width, height: height), in: plane))
  }

  /// The part of the mask at a plane's own resolution that lies in a box.
  public func missing(in area: PlaneBox) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: area.count)
    let (dy, dx) = (area.plane.verticalShift, area.plane.horizontalShift)
    if missing.isEmpty { return result }
    let isKnown = PlaneSelection(area.plane.role).rawValue << 1
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      let columns = area.x << dx..<min(width, (area.x + area.width) << dx)
      for y in area.y << dy..<min(height, (area.y + area.height) << dy) {
        let row = ((y >> dy) - area.y) * area.width - area.x
        forEachIndex(in: y * width + columns.lowerBound..<y * width + columns.upperBound, of: base, where: 0)
        {
          if base[$0] & isKnown == 0 { result[row + (($0 - y * width) >> dx)] = 1 }
        }
      }
    }
    return result
  }

  /// Number of missing samples at a plane's own resolution.
  public func missingCount(in plane: PlaneFormat) -> Int {
    if missing.isEmpty || plane.horizontalShift == 0 && plane.verticalShift == 0 && !isByPlanes {
      return missingCount
    }
    return FrameMask(width: plane.width, height: plane.height, missing: missing(in: plane)).missingCount
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
