import Frames
import Kernels
import Motion
import Testing

@testable import Detection

@Suite("Parts of detection")
struct PartsTests {
  @Test("sideways motion is in samples of the frame, and leaves out the line's own place")
  func sidewaysMotion() {
    let flow = FlowField(still: 34, 160)
    for y in 0..<34 {
      // Where the line is, nothing moves.
      for x in 0..<160 { flow.dx[y, x] = (72..<88).contains(x) ? 0 : y < 17 ? 2 : 4 }
    }
    let motion = SidewaysMotion(flow, width: 320)
    #expect(motion.beside(x: 160, extent: 0...0.4) == 4)
    #expect(motion.beside(x: 160, extent: 0.6...1) == 8)
    #expect(SidewaysMotion(FlowField(still: 34, 24), width: 24).beside(x: 10, extent: 0...1) == nil)
  }

  @Test("bands cover every row once", arguments: [1, 5, 8, 100, 272, 1080])
  func bands(height: Int) {
    let bands = BandProfile.count(ofHeight: height)
    let rows = (0..<bands).flatMap { Array(BandProfile.rows(of: $0, bands: bands, height: height)) }
    #expect(rows == Array(0..<height))
  }

  @Test("finds mark what they consist of")
  func marks() {
    let find = Find(
      kind: .dirt, frames: 3..<4, confidence: 1,
      parts: [Box(x: 2, y: 1, width: 2, height: 1), Box(x: 1, y: 2, width: 1, height: 2)])
    #expect(find.box == Box(x: 1, y: 1, width: 3, height: 3))
    #expect(find.area == 4)
    var mask = FrameMask(width: 5, height: 4)
    mask.mark(find)
    #expect(mask.missing == [0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0])
  }

  @Test("sensitivity stays within its range")
  func sensitivity() {
    #expect(DetectionSettings(sensitivity: 7).sensitivity == 1)
    #expect(DetectionSettings(sensitivity: -.infinity).sensitivity == 0)
    #expect(DetectionSettings(sensitivity: .nan).sensitivity == 0.5)
  }
}
