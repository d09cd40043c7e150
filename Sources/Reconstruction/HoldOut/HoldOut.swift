import Kernels

/// Chooses the known samples to hold out, in the shape of the holes.
///
/// For scattered holes: single samples. For compact holes: the holes themselves, moved onto known samples with similar
/// surroundings. About `share` of the known samples is held out, or as many as are missing if those are fewer, but not less than
/// a few thousand; since holes stay whole, the last one can make it up to four times as many. Whole missing frames move in time
/// only, and all of them once: known frames held out between others cost estimators little, and frames differ in difficulty.
struct HoldOut {
  /// Share of the known samples to hold out.
  var share = 0.06
  /// Whether frames may be held out whose known neighbours are farther away than those of the holes, if there are no others.
  var allowsWiderGaps = false
  /// Share of a moved hole's samples that should land on known ones; half of it is the least.
  let landing = 0.85
  /// Placements tried for each hole.
  private let attempts = 64

  /// - Parameters:
  ///   - missing: (frames, height, width) at the frame's resolution, 1 where missing.
  ///   - values: samples at that resolution, of any plane, to compare surroundings by; empty to do without.
  /// - Returns: 1 where a known sample is to be held out; nil where none can be.
  func choose(
    missing: [UInt8], values: [Float] = [], frames: Int, height: Int, width: Int, seed: UInt64
  ) -> [UInt8]? {
    let shape = HoleShape(missing: missing, frames: frames, height: height, width: width)
    let missingCount = missing.reduce(0) { $0 + Int($1) }
    let known = missing.count - missingCount
    // With fewer samples, the error is uncertain by tenths of a decibel.
    let target = min(Int(share * Double(known)), max(missingCount, 4_000))
    guard missingCount > 0, target >= 16 else { return nil }
    var random = RandomSource(seed: seed ^ 0x484f_4c44)
    var chosen = [UInt8](repeating: 0, count: missing.count)
    var count = 0
    if shape.isScattered {
      count = scatter(
        &chosen, missing: missing, frames: frames, shape: shape, target: target, random: &random)
    } else {
      let holes = HoleComponents(missing: missing, frames: frames, height: height, width: width)
      count = placeFrames(holes, on: &chosen, missing: missing, random: &random)
      if count == 0 && allowsWiderGaps && holes.holes.contains(where: { isWholeFrames($0, of: holes) }) {
        count = placeAcrossWiderGaps(on: &chosen, missing: missing, frames: frames)
      }
      let others = holes.filter { !isWholeFrames($0, of: holes) }
      if !others.holes.isEmpty {
        count += place(
          others, on: &chosen, missing: missing, values: values, target: target, random: &random)
      }
    }
    return count >= 16 ? chosen : nil
  }

  private func scatter(
    _ chosen: inout [UInt8], missing: [UInt8], frames: Int, shape: HoleShape, target: Int,
    random: inout RandomSource
  ) -> Int {
    let area = missing.count / frames
    let known = missing.count - missing.reduce(0) { $0 + Int($1) }
    let probability = Float(target) / Float(known)
    var count = 0
    // Where the same samples are missing in all frames, the same samples are held out in all frames.
    let draws = shape.isStatic ? (0..<area).map { _ in random.uniform() } : []
    for i in missing.indices where missing[i] == 0 {
      let draw = shape.isStatic ? draws[i % area] : random.uniform()
      if draw < probability {
        chosen[i] = 1
        count += 1
      }
    }
    return count
  }

  /// Moves other holes until `target` samples are held out.
  private func place(
    _ components: HoleComponents, on chosen: inout [UInt8], missing: [UInt8], values: [Float], target: Int,
    random: inout RandomSource
  ) -> Int {
    var count = 0
    var failures = 0
    var order = Array(components.holes.indices)
    var next = order.count
    // A hole may be larger than the target, within this bound.
    let limit = 3 * target
    while count < target && failures < 40 {
      // Each hole once before any is taken again, so that all kinds have their share.
      if next == order.count {
        for k in order.indices { order.swapAt(k, k + random.below(order.count - k)) }
        next = 0
      }
      let hole = components.holes[order[next]]
      next += 1
      var part = Array(components.samples[hole.range])
      if part.count > limit || fillsSite(hole, of: components) {
        part = crop(part, around: Int(part[random.below(part.count)]), of: components, limit: limit)
      }
      let moving = MovableHole(
        part, frames: components.frames, height: components.height, width: components.width)
      let origin = moving.surroundings(movedBy: 0, values: values) { missing[$0] != 0 }
      func isFree(_ i: Int) -> Bool { missing[i] == 0 && chosen[i] == 0 }
      let extent = components.extent(of: part)
      var best: (share: Double, distance: Double, offset: Int?) = (0, .infinity, nil)
      for _ in 0..<attempts {
        let offset = components.shift(of: extent, random: &random)
        let landed = part.count { isFree(Int($0) + offset) }
        let share = Double(landed) / Double(part.count)
        // Of the places where at least `landing` lands on known samples, the most similar one is taken.
        let counted = min(share, landing)
        if counted < best.share || counted < landing / 2 { continue }
        let there = moving.surroundings(movedBy: offset, values: values) {
          missing[$0] != 0 || chosen[$0] != 0
        }
        let distance = there.distance(to: origin)
        if counted > best.share || distance < best.distance { best = (counted, distance, offset) }
      }
      guard let offset = best.offset, best.share >= landing / 2 else {
        failures += 1
        continue
      }
      let places = part.map { Int($0) + offset }.filter(isFree)
      for i in places { chosen[i] = 1 }
      count += places.count
    }
    return count
  }

  /// True of a hole too large to be moved within the site.
  private func fillsSite(_ hole: HoleComponents.Hole, of c: HoleComponents) -> Bool {
    hole.rows.count * 2 > c.height && hole.columns.count * 2 > c.width
  }

  /// The part of a hole in a box around one of its samples that is small enough to be moved.
  private func crop(_ part: [Int32], around centre: Int, of c: HoleComponents, limit: Int) -> [Int32] {
    let area = c.height * c.width
    let cy = centre % area / c.width
    let cx = centre % c.width
    var radius = max(4, min(c.height, c.width) / 6)
    while true {
      let kept = part.filter {
        let i = Int($0)
        return abs(i % area / c.width - cy) <= radius && abs(i % c.width - cx) <= radius
      }
      if kept.count <= max(limit, 16) || radius <= 4 { return kept }
      radius = radius * 3 / 4
    }
  }
}
