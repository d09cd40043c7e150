import Frames
import Testing

@Suite struct FieldStackTests {
  static func format(_ horizontal: Int, _ vertical: Int, height: Int = 16) -> FrameFormat {
    FrameFormat(
      width: 9, height: height, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: horizontal, chromaVerticalShift: vertical)
  }

  /// Every sample another value.
  static func frame(_ format: FrameFormat) -> Frame {
    Frame(
      format: format, planes: format.planes.map { plane in (0..<plane.count).map { UInt16($0) } }, index: 3)
  }

  static let formats = [format(0, 0), format(1, 0), format(1, 1), format(2, 2)]

  @Test(arguments: formats) func weavingUndoesStacking(_ format: FrameFormat) throws {
    let stack = try #require(FieldStack(format: format))
    let frame = Self.frame(format)
    let stacked = stack.stacked(frame)
    #expect(stack.woven(stacked).planes == frame.planes)
    for (p, plane) in format.planes.enumerated() {
      let rows = (0..<plane.height).map { Int(stacked.planes[p][$0 * plane.width]) / plane.width }
      let half = plane.height / 2
      #expect(rows == (0..<half).map { 2 * $0 } + (0..<half).reversed().map { 2 * $0 + 1 })
    }
  }

  /// Everything that is missing is solved, and everything that is known comes back.
  @Test(arguments: formats) func masksCoverWhatIsMissing(_ format: FrameFormat) throws {
    let stack = try #require(FieldStack(format: format))
    let frame = Self.frame(format)
    for seed in 1..<40 {
      let missing = (0..<9 * 16).map { i -> UInt8 in (i &* 7919 &+ seed &* 104_729) % (seed + 2) == 0 ? 1 : 0
      }
      let mask = FrameMask(width: 9, height: 16, missing: missing)
      let stackedMask = stack.stacked(mask)
      var solved = stack.stacked(frame)
      for (p, plane) in format.planes.enumerated() {
        for (i, isMissing) in stackedMask.missing(in: plane).enumerated() where isMissing != 0 {
          solved.planes[p][i] = 200
        }
      }
      var result = stack.woven(solved)
      FieldStack.put(stack.known(frame, mask: mask, stackedMask: stackedMask), into: &result)
      for (p, plane) in format.planes.enumerated() {
        let expected = zip(frame.planes[p], mask.missing(in: plane)).map { $1 != 0 ? 200 : $0 }
        #expect(Array(result.planes[p]) == expected)
      }
    }
  }

  /// What is told of a stack's holes is told of the frame's, and of no samples that were added.
  @Test(arguments: formats) func masksAreWovenAgain(_ format: FrameFormat) throws {
    let stack = try #require(FieldStack(format: format))
    let missing = (0..<9 * 16).map { i -> UInt8 in (i &* 7919) % 5 == 0 ? 1 : 0 }
    let mask = FrameMask(width: 9, height: 16, missing: missing)
    var part = stack.stacked(mask)
    #expect(stack.woven(part, under: mask) == mask)
    // The upper field alone, whose rows are the even ones.
    for i in 9 * 8..<9 * 16 { part.missing[i] = 0 }
    let upper = missing.enumerated().map { i, missing -> UInt8 in (i / 9) % 2 == 0 ? missing : 0 }
    #expect(stack.woven(part, under: mask).missing == upper)
    #expect(stack.woven(FrameMask(width: 9, height: 16), under: mask).isEmpty)
  }

  @Test func heightsThatDoNotComeApart() {
    #expect(FieldStack(format: Self.format(1, 1, height: 14)) == nil)
    #expect(FieldStack(format: Self.format(1, 0, height: 14)) != nil)
    #expect(FieldStack(format: Self.format(0, 0, height: 15)) == nil)
  }
}
