import Kernels
import Motion

/// How much a frame differs from both of its references, sample by sample, in steps of 8 bits.
///
/// What is in one frame only differs from both neighbours by the same amount, as in spike detection (Kokaram: "Motion Picture
/// Restoration", Springer 1998). Evidence is the mean of both residuals, less what they disagree by beyond their noise: where
/// something becomes covered or uncovered one of them is small. A class, so that thousands of candidates share it without counting
/// the owners of each of its planes.
final class DirtEvidence: Sendable {
  let width: Int
  let height: Int
  let picture: Matrix
  let settled: (Matrix, Matrix)
  /// Signed: above 0 where the frame is brighter than its references.
  let evidence: Matrix
  /// A standard deviation of the evidence where there is no dirt.
  let noise: CellMedians
  /// 0 where a reference does not show the place.
  let inside: [UInt8]
  /// Strong evidence of something bright (2) or dark (-2), and weak evidence (1, -1), which finds grow into.
  let levels: [Int8]
  let areBothSides: Bool

  /// Evidence is strong above `strong.steps` steps and above `strong.deviations` of the noise.
  private static let strong: (steps: Float, deviations: Float) = (1.5, 1.8)
  private static let weak: (steps: Float, deviations: Float) = (1.2, 1.5)
  private static let leastNoise: Float = 0.3
  /// A median of absolute values, of a normal distribution with deviation 1.
  private static let medianOfNormal: Float = 0.6745
  /// The references may disagree by so many medians of that, and by so many steps.
  private static let disagreement: (medians: Float, steps: Float) = (1.5, 0.25)

  static func threshold(noise: Float) -> Float { max(strong.steps, strong.deviations * noise) }

  /// Memory that one frame after the other uses.
  struct Workspace: Sendable {
    fileprivate let moved: (Matrix, Matrix)
    fileprivate let comparison: Compensation.Comparison
    let height: Int
    let width: Int

    init(height: Int, width: Int) {
      (self.height, self.width) = (height, width)
      moved = (Matrix(rows: height, columns: width), Matrix(rows: height, columns: width))
      comparison = Compensation.Comparison(height: height, width: width)
    }
  }

  /// - Parameters:
  ///   - pictures: the references', of the frame's size.
  ///   - workspace: of the frame's size; the evidence lies in it until it is used again.
  init(
    _ picture: Matrix, references: DirtReferences, pictures: (Matrix, Matrix), workspace: Workspace,
    threads: Int
  ) {
    let (height, width) = (picture.rows, picture.columns)
    var inside = [UInt8](repeating: 1, count: height * width)
    let (moved, comparison) = (workspace.moved, workspace.comparison)
    for (other, reference, moved) in [
      (pictures.0, references.first, moved.0), (pictures.1, references.second, moved.1),
    ] {
      Compensation.move(
        other, along: reference.flow, scale: reference.scale, into: moved, inside: &inside, threads: threads)
      Self.adapt(moved, to: picture, threads: threads)
    }
    Compensation.compare(picture, with: moved, into: comparison, threads: threads)
    (self.width, self.height, self.picture, self.inside) = (width, height, picture, inside)
    settled = comparison.settled
    areBothSides = references.areBothSides
    evidence = Self.agreed(comparison, threads: threads)
    noise = CellMedians(
      of: evidence, threads: threads, value: { abs($0) / Self.medianOfNormal })
    levels = Self.levels(
      evidence, settled: settled, picture: picture, noise: noise, inside: inside, threads: threads)
  }

  /// Flicker: a reference takes the frame's brightness, cell by cell.
  private static func adapt(_ moved: Matrix, to picture: Matrix, threads: Int) {
    let (height, width) = (picture.rows, picture.columns)
    let offsets = CellMedians(of: picture, less: moved, threads: threads)
    parallelFor(height, threads: threads) { y in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { line in
        guard let offset = line.baseAddress else { return }
        offsets.fill(offset, row: y)
        let row = moved.base + y * width
        for x in 0..<width { row[x] += offset[x] }
      }
    }
  }

  /// The evidence, in the place of the mean.
  private static func agreed(_ comparison: Compensation.Comparison, threads: Int) -> Matrix {
    let (mean, half) = (comparison.mean, comparison.half)
    let (height, width) = (mean.rows, mean.columns)
    let usual = CellMedians(of: half, threads: threads)
    parallelFor(height, threads: threads) { y in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { line in
        guard let usualHere = line.baseAddress else { return }
        usual.fill(usualHere, row: y)
        let (m, h) = (mean.base + y * width, half.base + y * width)
        for x in 0..<width {
          let excess = max(0, h[x] - disagreement.medians * usualHere[x] - disagreement.steps)
          let rest = max(0, abs(m[x]) - excess)
          m[x] = m[x] < 0 ? -rest : rest
        }
      }
    }
    return mean
  }

  private static func levels(
    _ evidence: Matrix, settled: (Matrix, Matrix), picture: Matrix, noise: CellMedians, inside: [UInt8],
    threads: Int
  ) -> [Int8] {
    let (height, width) = (picture.rows, picture.columns)
    var levels = [Int8](repeating: 0, count: height * width)
    parallelFor(height, threads: threads, writing: &levels) { y, levels in
      let (evidence, picture) = (evidence.base + y * width, picture.base + y * width)
      let references = (settled.0.base + y * width, settled.1.base + y * width)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { line in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: width) { flags in
          guard let deviation = line.baseAddress, let isLarge = flags.baseAddress else { return }
          noise.fill(deviation, row: y)
          for x in 0..<width {
            deviation[x] = max(leastNoise, deviation[x])
            isLarge[x] = abs(evidence[x]) > max(weak.steps, weak.deviations * deviation[x]) ? 1 : 0
          }
          forEachIndex(in: 0..<width, of: isLarge, where: 0) { x in
            // The samples themselves have to be on the same side as the blurred residuals.
            let residual = picture[x] - (references.0[x] + references.1[x]) / 2
            if residual * evidence[x] <= 0 { return }
            let i = y * width + x
            let isStrong = abs(evidence[x]) > threshold(noise: deviation[x]) && inside[i] != 0
            let level: Int8 = isStrong ? 2 : 1
            levels[i] = evidence[x] < 0 ? -level : level
          }
        }
      }
    }
    return levels
  }

  /// The noise at a sample of a row that lies at a place of `noise`.
  func deviation(_ row: CellMedians.Place, _ x: Int) -> Float { max(Self.leastNoise, noise[row, x]) }

  /// What a sample differs by from the mean of its references.
  func residual(_ y: Int, _ x: Int) -> Float {
    let i = y * width + x
    return picture.base[i] - (settled.0.base[i] + settled.1.base[i]) / 2
  }

  /// The range of both references around a sample.
  func range(_ y: Int, _ x: Int) -> (low: Float, high: Float) {
    let (first, second) = (settled.0.base, settled.1.base)
    var (low, high) = (Float.infinity, -Float.infinity)
    for row in max(0, y - 1)...min(height - 1, y + 1) {
      for column in max(0, x - 1)...min(width - 1, x + 1) {
        let i = row * width + column
        let (a, b) = (first[i], second[i])
        low = min(low, a, b)
        high = max(high, a, b)
      }
    }
    return (low, high)
  }
}
