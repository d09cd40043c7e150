import Foundation

/// Measures the machine, a training step and a round of hard thresholding in one run, after checking their results.
@main
struct KernelBenchmarks {
  /// Usage: KernelBenchmarks [runs [threads]]; or KernelBenchmarks check, which fails where a kernel is slow for what the
  /// machine can do; or KernelBenchmarks network FILE STEPS THREADS, which writes a loss and its gradient to FILE and
  /// prints the seconds of a step. Exit status 1 where a result is wrong or a check fails, 2 for wrong arguments.
  static func main() {
    if CommandLine.arguments.dropFirst() == ["check"] { return check() }
    if CommandLine.arguments.dropFirst().first == "network" { return network() }
    let arguments = CommandLine.arguments.dropFirst().map { Int($0) ?? 0 }
    guard arguments.count <= 2, arguments.allSatisfy({ $0 >= 1 }) else {
      fail("usage: KernelBenchmarks check, or [runs [threads]]", status: 2)
    }
    let runs = arguments.first ?? 9
    let threads = arguments.dropFirst().first ?? ProcessInfo.processInfo.activeProcessorCount
    do {
      let machines = try [1, threads].map { try Machine(threads: $0, runs: runs) }
      Report.print(machines: machines)
      let share = machines[1].arithmetic / (machines[0].arithmetic * Double(threads))
      if share < 0.9 {
        print(
          "\nNot a quiet machine: \(threads) threads do \(Report.percent(share)) of what as many cores would do."
        )
      }
      Report.print(step: try NetworkStep(threads: threads, steps: runs), machines: machines)
      let volume = TestVolume()
      Report.print(step: try TuckerStep(volume, threads: threads, steps: 8 * runs), machines: machines)
      Report.print(round: try ThresholdingRound(volume, threads: threads, runs: runs), machines: machines)
      print("\nMedians of \(runs) runs (\(8 * runs) steps); spread: half the distance of the quartiles.")
    } catch {
      fail("\(error)", status: 1)
    }
  }

  private static func check() {
    do {
      var thresholds = Thresholds()
      for _ in 0..<5 where thresholds.ratios.isEmpty || !thresholds.areMet { try thresholds.measure(runs: 3) }
      thresholds.print()
      if !thresholds.areMet { fail("a kernel is slower than this machine lets it be", status: 1) }
    } catch {
      fail("\(error)", status: 1)
    }
  }

  private static func network() {
    let arguments = Array(CommandLine.arguments.dropFirst(2))
    guard arguments.count == 3, let steps = Int(arguments[1]), let threads = Int(arguments[2]), steps > 0,
      threads > 0
    else { fail("usage: KernelBenchmarks network FILE STEPS THREADS", status: 2) }
    do {
      print(try NetworkFile.write(to: arguments[0], steps: steps, threads: threads))
    } catch {
      fail("\(error)", status: 1)
    }
  }

  private static func fail(_ message: String, status: Int32) -> Never {
    FileHandle.standardError.write(Data("KernelBenchmarks: \(message)\n".utf8))
    exit(status)
  }
}
