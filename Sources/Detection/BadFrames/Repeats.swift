import Kernels
import Motion

/// Frames that repeat the one before: which were put in for a lost one, and which belong there.
///
/// What was lost shows in the next step, which is two of the scene's. Where a repeat was put in to change the frame rate it is
/// one, and others follow at equal distances.
struct Repeats: Sendable {
  /// How many frames on either side are looked at for the scene's usual change, and for other repeats.
  private static let usualReach = 6
  static let reach = 12
  /// A repeat that was put in stands for a cadence for so many frames.
  private static let memory = 100
  /// 24 frames a second become 25 by a repeat every 24 or 25 frames, counted in either rate.
  private static let cadence = [24, 25]

  /// The last repeats of the scene, as positions.
  private var repeats: [Int] = []
  /// Of them, those that were put in.
  private var inserted: [Int] = []

  /// Looks at the next frame.
  ///
  /// - Parameters:
  ///   - scene: what is known of frames, from `reach` before to `reach` after it as far as there are any.
  ///   - isDamaged: whether a frame is known to be bad for another reason.
  ///   - caution: factor of what is needed.
  /// - Returns: how sure it is that the frame stands for a lost one, and nil if it does not.
  mutating func confidence(
    of frame: Int, in scene: FrameWindow<FrameSummary>, caution: Float, isDamaged: (Int) -> Bool
  ) -> Float? {
    forget(before: frame - Self.memory)
    guard Self.isRepeat(frame, in: scene) else { return nil }
    defer { repeats.append(frame) }
    guard Self.stands(frame, in: scene, caution: caution) else { return nil }
    let others = scene.around(frame, reach: Self.reach).filter { $0 != frame && Self.isRepeat($0, in: scene) }
      .count
    if others > 1 { return nil }
    let steps = StepRatio(
      over: frame, in: scene, isUsable: { !Self.isRepeat($0, in: scene) && !isDamaged($0) })
    let isKnown = steps.map { $0.disagreement < 0.9 } ?? false
    let ratio = steps?.ratio ?? 0
    let isCadence =
      others > 0 || !inserted.isEmpty || Self.cadence.contains { repeats.contains(frame - $0) }
    let isLoss = isKnown && ratio > 1.5
    // The less even the motion, the less the ratio says.
    let isEven = steps.map { $0.disagreement < 0.5 } ?? false
    let isStep = isKnown && ratio > 0.7 && ratio < (isEven ? 1.4 : 1.2) && (steps?.growth ?? 1) < 1.15
    if isStep || isCadence && !isLoss {
      inserted.append(frame)
      return nil
    }
    return isLoss ? 0.9 : 0.6
  }

  private mutating func forget(before frame: Int) {
    repeats.removeAll { $0 < frame }
    inserted.removeAll { $0 < frame }
  }

  /// Whether a frame changes next to nothing, where frames do.
  private static func isRepeat(_ frame: Int, in scene: FrameWindow<FrameSummary>) -> Bool {
    guard scene.range.contains(frame), frame > 0, scene[frame].change < 0.5 else { return false }
    let near = scene.around(frame, reach: usualReach).filter { $0 != frame && $0 > 0 }.map {
      scene[$0].change
    }
    return !near.isEmpty && scene[frame].change < 0.2 * median(near)
  }

  /// Whether the scene moves before and after a repeat, everywhere that it does more than the repeat itself.
  private static func stands(_ frame: Int, in scene: FrameWindow<FrameSummary>, caution: Float) -> Bool {
    guard frame >= 2, scene.range.contains(frame - 2), scene.range.contains(frame + 1) else { return false }
    let (before, now, after) = (scene[frame - 1], scene[frame], scene[frame + 1])
    if isRepeat(frame - 1, in: scene) || isRepeat(frame + 1, in: scene) { return false }
    // In the dark a fade's steps are smaller than those of samples.
    guard now.thumbnail.contrast > 4, !now.thumbnail.isBlank else { return false }
    guard now.change <= 0.12 / caution * min(before.change, after.change) + 0.02 else { return false }
    // A flash comes back to what was there.
    let around = scene[frame - 2].thumbnail.difference(from: after.thumbnail)
    if around < 0.5 * min(before.change, after.change) { return false }
    var (moving, odd) = (0, 0)
    for i in now.tileChanges.indices {
      let motion = min(before.tileChanges[i], after.tileChanges[i])
      if motion > 1 { moving += 1 }
      if now.tileChanges[i] > max(0.6, 0.4 * motion) { odd += 1 }
    }
    let count = now.tileChanges.count
    return moving >= max(1, count / 100) && odd <= max(count / 20, moving / 8)
  }
}

/// How far the scene goes over a repeat, in steps that it takes before and after: 1 where nothing was lost, 2 where a frame was.
struct StepRatio {
  let ratio: Float
  /// How much the steps before and after differ, over the steps: above 1 the ratio says nothing.
  let disagreement: Float
  /// The change over the repeat over the larger one of those before and after: hardly above 1 where nothing was lost.
  let growth: Float

  /// - Returns: nil where there are no such steps.
  init?(over frame: Int, in scene: FrameWindow<FrameSummary>, isUsable: (Int) -> Bool) {
    guard scene.range.contains(frame - 2) else { return nil }
    // A bad frame after it is left out, and the step is longer then.
    let after = isUsable(frame + 1) ? frame + 1 : frame + 2
    guard scene.range.contains(after), isUsable(after) else { return nil }
    // One step before and one after; of two on one side where the other has a bad frame.
    let around = [(frame - 2, frame - 1), (after, after + 1), (frame - 3, frame - 2), (after + 1, after + 2)]
    let usable = around.filter { a, b in
      scene.range.contains(a) && scene.range.contains(b) && isUsable(a) && isUsable(b)
    }
    guard usable.count >= 2 else { return nil }
    func flow(_ a: Int, _ b: Int) -> FlowField? {
      try? OpticalFlow.between(scene[a].thumbnail.picture, scene[b].thumbnail.picture, detail: .fine)
    }
    guard let m = flow(frame, after), let u = flow(usable[0].0, usable[0].1),
      let v = flow(usable[1].0, usable[1].1)
    else { return nil }
    var (along, square): (Double, Double) = (0, 0)
    var (apart, length): (Double, Double) = (0, 0)
    for i in 0..<u.width * u.height {
      let first = SIMD2(u.dx.base[i], u.dy.base[i])
      let (middle, last) = (SIMD2(m.dx.base[i], m.dy.base[i]), SIMD2(v.dx.base[i], v.dy.base[i]))
      let (step, change) = ((first + last) / 2, first - last)
      // Places count that move evenly.
      let weight = 1 / (0.05 + (change * change).sum())
      along += Double(weight * (middle * step).sum())
      square += Double(weight * (step * step).sum())
      guard (step * step).sum() > 0.01 else { continue }
      apart += Double(abs(change.x) + abs(change.y))
      length += Double(abs(step.x) + abs(step.y))
    }
    guard square > 0, length > 0 else { return nil }
    let usual = max(scene[usable[0].1].change, scene[usable[1].1].change)
    // Of a longer step it says nothing.
    growth = after == frame + 1 && usual > 0 ? scene[after].change / usual : 1
    ratio = Float(along / square) - Float(after - frame - 1)
    disagreement = Float(apart / length)
  }
}
