import Detection
import Foundation
import Frames
import Kernels
import Motion

/// Frames of a texture that moves sideways, with grain, and what is painted over it.
struct SyntheticFilm {
  var width = 256
  var height = 192
  var count = 16
  var bitDepth = 8
  /// Samples that the texture moves to the right in a frame.
  var speed = 3
  /// Standard deviation of the noise, in steps of 8 bits.
  var grain: Float = 2
  var seed: UInt64 = 1
  /// Frames at which another texture begins.
  var cuts: Set<Int> = []
  var scratches: [PaintedScratch] = []
  /// Samples of defective pixels: (y, x), value in a frame from what is there, in steps of 8 bits.
  var defects: [(y: Int, x: Int, value: @Sendable (_ t: Int, _ scene: Float) -> Float)] = []
  /// Paints things of the scene over the texture: the value at a place of a frame, from what is there.
  var scene: (@Sendable (_ t: Int, _ y: Int, _ x: Int, _ value: Float) -> Float)?
  /// Paints over some places of a frame, (height, width): faster than `scene`, which is asked for all of them.
  var marks: (@Sendable (_ t: Int, _ values: UnsafeMutableBufferPointer<Float>) -> Void)?

  func inputs(knowsMotion: Bool = true) -> [DetectionInput] {
    var noise = RandomSource(seed: seed &+ 99)
    let table = (0..<4096).map { _ in noise.normal() * grain }
    // Painted once, and wide enough to move through.
    let wide = width + speed * count
    var texture = Texture(seed: seed).values(width: wide, height: height)
    let motion = knowsMotion ? FrameMotion(uniform: Float(speed), width: width, height: height) : nil
    return (0..<count).map { t in
      if cuts.contains(t) {
        texture = Texture(seed: seed &+ UInt64(t) &* 7919).values(width: wide, height: height)
      }
      var values: [Float] = []
      values.reserveCapacity(width * height)
      for y in 0..<height {
        let first = y * wide + speed * (count - t)
        values.append(contentsOf: texture[first..<first + width])
      }
      if let scene {
        for i in values.indices { values[i] = scene(t, i / width, i % width, values[i]) }
      }
      if let marks { values.withUnsafeMutableBufferPointer { marks(t, $0) } }
      for scratch in scratches { scratch.paint(over: &values, width: width, height: height, frame: t) }
      // Most of a test's time is here: no arrays within loops.
      values.withUnsafeMutableBufferPointer { values in
        table.withUnsafeBufferPointer { table in
          for i in 0..<values.count { values[i] += table[Int(truncatingIfNeeded: noise.next() & 4095)] }
        }
      }
      for defect in defects {
        let i = defect.y * width + defect.x
        values[i] = defect.value(t, values[i])
      }
      let scale = Float((1 << bitDepth) - 1) / 255
      let samples = [UInt16](unsafeUninitializedCapacity: values.count) { samples, size in
        values.withUnsafeBufferPointer { values in
          for i in 0..<values.count {
            let value = values[i]
            samples[i] = UInt16((value < 0 ? 0 : value > 255 ? 255 : value) * scale + 0.5)
          }
        }
        size = values.count
      }
      let format = FrameFormat(width: width, height: height, bitDepth: bitDepth, roles: [.luma])
      return DetectionInput(
        frame: Frame(format: format, planes: [samples], index: t), startsScene: cuts.contains(t),
        motion: t > 0 && !cuts.contains(t) ? motion : nil)
    }
  }

  /// What is painted over a frame.
  func truth(_ t: Int) -> FrameMask {
    var mask = FrameMask(width: width, height: height, missing: Array(repeating: 0, count: width * height))
    for scratch in scratches {
      for (place, _) in scratch.places(width: width, height: height, frame: t) { mask.missing[place] = 1 }
    }
    return mask
  }
}

extension FrameMotion {
  /// The same motion to the right everywhere.
  init(uniform speed: Float, width: Int, height: Int) {
    let (forward, backward) = (FlowField(still: height, width), FlowField(still: height, width))
    for i in 0..<width * height { (forward.dx.base[i], backward.dx.base[i]) = (speed, -speed) }
    self.init(forward: forward, backward: backward, scale: 1, width: width)
  }
}

/// A line that is brighter or darker than what it lies over.
struct PaintedScratch {
  var x: Float
  var columns: Float = 2
  /// Steps of 8 bits.
  var contrast: Float = 30
  /// Columns in a frame.
  var wander: Float = 0
  var frames = 0..<1000
  /// Shares of the height.
  var extent: ClosedRange<Float> = 0...1
  /// Columns over which each side falls off; 0 for whole columns.
  var softness: Float = 0
  /// Columns from top to bottom.
  var lean: Float = 0

  /// What shares of its contrast lie where; 0.1 at least, for less is not seen.
  func places(width: Int, height: Int, frame: Int) -> [(place: Int, share: Float)] {
    guard frames.contains(frame) else { return [] }
    return (Int(extent.lowerBound * Float(height))..<Int(extent.upperBound * Float(height))).flatMap { y in
      // It sways by a column besides.
      let middle =
        x + wander * Float(frame) + sin(Float(frame) * 0.7) + lean * (Float(y) / Float(height) - 0.5)
      if softness == 0 {
        let left = Int((middle - columns / 2).rounded())
        return (max(0, left)..<min(width, left + Int(columns))).map { (y * width + $0, Float(1)) }
      }
      let reach = (columns + softness) / 2
      return (max(0, Int(middle - reach))..<min(width, Int(middle + reach) + 1)).compactMap { column in
        let share = min(1, (reach - abs(Float(column) - middle)) / softness)
        return share < 0.1 ? nil : (y * width + column, share)
      }
    }
  }

  func paint(over values: inout [Float], width: Int, height: Int, frame: Int) {
    for (place, share) in places(width: width, height: height, frame: frame) {
      values[place] += share * contrast
    }
  }
}

/// Smooth noise of two scales, without end.
struct Texture {
  private let knots: [Float]
  private static let side = 64

  init(seed: UInt64) {
    var source = RandomSource(seed: seed)
    knots = (0..<Self.side * Self.side).map { _ in source.uniform(bound: 1) }
  }

  func values(width: Int, height: Int) -> [Float] {
    var values = [Float](repeating: 120, count: width * height)
    for (cell, contrast) in [(24, 50), (5, 20)] as [(Int, Float)] {
      for y in 0..<height {
        let (row, fy) = (y / cell & 63, Float(y % cell) / Float(cell))
        let below = (row + 1) & 63
        // The knots of this row, and then what lies between them.
        let line = (0..<Self.side).map { k in
          contrast * ((1 - fy) * knots[row * Self.side + k] + fy * knots[below * Self.side + k])
        }
        for x in 0..<width {
          let (k, fx) = (x / cell & 63, Float(x % cell) / Float(cell))
          values[y * width + x] += line[k] + fx * (line[(k + 1) & 63] - line[k])
        }
      }
    }
    return values
  }
}

/// How well marks fit what was painted.
struct Score {
  /// Share of what was painted that is marked.
  var recall: Float
  /// Share of all else, farther than two columns from it, that is marked.
  var falseAlarm: Float
  /// What is marked beyond what was painted, as a share of that.
  var surplus: Float

  init(_ frames: [DetectedFrame], of film: SyntheticFilm) {
    var (painted, hit, other, wrong, marked) = (0, 0, 0, 0, 0)
    for (t, frame) in frames.enumerated() {
      let truth = film.truth(t)
      painted += truth.missingCount
      // Nothing counts beside what was painted.
      var near = truth.missing
      truth.forEach { i in
        for k in max(0, i - 2)...min(near.count - 1, i + 2) { near[k] = 1 }
      }
      other += near.count - FrameMask(width: film.width, height: film.height, missing: near).missingCount
      frame.mask.forEach { i in
        marked += 1
        if truth.missing[i] != 0 { hit += 1 }
        if near[i] == 0 { wrong += 1 }
      }
    }
    recall = Float(hit) / Float(max(1, painted))
    falseAlarm = Float(wrong) / Float(max(1, other))
    surplus = Float(marked - hit) / Float(max(1, painted))
  }
}

extension FrameMask {
  /// Calls `body` with every missing sample.
  func forEach(_ body: (Int) -> Void) {
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      forEachIndex(in: 0..<missing.count, of: base, where: 0, body)
    }
  }
}

extension DamageDetector {
  /// Everything that is found in a sequence.
  mutating func all(_ inputs: [DetectionInput]) -> [DetectedFrame] {
    inputs.flatMap { add($0) } + finish()
  }
}

func scratches(in film: SyntheticFilm, knowsMotion: Bool = true) -> [DetectedFrame] {
  scratches(in: film.inputs(knowsMotion: knowsMotion))
}

func scratches(in inputs: [DetectionInput], sensitivity: Float = 0.5, threads: Int = 2) -> [DetectedFrame] {
  var detector = ScratchDetector(settings: DetectionSettings(sensitivity: sensitivity), threads: threads)
  return detector.all(inputs)
}

func marked(_ frames: [DetectedFrame]) -> Int { frames.reduce(0) { $0 + $1.mask.missingCount } }
