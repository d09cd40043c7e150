/// Calls `body` with the index of each byte in a range that is not `value`, in order.
///
/// Eight bytes are looked at together, so that runs of `value`, such as known samples among few missing ones, cost next to
/// nothing.
@inlinable
public func forEachIndex(
  in range: Range<Int>, of bytes: UnsafePointer<UInt8>, where isNot: UInt8, _ body: (Int) -> Void
) {
  let usual = UInt64(isNot) &* 0x0101_0101_0101_0101
  let raw = UnsafeRawPointer(bytes)
  var i = range.lowerBound
  while i + 8 <= range.upperBound {
    if raw.loadUnaligned(fromByteOffset: i, as: UInt64.self) != usual {
      for k in i..<i + 8 where bytes[k] != isNot { body(k) }
    }
    i += 8
  }
  while i < range.upperBound {
    if bytes[i] != isNot { body(i) }
    i += 1
  }
}
