import Frames

/// The samples of dirt, from those that it was found by: out to its soft edge, and no farther.
///
/// Evidence is blurred and reaches a sample or two beyond what it is evidence of. Samples whose own residual is small against that
/// of the others are as they were.
enum DirtGrowth {
  /// What is looked at around a candidate: a sample of weak evidence, and one beyond it.
  private static let reach = 2
  /// The least residual of a sample: in steps of 8 bits, and as a share of the mean.
  private static let least: (steps: Float, share: Float) = (1.5, 0.16)

  static func parts(of candidate: DirtCandidate, in evidence: DirtEvidence) -> [Box] {
    let (width, height) = (evidence.width, evidence.height)
    let columns = MaskRun.columns(of: candidate.runs)
    let (first, last) = (candidate.runs.first?.row ?? 0, candidate.runs.last?.row ?? 0)
    var area = LocalMask(
      columns: max(0, columns.lowerBound - reach)..<min(width, columns.upperBound + reach),
      rows: max(0, first - reach)..<min(height, last + 1 + reach))
    for run in candidate.runs { area.mark(run) }
    area.grow { y, x in
      let level = evidence.levels[y * width + x]
      return candidate.isBright ? level > 0 : level < 0
    }
    let grown = area
    let usual = grown.mean { abs(evidence.residual($0, $1)) }
    let least = max(least.steps, least.share * usual)
    area.keep { abs(evidence.residual($0, $1)) > least }
    area.close()
    area.formIntersection(grown)
    return area.boxes
  }
}
