import Foundation
import Frames
import TestSupport
import Testing

@testable import Overlays
@testable import Pipelines

/// What a plan keeps of overlays.
@Suite struct OverlayCodeTests {
  private let format = FrameFormat(width: 40, height: 30, bitDepth: 8, roles: [.luma])

  private func finding() -> OverlayFinding {
    let box = Box(x: 4, y: 6, width: 10, height: 8)
    var chance = Chance(seed: 4)
    func values() -> [Float] { (0..<80).map { _ in Float(chance.int(0...999_999)) / 1_000_003 } }
    var plane = SeeThroughOverlay.Plane(
      PlaneBox(box, in: format.planes[0]), opacity: values(), veil: values())
    (plane.noise, plane.modelError, plane.fillError) = (.infinity, 1e-30, 0.1)
    plane.mayHide[7] = false
    plane.isCoded = true
    var finding = OverlayFinding(box: box, frames: 17)
    finding.effectiveFrames = 1.0 / 3
    finding.controlErrors = .init(model: 0.3, fill: 1.7)
    finding.overlay = SeeThroughOverlay(box: box, planes: [plane])
    return finding
  }

  @Test func everyNumberComesBackAsItWas() throws {
    var opaque = OverlayFinding(box: Box(x: 0, y: 0, width: 3, height: 3), frames: 0)
    opaque.reason = .stillScene
    let findings = [finding(), opaque]
    #expect(try OverlayCode.findings(OverlayCode.encoded(findings)) == findings)
    #expect(try OverlayCode.encoded(findings) == OverlayCode.encoded(findings))
    #expect(throws: (any Error).self) { try OverlayCode.findings(Data("[{}]".utf8)) }
  }

  @Test func overlaysOfOtherFramesAreTold() {
    #expect(finding().fits(format))
    #expect(!finding().fits(FrameFormat(width: 13, height: 30, bitDepth: 8, roles: [.luma])))
    #expect(!finding().fits(FrameFormat(width: 40, height: 30, bitDepth: 8, roles: [.red, .green, .blue])))
    var short = finding()
    short.overlay?.planes[0].opacity.removeLast()
    #expect(!short.fits(format))
    var away = finding()
    away.overlay?.box.x = Int.max
    #expect(!away.fits(format))
  }
}
