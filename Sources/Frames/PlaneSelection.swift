/// Some of the planes that a frame may have.
///
/// Luma and red share a member, so do blue-difference chroma and green, and red-difference chroma and blue: a frame has one of
/// each two at most.
public struct PlaneSelection: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue & 0b1111 }

  /// Luma (or gray), or red.
  public static let first = Self(rawValue: 1)
  /// Blue-difference chroma, or green.
  public static let second = Self(rawValue: 2)
  /// Red-difference chroma, or blue.
  public static let third = Self(rawValue: 4)
  public static let alpha = Self(rawValue: 8)
  /// All but alpha.
  public static let colours: Self = [.first, .second, .third]
  public static let all: Self = [.first, .second, .third, .alpha]

  public init(_ role: PlaneRole) {
    self =
      switch role {
      case .luma, .red: .first
      case .chromaBlue, .green: .second
      case .chromaRed, .blue: .third
      case .alpha: .alpha
      }
  }

  /// All planes but these.
  public var others: Self { Self(rawValue: ~rawValue) }
}

/// Masks in which a sample may be missing in some planes only.
extension FrameMask {
  /// The value in `missing` of a sample that is missing in some planes.
  ///
  /// 1 for all of them, 0 for none; otherwise 1 and, one bit higher than in `PlaneSelection`, the planes in which it is known.
  public static func value(missingIn planes: PlaneSelection) -> UInt8 {
    planes.isEmpty ? 0 : 1 | planes.others.rawValue << 1
  }

  /// The planes in which a sample with that value is missing.
  public static func planes(of value: UInt8) -> PlaneSelection {
    value == 0 ? [] : PlaneSelection(rawValue: value >> 1).others
  }

  /// True where some sample is missing in some planes only.
  public var isByPlanes: Bool {
    missing.withUnsafeBytes { bytes in
      var start = 0
      // In steps, eight samples at a time: masks of large frames are asked often.
      while start < bytes.count {
        let end = min(start + 4096, bytes.count)
        var (found, i) = (UInt64(0), start)
        while i + 8 <= end {
          found |= bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
          i += 8
        }
        while i < end {
          found |= UInt64(bytes[i])
          i += 1
        }
        if found & 0xfefe_fefe_fefe_fefe != 0 { return true }
        start = end
      }
      return false
    }
  }

  /// Makes everything known in all planes but these.
  public mutating func restrict(to planes: PlaneSelection) {
    if planes == .all { return }
    for i in missing.indices where missing[i] != 0 {
      missing[i] = Self.value(missingIn: Self.planes(of: missing[i]).intersection(planes))
    }
  }

  /// The mask of one plane, at the frame's resolution.
  public func mask(of plane: PlaneSelection) -> FrameMask {
    if missing.isEmpty { return self }
    return FrameMask(
      width: width, height: height,
      missing: missing.map { Self.planes(of: $0).isDisjoint(with: plane) ? 0 : 1 })
  }
}
