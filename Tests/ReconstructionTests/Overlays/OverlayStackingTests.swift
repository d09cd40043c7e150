import Frames
import Overlays
import Testing

@testable import Reconstruction

/// What is seen through an overlay of the picture's own colour.
@Suite struct OverlayStackingTests {
  private let format = FrameFormat(width: 16, height: 2, bitDepth: 8, roles: [.luma])
  private let box = Box(x: 0, y: 0, width: 16, height: 2)

  /// Half hides the picture in the left half of the box, next to nothing and nothing in the right one.
  private func overlay(isCoded: Bool) -> SeeThroughOverlay {
    let area = PlaneBox(box, in: format.planes[0])
    let opacity = (0..<32).map { Float($0 % 16 < 8 ? 0.5 : $0 % 16 < 12 ? 0.004 : 0) }
    var plane = SeeThroughOverlay.Plane(area, opacity: opacity, veil: opacity.map { $0 * 128 / 255 })
    plane.isCoded = isCoded
    plane.noise = (isCoded ? 9 : 1 / 12) / (255 * 255)
    return SeeThroughOverlay(box: box, planes: [plane])
  }

  /// What is left of samples of the overlay's colour where 126 was filled in.
  private func stacked(isCoded: Bool) -> [Float] {
    let frame = Frame(format: format, filledWith: 128)
    let mask = FrameMask(width: 16, height: 2, missing: [UInt8](repeating: 1, count: 32))
    let window = Window(
      frames: [PendingFrame(MaskedFrame(frame: frame, mask: mask))], parts: [], finished: 1, overlap: 0,
      fadesIn: false,
      fadesOut: false, own: 0..<1)
    var values = [[[Float](repeating: 126 / 255, count: 32)]]
    var stacking = OverlayStacking([overlay(isCoded: isCoded)], format: format)
    stacking.stack(&values, at: box, masks: [mask], of: window, expected: 4 / (255 * 255))
    return values[0][0].map { $0 * 255 }
  }

  @Test func samplesThatItDoesNotChangeStay() {
    #expect(stacked(isCoded: false).allSatisfy { abs($0 - 128) < 1e-3 })
  }

  @Test func noiseThatCodingLeftInThemDoesNot() {
    let values = stacked(isCoded: true)
    for (i, value) in values.enumerated() {
      // Noise of variance 9, stretched by 2, says next to nothing beside what was filled in.
      #expect(i % 16 < 8 ? abs(value - 126) < 0.2 : abs(value - 128) < 1e-3)
    }
  }
}
