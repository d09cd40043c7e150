import Frames

/// A place around something that appeared: what was there before, what has been there since, and which of it has stayed.
struct Appearance: Sendable {
  /// Frames that are looked at.
  private static let most = 8
  /// Steps of 8 bits that a sample that stays may differ from its mean, at most and on average.
  private static let largest: Int32 = 16
  private static let usual: Int32 = 6
  /// Steps of 8 bits by which a sample that is new differs from what was there before.
  private static let change = 12

  let box: Box
  /// The mean over frames in which it is there, in steps of 8 bits.
  let mean: [UInt8]
  /// 1 where a sample has stayed since.
  let isStill: [UInt8]
  /// 1 where a sample has stayed since, and was another before.
  let isNew: [UInt8]

  /// - Parameters:
  ///   - birth: the frame in which it appeared.
  init(_ frames: FrameWindow<BrightnessPlane>, box: Box, birth: Int) {
    self.box = box
    let last = frames.end - 1
    let first = min(birth + 1, last)
    let count = min(Self.most, last - first + 1)
    let patches = (0..<count).map { k in
      Patch(frames[count > 1 ? first + k * (last - first) / (count - 1) : last], box: box).values
    }
    var sums = [Int32](repeating: Int32(count) / 2, count: box.area)
    for patch in patches {
      for i in 0..<box.area { sums[i] &+= Int32(patch[i]) }
    }
    let mean = sums.map { UInt8(truncatingIfNeeded: $0 / Int32(count)) }
    var total = [Int32](repeating: 0, count: box.area)
    var worst = [Int32](repeating: 0, count: box.area)
    for patch in patches {
      for i in 0..<box.area {
        let difference = abs(Int32(patch[i]) - Int32(mean[i]))
        total[i] &+= difference
        worst[i] = max(worst[i], difference)
      }
    }
    let limit = Self.usual * Int32(count)
    let isStill = (0..<box.area).map { i -> UInt8 in worst[i] <= Self.largest && total[i] <= limit ? 1 : 0 }
    if birth - 2 >= frames.start || birth > frames.start {
      let before = Patch(frames[max(frames.start, birth - 2)], box: box).values
      isNew = (0..<box.area).map { i in
        abs(Int(before[i]) - Int(mean[i])) > Self.change ? isStill[i] : 0
      }
    } else {
      isNew = isStill
    }
    (self.mean, self.isStill) = (mean, isStill)
  }
}
