/// What a change must not lower: ratios within one run on one thread, so that they mean the same on any machine.
///
/// A machine at work on something else lowers them as well, so the best of some tries counts.
struct Thresholds {
  struct Ratio {
    var name: String
    var value: Double
    /// Half of what a quiet machine does (docs/figures.md), or a little more.
    var least: Double
  }

  private(set) var ratios: [Ratio] = []
  var areMet: Bool { ratios.allSatisfy { $0.value >= $0.least } }

  /// - Throws: `WrongResult`.
  mutating func measure(runs: Int) throws {
    let machine = try Machine(threads: 1, runs: runs)
    let volume = TestVolume()
    let network = try NetworkStep(threads: 1, steps: runs)
    let step = try TuckerStep(volume, threads: 1, steps: 8 * runs)
    let round = try ThresholdingRound(volume, threads: 1, runs: runs)
    let products =
      step.cost.reducedFlops / machine.reducedProductPeak
      + (step.cost.flops - step.cost.reducedFlops) / machine.productPeak
    let bound = products + step.cost.bytes / machine.bandwidth
    let measured = [
      Ratio(
        name: "SIREN step, of the fastest product",
        value: network.flops / network.single.least / machine.productPeak, least: 0.35),
      Ratio(name: "Tucker step, its bound over it", value: bound / step.single.least, least: 0.3),
      Ratio(
        name: "hard thresholding, of the multiply-add peak",
        value: round.flops / round.single.least / machine.arithmetic, least: 0.08),
      Ratio(
        name: "hard thresholding, plain twin over it", value: round.plain / round.single.least, least: 25),
    ]
    ratios =
      ratios.isEmpty
      ? measured
      : zip(ratios, measured).map { Ratio(name: $0.name, value: max($0.value, $1.value), least: $0.least) }
  }

  func print() {
    Report.table(
      "Kernels: ratios on one thread", ["", "measured", "at least"],
      ratios.map { [$0.name, Report.number($0.value), Report.number($0.least)] })
  }
}
