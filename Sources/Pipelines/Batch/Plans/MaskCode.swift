import Frames
import Foundation

/// A frame's mask in few bytes: lengths of what is known and missing in turns, or a bit for each sample, whichever is shorter.
/// Where planes miss different samples, the masks of all planes follow each other, each with its length before it.
enum MaskCode {
  private static let (runs, bits, planes) = (UInt8(1), UInt8(2), UInt8(3))
  private static let selections: [PlaneSelection] = [.first, .second, .third, .alpha]

  static func encoded(_ mask: FrameMask) -> Data {
    if mask.missing.isEmpty { return Data([runs]) }
    if mask.isByPlanes {
      return selections.reduce(Data([planes])) { code, plane in
        let part = encoded(mask.mask(of: plane))
        return code + (0..<4).map { UInt8(truncatingIfNeeded: part.count >> (8 * $0)) } + part
      }
    }
    let most = mask.missing.count / 8 + 1
    var code = [runs]
    var isMissing = false
    var start = 0
    mask.missing.withUnsafeBufferPointer { missing in
      while start < missing.count && code.count <= most {
        var end = start
        while end < missing.count && (missing[end] != 0) == isMissing { end += 1 }
        var length = end - start
        while length >= 0x80 {
          code.append(UInt8(truncatingIfNeeded: length) | 0x80)
          length >>= 7
        }
        code.append(UInt8(length))
        (start, isMissing) = (end, !isMissing)
      }
    }
    if start == mask.missing.count { return Data(code) }
    var packed = [UInt8](repeating: 0, count: (mask.missing.count + 7) / 8)
    for i in mask.missing.indices where mask.missing[i] != 0 { packed[i >> 3] |= 1 << UInt8(i & 7) }
    return Data([bits] + packed)
  }

  /// - Returns: nil for bytes that are no mask of that size.
  static func mask(_ data: Data, width: Int, height: Int) -> FrameMask? {
    let count = width * height
    let code = Array(data)
    guard let kind = code.first else { return nil }
    if kind == bits {
      guard code.count == 1 + (count + 7) / 8 else { return nil }
      return FrameMask(
        width: width, height: height, missing: (0..<count).map { code[1 + $0 >> 3] >> UInt8($0 & 7) & 1 })
    }
    if kind == planes { return maskByPlanes(code.dropFirst(), width: width, height: height) }
    guard kind == runs else { return nil }
    if code.count == 1 { return FrameMask(width: width, height: height) }
    var missing = [UInt8](repeating: 0, count: count)
    var (at, shift, length, value) = (0, 0, 0, UInt8(0))
    for byte in code.dropFirst() {
      guard shift < 56 else { return nil }
      length |= Int(byte & 0x7f) << shift
      shift += 7
      if byte & 0x80 != 0 { continue }
      guard length <= count - at else { return nil }
      if value != 0 { for i in at..<at + length { missing[i] = 1 } }
      (at, shift, length, value) = (at + length, 0, 0, 1 - value)
    }
    return at == count && shift == 0 ? FrameMask(width: width, height: height, missing: missing) : nil
  }

  private static func maskByPlanes(_ code: ArraySlice<UInt8>, width: Int, height: Int) -> FrameMask? {
    var (rest, result) = (code, FrameMask(width: width, height: height))
    for plane in selections {
      guard rest.count >= 4 else { return nil }
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      // Masks of planes have none of their own.
      guard rest.count >= length, let kind = rest.first, kind != planes,
        var part = mask(Data(rest.prefix(length)), width: width, height: height)
      else { return nil }
      part.restrict(to: plane)
      result.formUnion(part)
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? result : nil
  }
}
