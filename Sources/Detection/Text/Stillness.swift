import Kernels

/// For how long each place of a picture has kept its value, whatever moves around it.
struct Stillness: Sendable {
  /// Differences of so many steps of 8 bits are noise of a coder.
  private static let tolerance: UInt8 = 10
  /// Frames after which the value that others are compared with is settled.
  private static let settling: UInt8 = 3

  let width: Int
  let height: Int
  private var values: [UInt8]
  /// Frames since the value changed, 255 at most.
  private(set) var ages: [UInt8]

  init(_ picture: ReducedPicture) {
    (width, height) = (picture.width, picture.height)
    values = picture.samples
    ages = Array(repeating: 0, count: picture.samples.count)
  }

  mutating func add(_ picture: ReducedPicture, threads: Int) {
    precondition(picture.width == width && picture.height == height, "frames have one size")
    let width = width
    values.withSharedElements { values in
      parallelFor(height, threads: threads, writing: &ages) { y, ages in
        let line = y * width..<(y + 1) * width
        let (kept, age) = (values[line], ages[line])
        picture.samples.withUnsafeBufferPointer { samples in
          guard let new = samples.baseAddress, let kept = kept.baseAddress, let age = age.baseAddress else {
            return
          }
          for x in 0..<width {
            let (v, k, a) = (new[line.lowerBound + x], kept[x], age[x])
            let isSame = max(v, k) &- min(v, k) <= Self.tolerance
            age[x] = isSame ? max(a, a &+ 1) : 0
            kept[x] = isSame && a > Self.settling ? k : v
          }
        }
      }
    }
  }
}
