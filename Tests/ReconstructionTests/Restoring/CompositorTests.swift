import Frames
import Testing

@testable import Reconstruction

/// How what was solved for a sample more than once is blended.
struct CompositorTests {
  private let format = FrameFormat(width: 96, height: 8, bitDepth: 16, roles: [.luma])

  /// The samples of a frame of which everything is missing, as shares of full scale.
  private func blended(_ patches: [(x: Int, width: Int, value: Float, weight: Float)]) -> [Float] {
    let frame = MaskedFrame(
      frame: Frame(format: format, filledWith: 7, index: 0),
      mask: FrameMask(width: 96, height: 8, missing: [UInt8](repeating: 1, count: 96 * 8)))
    let pending = PendingFrame(frame)
    pending.patches = patches.map { patch in
      Patch(
        box: Box(x: patch.x, y: 0, width: patch.width, height: 8),
        planes: [[Float](repeating: patch.value, count: patch.width * 8)], weight: patch.weight)
    }
    pending.composite()
    return pending.frame.planes[0].map { Float($0) / 65535 }
  }

  @Test func tilesGoOverIntoEachOtherWithoutASeam() {
    let row = Array(blended([(0, 64, 0.2, 1), (32, 64, 0.8, 1)])[3 * 96..<4 * 96])
    #expect(row[..<32].allSatisfy { abs($0 - 0.2) < 1e-4 } && row[64...].allSatisfy { abs($0 - 0.8) < 1e-4 })
    #expect(row == row.sorted())
    for (a, b) in zip(row, row.dropFirst()) { #expect(b - a < 0.04) }
  }

  @Test func windowsCountByTheirWeightInTime() {
    #expect(blended([(0, 96, 0.2, 0.25), (0, 96, 0.8, 0.75)]).allSatisfy { abs($0 - 0.65) < 1e-4 })
  }

  @Test func sitesArePooledByWhatIsMissingInThem() throws {
    func site(mean: Double, heldOut: Int) -> SiteReport {
      SiteReport(
        firstFrame: 0, lastFrame: 1, box: Box(x: 0, y: 0, width: 4, height: 4),
        solution: SiteSolution(
          estimate: Estimate(planes: []), iterations: 0, stopReason: .schedule,
          heldOut: ErrorSum(squares: mean * Double(heldOut), samples: heldOut), weights: [:]),
        seconds: 1, isKept: false)
    }
    var summary = RestorationSummary()
    summary.add(site(mean: 0.01, heldOut: 10), missing: 300)
    summary.add(site(mean: 0.03, heldOut: 1000), missing: 100)
    #expect(abs(try #require(summary.expected.mean) - 0.015) < 1e-12 && summary.expected.samples == 400)
    // Nothing is said of what could not be judged.
    summary.add(site(mean: 0, heldOut: 0), missing: 5000)
    #expect(summary.expected.samples == 400)
  }
}
