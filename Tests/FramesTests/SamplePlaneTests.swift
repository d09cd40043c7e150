import Frames
import Testing

@Suite struct SamplePlaneTests {
  @Test(arguments: [1, 8, 9, 16])
  func samplesTakeTheBytesThatTheirDepthNeeds(_ bitDepth: Int) {
    let most = UInt16((1 << bitDepth) - 1)
    var plane = SamplePlane([0, 1, most], bitDepth: bitDepth)
    #expect(plane.withUnsafeBytes { $0.count } == (bitDepth > 8 ? 6 : 3))
    #expect(Array(plane) == [0, 1, most])
    #expect(plane.words == [0, 1, most])
    plane[1] = most
    #expect(plane.withView { view in (0..<view.count).map { view[$0] } } == [0, most, most])
  }

  @Test func whatBytesCannotHoldBecomesTheLargest() {
    #expect(SamplePlane([300], bitDepth: 8)[0] == 255)
  }

  @Test func aPlaneThatIsSharedKeepsItsSamples() {
    let first = SamplePlane([1, 2, 3], bitDepth: 8)
    var second = first
    second[0] = 9
    #expect(first[0] == 1 && second[0] == 9)
  }
}
