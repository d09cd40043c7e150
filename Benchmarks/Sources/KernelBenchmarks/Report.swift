import Foundation

/// Markdown tables of what was measured.
enum Report {
  static func table(_ title: String, _ header: [String], _ rows: [[String]]) {
    print("\n\(title)\n")
    print("| " + header.joined(separator: " | ") + " |")
    print("|" + String(repeating: "---|", count: header.count))
    for row in rows { print("| " + row.joined(separator: " | ") + " |") }
  }

  static func number(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }
  static func percent(_ value: Double) -> String { number(100 * value, 1) + " %" }
  static func giga(_ value: Double) -> String { number(value / 1e9, 1) }
  static func milliseconds(_ seconds: Double) -> String { number(1000 * seconds) }

  static func print(machines: [Machine]) {
    table(
      "Machine: what it can do at most", ["", "unit"] + machines.map(\.title),
      [
        ["multiply-adds in registers", "GFLOP/s"] + machines.map { giga($0.arithmetic) },
        ["fastest matrix product, single precision", "GFLOP/s"] + machines.map { giga($0.productPeak) },
        ["fastest matrix product", "GFLOP/s"] + machines.map { giga($0.reducedProductPeak) },
      ]
        + (machines.first?.products ?? []).indices.map { i in
          let name = machines.first.map {
            "\($0.products[i].kernel.rawValue), \($0.products[i].size) x \($0.products[i].size)"
          }
          return ["product: " + (name ?? ""), "GFLOP/s"] + machines.map { giga($0.products[i].flops) }
        } + [["memory, triad", "GB/s"] + machines.map { giga($0.bandwidth) }])
  }

  static func print(step: TuckerStep, machines: [Machine]) {
    let timings = [step.single, step.parallel]
    let (reduced, single) = (step.cost.reducedFlops, step.cost.flops - step.cost.reducedFlops)
    let products = machines.map { reduced / $0.reducedProductPeak + single / $0.productPeak }
    let bounds = zip(machines, products).map { $1 + step.cost.bytes / $0.bandwidth }
    table(
      "Training step of the Tucker INR, TV and SSTV, 32 x 144 x 176 x 3: "
        + "\(number(step.cost.flops / 1e9, 3)) GFLOP in matrix products (\(percent(reduced / step.cost.flops)) of it in "
        + "bfloat16 where the machine can), \(number(step.cost.bytes / 1e6, 1)) MB",
      ["threads", "step, ms", "spread", "GFLOP/s", "bound, ms", "of it products", "step / bound"],
      zip(machines, timings).enumerated().map { i, pair in
        let (machine, timing) = pair
        return [
          "\(machine.threads)", milliseconds(timing.median), percent(timing.spread),
          giga(step.cost.flops / timing.median), milliseconds(bounds[i]),
          percent(products[i] / bounds[i]), number(timing.median / bounds[i]),
        ]
      })
    Swift.print(
      "\nChecked: signal within \(scientific(step.difference)) of the plain twin, directional derivative within "
        + "\(scientific(step.derivativeDifference)) of its difference quotient, same estimate for any number of threads."
    )
  }

  static func print(round: ThresholdingRound, machines: [Machine]) {
    table(
      "One round of hard thresholding (\(ThresholdingRound.tilings) tilings), 32 x 144 x 176 x 3: "
        + "\(number(round.flops / 1e9, 3)) GFLOP",
      [
        "threads", "round, ms", "spread", "ns a sample", "GFLOP/s", "of multiply-add peak",
        "plain twin / this",
      ],
      zip(machines, [round.single, round.parallel]).map { machine, timing in
        [
          "\(machine.threads)", milliseconds(timing.median), percent(timing.spread),
          number(timing.median * 1e9 / Double(round.samples)), giga(round.flops / timing.median),
          percent(round.flops / timing.median / machine.arithmetic), number(round.plain / timing.median, 1),
        ]
      })
    Swift.print(
      "\nPlain twin: \(milliseconds(round.plain)) ms, \(number(round.plain * 1e9 / Double(round.samples))) ns a sample, "
        + "one thread. Checked: relative difference from it \(scientific(round.difference)).")
  }

  static func print(step: NetworkStep, machines: [Machine]) {
    let side = NetworkStep.side
    table(
      "Full-batch training step of SIREN, 5 x 256, \(side) x \(side) coordinates: "
        + "\(number(step.flops / 1e9, 1)) GFLOP in matrix products",
      ["threads", "step, ms", "spread", "GFLOP/s", "of the fastest matrix product"],
      zip(machines, [step.single, step.parallel]).map { machine, timing in
        [
          "\(machine.threads)", milliseconds(timing.median), percent(timing.spread),
          giga(step.flops / timing.median), percent(step.flops / timing.median / machine.productPeak),
        ]
      })
    Swift.print(
      "\nChecked: directional derivative within \(scientific(step.derivativeDifference)) of its difference quotient, "
        + "same parameters for any number of threads.")
  }

  private static func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

  private static func print(_ text: String) { Swift.print(text) }
}
