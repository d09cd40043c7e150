import Foundation
import Frames
import Kernels
import Testing

@testable import Detection

/// A textured, roundish thing that moves over a texture that moves otherwise.
private struct MovingThing {
  var width = 176
  var height = 128
  var count = 20
  /// Half axes.
  var size = SIMD2<Float>(18, 14)
  var start = SIMD2<Float>(40, 50)
  var speed = SIMD2<Float>(3.3, 1.2)
  /// How much larger it becomes in a frame, and how far it turns, in radians.
  var growth: Float = 1
  var turn: Float = 0
  /// Columns that the background moves in a frame.
  var pan = 1
  var cuts: Set<Int> = []
  /// How bright frames are.
  var light: @Sendable (Int) -> Float = { _ in 1 }
  /// What lies over everything: the value at a place of a frame; nil where nothing does.
  var cover: (@Sendable (_ t: Int, _ x: Int, _ y: Int) -> Float?)?
  var bitDepth = 8
  var scale: Float { Float((1 << bitDepth) - 1) / 255 }

  /// From the thing's own coordinates to those of a frame.
  private func pose(_ t: Int) -> Similarity {
    let (s, angle) = (powf(growth, Float(t)), turn * Float(t))
    return Similarity(a: s * cosf(angle), b: s * sinf(angle), shift: start + speed * Float(t))
  }

  /// Where a place of a frame lies in the thing; nil outside.
  private func place(_ back: Similarity?, _ x: Int, _ y: Int) -> SIMD2<Float>? {
    guard let back else { return nil }
    let (fx, fy) = (Float(x), Float(y))
    let px = back.a * fx - back.b * fy + back.shift.x
    let py = back.b * fx + back.a * fy + back.shift.y
    let (qx, qy) = (px / size.x, py / size.y)
    return qx * qx + qy * qy <= 1 ? SIMD2(px, py) : nil
  }

  func truth(_ t: Int) -> FrameMask {
    var mask = FrameMask(width: width, height: height, missing: Array(repeating: 0, count: width * height))
    let back = pose(t).inverse
    for i in 0..<width * height where place(back, i % width, i / width) != nil { mask.missing[i] = 1 }
    return mask
  }

  func frames() -> [Frame] {
    let wide = width + abs(pan) * count
    var behind = Texture(seed: 5).values(width: wide, height: height)
    let side = 96
    let skin = Texture(seed: 11).values(width: side, height: side)
    var noise = RandomSource(seed: 3)
    return (0..<count).map { t in
      if cuts.contains(t) { behind = Texture(seed: 5 + 77 * UInt64(t)).values(width: wide, height: height) }
      let (back, bright) = (pose(t).inverse, light(t))
      let isThere = t < cuts.min() ?? count
      var samples: [UInt16] = []
      for i in 0..<width * height {
        let (x, y) = (i % width, i / width)
        var value = behind[y * wide + x + pan * (count - t)]
        if isThere, let p = place(back, x, y) {
          let q = pointwiseMax(SIMD2(), p + Float(side / 2))
          let (c, r) = (min(side - 2, Int(q.x)), min(side - 2, Int(q.y)))
          let (fx, fy) = (q.x - Float(c), q.y - Float(r))
          let k = r * side + c
          let upper = skin[k] + fx * (skin[k + 1] - skin[k])
          let lower = skin[k + side] + fx * (skin[k + side + 1] - skin[k + side])
          value = upper + fy * (lower - upper)
        }
        value = cover?(t, x, y) ?? value
        samples.append(UInt16(max(0, min(255, value * bright + 1.5 * noise.normal())) * scale + 0.5))
      }
      let format = FrameFormat(width: width, height: height, bitDepth: bitDepth, roles: [.luma])
      return Frame(format: format, planes: [samples], index: t)
    }
  }

  func track(keys: [Int], threads: Int = 2, mostKept: Int = 1 << 24) throws -> TrackedMasks {
    let drawn = keys.map { DrawnMask(name: "thing.png@\($0)", mask: truth($0)) }
    var tracker = MaskTracker(drawn, threads: threads, mostKept: mostKept)
    for frame in frames() { try tracker.add(frame, key: keys.firstIndex(of: frame.index)) }
    return try tracker.finish()
  }

  /// Intersection over union of a frame's mask with the truth, and the share of the truth that it has.
  func score(_ tracked: TrackedMasks, _ t: Int) -> (overlap: Double, recall: Double) {
    let (mask, truth) = (tracked.mask(in: t), truth(t))
    var (common, union) = (mask, mask)
    common.formIntersection(truth)
    union.formUnion(truth)
    return (
      Double(common.missingCount) / Double(max(1, union.missingCount)),
      Double(common.missingCount) / Double(max(1, truth.missingCount))
    )
  }
}

@Suite("A mask that is followed")
struct MaskTrackerTests {
  @Test("goes with a thing that moves, turns and grows, on and back", arguments: [0, 10, 19])
  func follows(key: Int) throws {
    var thing = MovingThing()
    (thing.growth, thing.turn) = (1.012, 0.015)
    let tracked = try thing.track(keys: [key])
    #expect(tracked.mask(in: key) == thing.truth(key))
    for t in 0..<thing.count {
      let score = thing.score(tracked, t)
      #expect(score.overlap > 0.7 && score.recall > 0.97, "frame \(t): \(score)")
    }
    #expect(tracked.warnings.isEmpty)
    #expect(tracked.figures.map(\.frames) == [[0, 19]])
  }

  @Test("stays with a thing that moves by more than its size, in 10 bits and under changing light")
  func fast() throws {
    var thing = MovingThing(width: 288, count: 14, size: [12, 12], start: [20, 40], speed: [18, 3])
    (thing.bitDepth, thing.light) = (10, { 1 - 0.02 * Float($0) })
    let tracked = try thing.track(keys: [0])
    for t in 0..<thing.count {
      let score = thing.score(tracked, t)
      #expect(score.overlap > 0.5 && score.recall > 0.9, "frame \(t): \(score)")
    }
  }

  @Test("ends where the thing is covered, and says so; a mask that is drawn after that goes on")
  func covered() throws {
    var thing = MovingThing(count: 24, start: [30, 50])
    // A wall that the thing goes behind.
    thing.cover = { _, x, y in
      (78..<150).contains(x) ? 120 + 40 * sinf(Float(x) / 3) * cosf(Float(y) / 4) : nil
    }
    let tracked = try thing.track(keys: [0])
    let last = try #require(tracked.figures.first?.frames.last)
    // Its middle is behind the wall's edge from frame 15 on, and all of it from frame 20 on.
    #expect((8...17).contains(last) && tracked.figures.first?.endAfter == .lost)
    #expect(tracked.mask(in: last + 1).isEmpty && tracked.mask(in: 23).isEmpty)
    for t in 0...8 { #expect(thing.score(tracked, t).overlap > 0.6, "frame \(t)") }
    let warning = try #require(tracked.warnings.first)
    #expect(
      tracked.warnings.count == 1
        && warning.hasPrefix("--mask-track thing.png@0: followed to frame \(last), and lost in frames from"))
  }

  @Test("ends where the thing has left the picture, without a warning")
  func leaves() throws {
    let thing = MovingThing(count: 22, start: [90, 60], speed: [6.5, 0.4])
    let tracked = try thing.track(keys: [0])
    for t in 0...12 {
      #expect(thing.score(tracked, t).overlap > 0.6, "frame \(t): \(thing.score(tracked, t))")
    }
    // The last of it is seen in frame 15.
    #expect(tracked.warnings.isEmpty && tracked.mask(in: 21).isEmpty)
    #expect(tracked.figures.first?.endAfter == .left)
  }

  @Test("does not cross the beginning of a scene")
  func cut() throws {
    var thing = MovingThing()
    thing.cuts = [12]
    let tracked = try thing.track(keys: [4])
    #expect(tracked.figures.first?.frames == [0, 11] && tracked.figures.first?.endAfter == .scene)
    #expect((12..<20).allSatisfy { tracked.mask(in: $0).isEmpty })
    #expect(
      tracked.warnings.count == 1 && tracked.warnings[0].contains("followed to frame 11, where its scene"))
    #expect(tracked.warnings[0].contains("not in frames from 12 on"))
  }

  @Test("is as the nearer one of two drawn masks")
  func twoKeys() throws {
    var thing = MovingThing(count: 24, start: [30, 50])
    thing.growth = 1.01
    // Covered for a while.
    thing.cover = { t, x, y in (10...12).contains(t) ? 90 + Float((x * 7 + y * 13 + t * 5) % 60) : nil }
    let tracked = try thing.track(keys: [0, 20])
    #expect(tracked.tracks.count == 2)
    for t in [Int](0...9) + [Int](13...23) {
      let score = thing.score(tracked, t)
      #expect(score.overlap > 0.65 && score.recall > 0.95, "frame \(t): \(score)")
    }
    #expect(tracked.mask(in: 20) == thing.truth(20))
  }

  @Test("keeps pictures of so many frames as fit, and says how far back it came")
  func memory() throws {
    let thing = MovingThing()
    let tracked = try thing.track(keys: [15], mostKept: 6 * 176 * 128)
    #expect(tracked.figures.first?.frames == [9, 19] && tracked.figures.first?.endBefore == .memory)
    #expect(tracked.warnings.count == 1 && tracked.warnings[0].contains("frames 0 to 8"))
  }

  @Test("is the same for any number of threads")
  func threads() throws {
    let thing = MovingThing(count: 8)
    let (one, three) = (try thing.track(keys: [3], threads: 1), try thing.track(keys: [3], threads: 3))
    #expect((0..<8).allSatisfy { one.mask(in: $0) == three.mask(in: $0) } && !one.mask(in: 7).isEmpty)
  }

  @Test("takes frames of other sizes, tiny ones and masks of nothing")
  func odd() throws {
    let tiny = FrameFormat(width: 6, height: 5, bitDepth: 8, roles: [.luma])
    let other = FrameFormat(width: 8, height: 5, bitDepth: 8, roles: [.luma])
    func frame(_ format: FrameFormat, _ t: Int) -> Frame {
      Frame(format: format, planes: [Array(repeating: 90, count: format.width * 5)], index: t)
    }
    var spot = FrameMask(width: 6, height: 5, missing: Array(repeating: 0, count: 30))
    spot.missing[14] = 1
    var tracker = MaskTracker(
      [DrawnMask(name: "a", mask: spot), DrawnMask(name: "b", mask: FrameMask(width: 6, height: 5))],
      threads: 1)
    for t in 0..<6 { try tracker.add(frame(t == 3 ? other : tiny, t), key: t == 1 ? 0 : t == 4 ? 1 : nil) }
    let tracked = try tracker.finish()
    #expect(tracked.frames == 6 && tracked.mask(in: 1) == spot && tracked.mask(in: 4).isEmpty)
    var none = MaskTracker([], threads: 1)
    #expect(try none.finish().mask(in: 0).isEmpty)
  }

  @Test("grows evenly, and moves by whole samples as it is")
  func shapes() throws {
    var mask = FrameMask(width: 40, height: 30, missing: Array(repeating: 0, count: 1200))
    for y in 10..<14 { for x in 12..<18 { mask.missing[y * 40 + x] = 1 } }
    let shape = try #require(DrawnShape(mask))
    #expect(shape.area == 24)
    var moved = FrameMask(width: 40, height: 30)
    shape.draw(into: &moved, moved: Similarity(shift: [-14, 3]), growth: 0)
    #expect(moved.missingCount == 16 && moved.missing[13 * 40] == 1 && moved.missing[13 * 40 + 4] == 0)
    var grown = FrameMask(width: 40, height: 30)
    shape.draw(into: &grown, moved: Similarity(), growth: 1)
    #expect(grown.missingCount == 24 + 2 * (6 + 4))
    #expect(DrawnShape(FrameMask(width: 4, height: 4)) == nil)
  }
}
