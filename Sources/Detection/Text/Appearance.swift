import Frames

/// A place around something that appeared: what was there before, what has been there since, and which of it has stayed.
struct Appearance: Sendable {
  /// Frames that are looked at.
  private static let count = 8
  /// Steps of 8 bits that a sample that stays may differ from its mean, at most and on average.
  private static let largest: Int32 = 16
  private static let usual: Int32 = 6
  /// Steps of 8 bits by which a sample that is new differs from what was there before.
  private static let change = 12

  let box: Box
  /// log2 of the subsampling of the plane against its frame.
  let shift: (y: Int, x: Int)
  /// The mean over frames in which it is there, in steps of 8 bits.
  let mean: [UInt8]
  /// The least and the most over these frames.
  let least: [UInt8]
  let most: [UInt8]
  /// 1 where a sample was another before.
  let hasChanged: [UInt8]
  /// 1 where a sample has stayed since.
  let isStill: [UInt8]
  /// 1 where a sample has stayed since, and was another before.
  let isNew: [UInt8]

  /// - Parameters:
  ///   - birth: the frame in which it appeared.
  init(_ frames: FrameWindow<BrightnessPlane>, box: Box, birth: Int) {
    self.box = box
    let last = frames.end - 1
    shift = frames[last].shift
    let first = min(birth + 1, last)
    let count = min(Self.count, last - first + 1)
    let patches = (0..<count).map { k in
      Patch(frames[count > 1 ? first + k * (last - first) / (count - 1) : last], box: box).values
    }
    var sums = [Int32](repeating: Int32(count) / 2, count: box.area)
    var (least, most) = (patches[0], patches[0])
    for patch in patches {
      Self.withMemory(patch, &sums) { patch, sums in
        for i in 0..<patch.count { sums[i] &+= Int32(patch[i]) }
      }
      Self.withMemory(patch, &least) { patch, least in
        for i in 0..<patch.count { least[i] = min(least[i], patch[i]) }
      }
      Self.withMemory(patch, &most) { patch, most in
        for i in 0..<patch.count { most[i] = max(most[i], patch[i]) }
      }
    }
    let mean = sums.map { UInt8(truncatingIfNeeded: $0 / Int32(count)) }
    var total = [Int32](repeating: 0, count: box.area)
    for patch in patches {
      mean.withUnsafeBufferPointer { mean in
        Self.withMemory(patch, &total) { patch, total in
          for i in 0..<patch.count { total[i] &+= Int32(max(patch[i], mean[i]) &- min(patch[i], mean[i])) }
        }
      }
    }
    let limit = Self.usual * Int32(count)
    let isStill = (0..<box.area).map { i -> UInt8 in
      let worst = max(Int32(most[i]) - Int32(mean[i]), Int32(mean[i]) - Int32(least[i]))
      return worst <= Self.largest && total[i] <= limit ? 1 : 0
    }
    if birth - 2 >= frames.start || birth > frames.start {
      let before = Patch(frames[max(frames.start, birth - 2)], box: box).values
      hasChanged = (0..<box.area).map { i in abs(Int(before[i]) - Int(mean[i])) > Self.change ? 1 : 0 }
    } else {
      hasChanged = Array(repeating: 1, count: box.area)
    }
    isNew = zip(hasChanged, isStill).map { $0 & $1 }
    (self.mean, self.isStill, self.least, self.most) = (mean, isStill, least, most)
  }

  /// Both as memory, so that loops over them are of vectors.
  private static func withMemory<T>(
    _ patch: [UInt8], _ values: inout [T],
    _ body: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<T>) -> Void
  ) {
    precondition(patch.count == values.count, "a value for each sample")
    patch.withUnsafeBufferPointer { patch in
      values.withUnsafeMutableBufferPointer { body(patch, $0) }
    }
  }

  /// 1 where a sample was within these values all the time. Through the edge of a stroke, which is soft, some of what moves behind
  /// it is seen: it keeps its brightness more or less, and is not still.
  func within(_ values: ClosedRange<UInt8>) -> [UInt8] {
    (0..<box.area).map { i in
      least[i] >= values.lowerBound && most[i] <= values.upperBound
        ? 1 : values.contains(mean[i]) ? isStill[i] : 0
    }
  }
}
