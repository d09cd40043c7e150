import Frames
import Kernels

extension FrameMask {
  func missingCount(in box: Box) -> Int {
    if missing.isEmpty { return 0 }
    var count = 0
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in box.y..<box.y + box.height {
        let row = y * width + box.x
        forEachIndex(in: row..<row + box.width, of: base, where: 0) { _ in count += 1 }
      }
    }
    return count
  }

  /// The part of the mask within a box: 1 where missing, other values where planes differ.
  func values(in box: Box) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: box.area) }
    return (box.y..<box.y + box.height).flatMap { y in
      missing[y * width + box.x..<y * width + box.x + box.width]
    }
  }
}
