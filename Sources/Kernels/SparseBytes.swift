/// Calls `body` with the index of each byte in a range that is not `value`, in order.
///
/// Thirty-two bytes are looked at together, then eight, so that runs of `value`, such as known samples among few missing ones,
/// cost next to nothing.
@inlinable
public func forEachIndex(
  in range: Range<Int>, of bytes: UnsafePointer<UInt8>, where isNot: UInt8, _ body: (Int) -> Void
) {
  let usual = UInt64(isNot) &* 0x0101_0101_0101_0101
  let raw = UnsafeRawPointer(bytes)
  var i = range.lowerBound
  @inline(__always) func differs(_ i: Int) -> UInt64 {
    raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) ^ usual
  }
  while i + 8 <= range.upperBound {
    if i + 32 <= range.upperBound,
      (differs(i) | differs(i + 8)) | (differs(i + 16) | differs(i + 24)) == 0
    {
      i += 32
      continue
    }
    if differs(i) != 0 {
      for k in i..<i + 8 where bytes[k] != isNot { body(k) }
    }
    i += 8
  }
  while i < range.upperBound {
    if bytes[i] != isNot { body(i) }
    i += 1
  }
}
