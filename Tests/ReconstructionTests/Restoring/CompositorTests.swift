import Frames
import TestSupport
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
        box: Box(x: patch.x, y: 0, width: patch.width, height: 8), mask: frame.mask,
        values: [[Float](repeating: patch.value, count: patch.width * 8)], weight: patch.weight)
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

  /// Values lie in the order of the missing samples, in each plane.
  @Test func eachMissingSampleGetsItsOwnValue() throws {
    let format = FrameFormat(
      width: 64, height: 48, bitDepth: 8, roles: [.luma, .chromaBlue], chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    let site = Box(x: 8, y: 4, width: 40, height: 36)
    for seed in 0..<20 as Range<UInt64> {
      var chance = Chance(seed: seed)
      var mask = FrameMask(width: 64, height: 48, missing: [UInt8](repeating: 0, count: 64 * 48))
      for _ in 0..<Int.random(in: 0..<5, using: &chance) {
        mask.missing[Int.random(in: 0..<64 * 48, using: &chance)] = 1
      }
      let pending = PendingFrame(MaskedFrame(frame: Frame(format: format, filledWith: 7), mask: mask))
      func value(_ p: Int, _ y: Int, _ x: Int) -> Int { (p * 100 + y * 13 + x * 5) % 256 }
      var expected = pending.frame.planes
      let values = format.planes.enumerated().map { p, plane in
        let area = PlaneBox(site, in: plane)
        let missing = mask.missing(in: area)
        return missing.indices.filter { missing[$0] != 0 }.map { i -> Float in
          let (y, x) = (area.y + i / area.width, area.x + i % area.width)
          expected[p][y * plane.width + x] = UInt16(value(p, y, x))
          return Float(value(p, y, x)) / 255
        }
      }
      pending.patches = [Patch(box: site, mask: mask, values: values, weight: 1)]
      pending.composite()
      #expect(pending.frame.planes == expected)
    }
  }

  @Test func windowsCountByTheirWeightInTime() {
    #expect(blended([(0, 96, 0.2, 0.25), (0, 96, 0.8, 0.75)]).allSatisfy { abs($0 - 0.65) < 1e-4 })
  }

  @Test func sitesArePooledByWhatIsMissingInThem() throws {
    func site(mean: Double, heldOut: Int) -> SiteReport {
      SiteReport(
        firstFrame: 0, lastFrame: 1, box: Box(x: 0, y: 0, width: 4, height: 4),
        solution: UnitSolution(
          values: [], iterations: 0, stopReason: .schedule,
          heldOut: ErrorSum(squares: mean * Double(heldOut), samples: heldOut), weights: [:]),
        seconds: 1, isKept: false)
    }
    var summary = RestorationSummary()
    summary.add(site(mean: 0.01, heldOut: 10), missing: 300)
    summary.add(site(mean: 0.03, heldOut: 1000), missing: 100)
    #expect(abs(try #require(summary.heldOut.mean) - 0.015) < 1e-12 && summary.heldOut.samples == 400)
    // Nothing is said of what could not be judged.
    summary.add(site(mean: 0, heldOut: 0), missing: 5000)
    #expect(summary.heldOut.samples == 400)
  }
}
