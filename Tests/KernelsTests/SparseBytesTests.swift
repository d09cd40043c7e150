import Kernels
import Testing

struct SparseBytesTests {
  @Test("finds the bytes that differ, in order, as a plain loop does", arguments: [0, 1, 7, 8, 9, 40, 203])
  func forEach(count: Int) {
    var random = RandomSource(seed: UInt64(count))
    for usual in [UInt8(0), 1] {
      for rarity in [1, 3, 50] {
        let bytes = (0..<count + 1).map { _ in random.below(rarity) == 0 ? UInt8(random.below(3)) : usual }
        for start in 0...min(9, count) {
          var found: [Int] = []
          bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            forEachIndex(in: start..<count, of: base, where: usual) { found.append($0) }
          }
          #expect(found == (start..<count).filter { bytes[$0] != usual })
        }
      }
    }
  }
}
