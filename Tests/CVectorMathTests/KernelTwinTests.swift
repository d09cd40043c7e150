import CVectorMath
import Foundation
import Testing

/// Every kernel at every instruction set of this machine against its plain twin.
///
/// With `KERNEL_TIMES=1` in the environment it also prints what a call takes at each of them.
@Suite struct KernelTwinTests {
  @Test(arguments: KernelTwin.all) func agrees(twin: KernelTwin) {
    let start = ContinuousClock.now
    let expected = twin.plain()
    let plainTime = ContinuousClock.now - start
    #expect(expected.contains { !$0.isNaN }, "nothing is compared")
    for kernels in levels {
      let found = twin.fast(kernels, 1)
      #expect(found.count == expected.count)
      let differences = zip(found, expected).map { $1.isNaN ? 0 : abs($0 - $1) }
      // A difference that is no number is none that is small.
      let isClose = differences.allSatisfy { $0 <= twin.tolerance }
      #expect(isClose, "level \(kernels.level.rawValue) differs by \(differences.max() ?? 0)")
      if ProcessInfo.processInfo.environment["KERNEL_TIMES"] != nil {
        printTime(of: twin, kernels, plain: plainTime)
      }
    }
  }

  /// Calls alone: what is prepared for them takes the same time for one call as for many.
  private func printTime(of twin: KernelTwin, _ kernels: vm_kernels, plain: Duration) {
    func time(_ calls: Int) -> Double {
      let start = ContinuousClock.now
      _ = twin.fast(kernels, calls)
      return (ContinuousClock.now - start) / .seconds(1)
    }
    let calls = 200
    let best = (0..<5).map { _ in time(calls + 1) - time(1) }.min() ?? 0
    let microseconds = String(format: "%.2f", best / Double(calls) * 1e6)
    let plain = String(format: "%.0f", plain / .microseconds(1))
    print(
      "\(twin.testDescription): level \(kernels.level.rawValue), \(microseconds) µs a call; twin \(plain) µs")
  }

  @Test func everyKernelHasATwin() throws {
    let table = try #require(levels.first)
    let domains: [(name: String, table: Any)] = [
      ("elementwise", table.elementwise), ("product", table.product), ("variation", table.variation),
      ("blocks", table.blocks), ("group", table.group), ("level_lines", table.level_lines),
      ("spots", table.spots), ("residuals", table.residuals), ("patches", table.patches),
      ("alike", table.alike),
    ]
    // The level, and the domains: one that is added must be listed here.
    #expect(Mirror(reflecting: table).children.count == domains.count + 1)
    let known = domains.flatMap { domain in
      Mirror(reflecting: domain.table).children.compactMap { $0.label.map { "\(domain.name).\($0)" } }
    }
    #expect(Set(known) == Set(KernelTwin.all.flatMap(\.kernels)))
  }

  @Test func theBestLevelIsTaken() {
    #expect(vm_kernels_best().pointee.level == levels.last?.level)
  }
}
