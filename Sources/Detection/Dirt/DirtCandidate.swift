import Foundation
import Frames
import Kernels

/// Strong evidence of one sign whose samples touch each other, and what tells dirt from motion that could not be followed.
struct DirtCandidate: Sendable {
  let isBright: Bool
  let runs: [MaskRun]
  let area: Int
  let areBothSides: Bool
  let measures: Measures
  /// Log-odds that it is dirt, from its measures alone.
  let odds: Float

  /// All are of the order of one, so that they mean the same at any size, noise and contrast.
  struct Measures: Sendable {
    /// Logarithms of: samples; mean and largest evidence over the noise; mean evidence in steps of 8 bits.
    var area: Float = 0
    var strength: Float = 0
    var peak: Float = 0
    var contrast: Float = 0
    /// By how much the frame lies outside the range of both references' 3 x 3 samples, at most, in tens of steps; and the share
    /// of samples that do by more than `outside`. Rank-ordered differences (Nadenau and Mitra, 1997) in their simple form.
    var rank: Float = 0
    var rankShare: Float = 0
    /// Logarithms, relative to the contrast: what the references differ by, and the residual in a rim around it.
    var disagreement: Float = 0
    var rim: Float = 0
    /// Signed evidence in the rim relative to the contrast: brightness that changes has no edge.
    var halo: Float = 0
    /// Logarithms: the references' range relative to the contrast, and the square of the longer side over the area.
    var texture: Float = 0
    var spread: Float = 0
    /// Share of the rim without evidence.
    var openness: Float = 0
    /// Logarithm of the noise.
    var noise: Float = 0

    /// Steps by which a sample counts as outside.
    static let outside: Float = 1.5
  }

  /// What a candidate has to have at least or at most; it costs little to look, and the rest is noise.
  private static let leastArea = 3
  private static let leastPeak: (steps: Float, deviations: Float) = (1.8, 2)
  private static let most: (disagreement: Float, texture: Float) = (2, 16)
  /// Added before a logarithm is taken.
  private static let floor: Float = 0.05

  /// - Returns: nil for what is no candidate.
  init?(_ component: MaskComponent, isBright: Bool, in evidence: DirtEvidence) {
    if component.count < Self.leastArea { return nil }
    let sums = Sums(component, isBright: isBright, in: evidence)
    let count = Float(component.count)
    let (contrast, noise) = (sums.evidence / count, sums.noise / count)
    if sums.peak < max(Self.leastPeak.steps, Self.leastPeak.deviations * noise) { return nil }
    let disagreement = sums.disagreement / count / contrast
    let texture = sums.texture / count / contrast
    if disagreement > Self.most.disagreement || texture > Self.most.texture { return nil }
    let rim = Rim(component, isBright: isBright, in: evidence)
    let side = Float(max(component.rows.count, component.columns.count))
    func logarithm(_ value: Float) -> Float { log(max(0, value) + Self.floor) }
    let measures = Measures(
      area: logarithm(count), strength: logarithm(contrast / noise), peak: logarithm(sums.peak / noise),
      contrast: logarithm(contrast), rank: max(-20, min(40, sums.rank)) / 10,
      rankShare: Float(sums.outside) / count, disagreement: logarithm(disagreement),
      rim: logarithm(rim.residual / contrast), halo: max(-1, min(1, rim.evidence / contrast)),
      texture: logarithm(texture), spread: logarithm(side * side / count), openness: rim.openness,
      noise: logarithm(noise))
    self.isBright = isBright
    self.measures = measures
    (runs, area, areBothSides) = (component.runs, component.count, evidence.areBothSides)
    odds = DirtOdds.first(measures)
  }

  /// Sums over a candidate's samples.
  private struct Sums {
    var evidence: Float = 0
    var noise: Float = 0
    var peak: Float = 0
    var rank = -Float.infinity
    var outside = 0
    var disagreement: Float = 0
    var texture: Float = 0

    init(_ component: MaskComponent, isBright: Bool, in frame: DirtEvidence) {
      for run in component.runs {
        let row = frame.noise.place(ofRow: run.row)
        for x in run.columns {
          let i = run.row * frame.width + x
          let size = abs(frame.evidence.base[i])
          evidence += size
          peak = max(peak, size)
          noise += frame.deviation(row, x)
          let (low, high) = frame.range(run.row, x)
          let distance = isBright ? frame.picture.base[i] - high : low - frame.picture.base[i]
          rank = max(rank, distance)
          if distance > Measures.outside { outside += 1 }
          disagreement += abs(frame.settled.0.base[i] - frame.settled.1.base[i])
          texture += high - low
        }
      }
    }
  }

  /// What lies two or three samples away.
  private struct Rim {
    /// Mean absolute residual, of samples without evidence if there are enough; and mean evidence of the candidate's sign.
    private(set) var residual: Float = 0
    private(set) var evidence: Float = 0
    private(set) var openness: Float = 0

    private static let reach = (inner: 1, outer: 3)
    /// The share of samples without evidence that is enough.
    private static let enough: Float = 0.3

    init(_ component: MaskComponent, isBright: Bool, in frame: DirtEvidence) {
      let (rows, columns, outer) = (component.rows, component.columns, Self.reach.outer)
      let (left, top) = (columns.lowerBound - outer, rows.lowerBound - outer)
      let (width, height) = (columns.count + 2 * outer, rows.count + 2 * outer)
      // 1 for the rim, 2 for the candidate and what touches it.
      var marks = [UInt8](repeating: 0, count: width * height)
      for (reach, mark) in [(outer, UInt8(1)), (Self.reach.inner, 2)] {
        for run in component.runs {
          let (first, last) = (run.columns.lowerBound - reach - left, run.columns.upperBound + reach - left)
          for y in run.row - reach - top...run.row + reach - top {
            for x in first..<last { marks[y * width + x] = mark }
          }
        }
      }
      var (count, free) = (0, 0)
      var (all, freeResidual, sum): (Float, Float, Float) = (0, 0, 0)
      for y in max(0, top)..<min(frame.height, top + height) {
        for x in max(0, left)..<min(frame.width, left + width) where marks[(y - top) * width + x - left] == 1
        {
          let i = y * frame.width + x
          let value = frame.picture.base[i]
          let here = (abs(value - frame.settled.0.base[i]) + abs(value - frame.settled.1.base[i])) / 2
          all += here
          sum += isBright ? frame.evidence.base[i] : -frame.evidence.base[i]
          count += 1
          if abs(frame.levels[i]) < 2 {
            free += 1
            freeResidual += here
          }
        }
      }
      if count == 0 { return }
      openness = Float(free) / Float(count)
      evidence = sum / Float(count)
      residual = openness >= Self.enough ? freeResidual / Float(free) : all / Float(count)
    }
  }
}
