import Frames
import Testing

@Suite struct FrameFormatTests {
  @Test(arguments: [(0, 0, 5, 3), (1, 0, 3, 3), (1, 1, 3, 2), (2, 2, 2, 1), (2, 0, 2, 3)])
  func chromaPlanesCoverOddSizes(sx: Int, sy: Int, width: Int, height: Int) {
    let format = FrameFormat(
      width: 5, height: 3, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed, .alpha],
      chromaHorizontalShift: sx, chromaVerticalShift: sy)
    #expect(format.planes.map(\.role) == [.luma, .chromaBlue, .chromaRed, .alpha])
    for plane in format.planes {
      let isChroma = plane.role.isChroma
      #expect((plane.width, plane.height) == (isChroma ? width : 5, isChroma ? height : 3))
      #expect((plane.horizontalShift, plane.verticalShift) == (isChroma ? sx : 0, isChroma ? sy : 0))
      #expect(plane.count == plane.width * plane.height)
    }
    #expect(format.bytesPerFrame == 2 * 15 + 2 * width * height)
  }

  @Test(arguments: [(1, 1), (8, 255), (10, 1023), (16, 65535)])
  func largestSamples(depth: Int, value: Int) {
    #expect(FrameFormat(width: 1, height: 1, bitDepth: depth, roles: [.luma]).maximumValue == value)
  }

  @Test(arguments: [(1, 1), (8, 1), (9, 2), (16, 2)])
  func samplesTakeAByteUpToEightBits(depth: Int, bytes: Int) {
    #expect(FrameFormat(width: 3, height: 1, bitDepth: depth, roles: [.luma]).bytesPerFrame == 3 * bytes)
  }

  @Test func onlyChromaIsChroma() {
    let roles: [PlaneRole] = [.luma, .chromaBlue, .chromaRed, .red, .green, .blue, .alpha]
    #expect(roles.filter(\.isChroma) == [.chromaBlue, .chromaRed])
  }

  @Test func aFilledFrameHasAllItsSamples() {
    let format = FrameFormat(
      width: 3, height: 3, bitDepth: 10, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    let frame = Frame(format: format, filledWith: 512, index: 4)
    #expect(frame.planes.map(\.count) == [9, 4, 4])
    #expect(frame.planes.joined().allSatisfy { $0 == 512 })
    #expect(frame.index == 4 && frame.time == nil && frame.attachment == nil)
  }
}
