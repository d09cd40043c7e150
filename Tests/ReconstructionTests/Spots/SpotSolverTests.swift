import Foundation
import Frames
import Synchronization
import TestSupport
import Testing

@testable import Reconstruction

/// Spots from a stream to its restored frames.
@Suite struct SpotSolverTests {
  private let format = FrameFormat(
    width: 420, height: 300, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  /// Six spots in every other frame, far from each other; a scratch in all.
  private static func isMissing(_ t: Int, _ y: Int, _ x: Int) -> Bool {
    if x == 215 && t > 2 { return true }
    let (row, column) = (y % 150, x % 140)
    return t % 2 == 1 && (60..<72).contains(row) && (60..<73).contains(column)
  }

  private func source() -> SyntheticSource {
    SyntheticSource(format: format, count: 9, missing: Self.isMissing)
  }

  private var settings: RestorationSettings {
    var settings = RestorationSettings()
    (settings.preset, settings.windowFrames, settings.overlap) = (.fast, 6, 2)
    return settings
  }

  private func psnr(_ source: SyntheticSource) -> Double {
    var error = ErrorSum()
    for (t, frame) in source.written.enumerated() {
      let truth = source.truth(t)
      let missing = source.mask(for: truth).missing
      for i in missing.indices where missing[i] != 0 {
        let difference = (Double(frame.planes[0][i]) - Double(truth.planes[0][i])) / 255
        error.squares += difference * difference
        error.samples += 1
      }
    }
    return error.psnr ?? 0
  }

  @Test(arguments: [Preset.fast, .balanced, .best])
  func spotsAreFilledAlongMotion(preset: Preset) throws {
    let source = source()
    var settings = settings
    settings.preset = preset
    let summary = try Restorer(settings: settings, execution: Execution(threads: 2)).restore(source)
    #expect(source.written.count == 9 && summary.sites.allSatisfy { $0.spots?.all ?? 0 > 0 })
    for (t, frame) in source.written.enumerated() {
      let truth = source.truth(t)
      let mask = source.mask(for: truth)
      for (p, plane) in format.planes.enumerated() {
        let missing = mask.missing(in: plane)
        // Before the first spot nothing is missing at all.
        for i in truth.planes[p].indices where missing.isEmpty || missing[i] == 0 {
          if frame.planes[p][i] != truth.planes[p][i] {
            Issue.record("frame \(t), plane \(p), sample \(i) was known and is changed")
            return
          }
        }
      }
    }
    let found = psnr(source)
    #expect(found > 44, "\(found) dB")
    let told = try #require(summary.holdoutPSNR)
    #expect(abs(told - found) < 5, "\(told) dB told, \(found) dB true")
  }

  @Test("any number of threads gives the same frames, and so do kept windows")
  func isTheSameForAllThreads() throws {
    final class Kept: SolutionStore, Sendable {
      let solutions = Mutex<[Int: UnitSolution]>([:])
      func solution(of unit: any WorkUnit) -> UnitSolution? { solutions.withLock { $0[unit.firstFrame] } }
      func save(_ solution: UnitSolution, of unit: any WorkUnit) {
        solutions.withLock { $0[unit.firstFrame] = solution }
      }
    }
    let (one, three, again) = (source(), source(), source())
    let store = Kept()
    _ = try Restorer(settings: settings).restore(one)
    _ = try Restorer(settings: settings, execution: Execution(threads: 3, store: store)).restore(three)
    let summary = try Restorer(settings: settings, execution: Execution(store: store)).restore(again)
    #expect(summary.sites.allSatisfy { $0.isKept })
    #expect(one.written.map(\.planes) == three.written.map(\.planes))
    #expect(one.written.map(\.planes) == again.written.map(\.planes))
  }

  @Test func aStoppedRestorationStops() {
    var execution = Execution()
    let calls = Counter()
    execution.isCancelled = { calls.next() > 12 }
    #expect(throws: RestorationError.cancelled) {
      try Restorer(settings: settings, execution: execution).restore(source())
    }
  }
}

private final class Counter {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}
