/// A number that stands for data, to tell whether it is still the same: FNV-1a of 64 bits.
///
/// Not for data that someone may want to forge.
struct Fingerprint {
  private var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  mutating func add(_ text: String) {
    add(text.utf8)
    // So that two texts are not their concatenation.
    add(CollectionOfOne(0))
  }

  /// 16 hexadecimal digits.
  var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
