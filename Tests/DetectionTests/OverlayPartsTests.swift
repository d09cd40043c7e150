import Frames
import Testing

@testable import Detection

@Suite("Parts of the search for overlays")
struct OverlayPartsTests {
  private func ranges(_ fits: [Float]) -> [Range<Int>] {
    var presence = OverlayPresence()
    for (frame, fit) in fits.enumerated() { presence.add(frame: frame, fit: fit, good: 0.5, faint: 0.3) }
    presence.close()
    return presence.ranges
  }

  @Test("presence begins and ends with what fits, bridges short gaps, and is not chance")
  func presence() {
    func fits(_ runs: [(Int, Float)]) -> [Float] { runs.flatMap { Array(repeating: $0.1, count: $0.0) } }
    #expect(ranges(fits([(20, 0), (30, 1), (20, 0)])) == [20..<50])
    #expect(ranges(fits([(30, 1)])) == [0..<30])
    #expect(ranges(fits([(20, 0), (10, 1), (8, 0), (12, 1), (30, 0), (9, 1)])) == [20..<50, 80..<89])
    // Single frames that fit, or fit badly, change nothing.
    #expect(
      ranges(fits([(10, 0), (1, 1), (9, 0), (15, 1), (1, 0), (14, 1), (9, 0), (1, 1), (5, 0)])) == [20..<50])
    // A fade belongs to it.
    #expect(ranges(fits([(20, 0), (3, 0.4), (20, 1), (3, 0.4), (20, 0)])) == [20..<46])
    #expect(ranges(fits([(20, 0), (5, 1), (20, 0)])).isEmpty)
  }

  @Test("older signs stand for three frames, and the oldest are forgotten")
  func history() {
    let format = FrameFormat(width: 8, height: 8, bitDepth: 8, roles: [.luma])
    let picture = EdgePicture(BrightnessPlane(Frame(format: format, filledWith: 9)), threads: 1)
    let signs = PackedSigns(picture)
    var history = SignHistory()
    for frame in 0..<1000 {
      history.append(signs, frame: frame)
      let entries = history.entries
      #expect(entries.last?.frame == frame)
      #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.frame + $0.count == $1.frame })
    }
    #expect((350...450).contains(1000 - history.start))
    #expect(history.entries.count < 200)
    #expect(history.at(history.start + 1) != nil && history.at(history.start - 1) == nil)
  }

  @Test("signs are packed as they are")
  func signs() {
    // Brighter to the right in one half, downwards in the other.
    let (width, height) = (16, 9)
    let format = FrameFormat(width: width, height: height, bitDepth: 8, roles: [.luma])
    let samples = (0..<width * height).map { i in
      UInt16(i % width < 8 ? 10 * (i % width) : 80 + 10 * (i / width))
    }
    let picture = EdgePicture(
      BrightnessPlane(Frame(format: format, planes: [samples], index: 0)), threads: 1)
    let packed = PackedSigns(picture)
    #expect(packed[4 * width + 4] == 2 + 4 * 1)
    #expect(packed[4 * width + 12] == 1 + 4 * 2)
    #expect(packed[0] == 1 + 4 * 1)
    func match(_ edge: LastingEdge, _ place: Int) -> Int8 {
      LastingEdge.matches[Int(edge.rawValue) << 4 | packed[place]]
    }
    #expect(match(.brighterRight, 4 * width + 4) == 1 && match(.darkerRight, 4 * width + 4) == -1)
    #expect(match(.upright, 4 * width + 4) == 1 && match(.level, 4 * width + 12) == 1)
    #expect(match(.brighterBelow, 4 * width + 12) == 1)
  }

  @Test("few frames have to agree altogether, many for the most part")
  func lastingEdges() {
    func edge(_ sum: Int, of count: Int) -> LastingEdge? {
      LastingEdge.found(x: sum, y: 0, xx: abs(sum), yy: 0, xy: 0, count: count)?.edge
    }
    #expect(edge(3, of: 3) == nil)
    #expect(edge(4, of: 4) == .brighterRight)
    #expect(edge(-16, of: 20) == .darkerRight)
    #expect(edge(12, of: 20) == nil)
    // One time brighter, one time darker: its direction stays.
    #expect(LastingEdge.found(x: 0, y: 0, xx: 20, yy: 0, xy: 0, count: 20)?.edge == .upright)
  }

  @Test("a lasting gradient adds up to what the mark adds")
  func gradient() {
    let (width, height) = (24, 20)
    // Ten flat pictures with a square that is brighter by 40.
    let views = (0..<10).map { k in
      (0..<width * height).map { i -> UInt8 in
        let isMark = (8..<16).contains(i % width) && (6..<14).contains(i / width)
        return UInt8(60 + 9 * k + (isMark ? 40 : 0))
      }
    }
    let gradient = LastingGradient(views, width: width, height: height, threads: 2)
    let values = gradient.integrated()
    for i in values.indices {
      let isMark = (8..<16).contains(i % width) && (6..<14).contains(i / width)
      #expect(abs(values[i] - (isMark ? 40 : 0)) < 1)
    }
  }

  @Test("opening leaves what squares fit into, means are means")
  func areas() {
    let rows = ["......", ".####.", ".####.", ".####.", "....#."]
    let mask = rows.flatMap { $0.map { $0 == "#" } }
    let opened = MaskPieces.opened(mask, width: 6, height: 5, side: 3)
    #expect(opened.indices.allSatisfy { opened[$0] == (mask[$0] && $0 / 6 < 4) })
    #expect(MaskPieces.connected(mask, width: 6, height: 5, diagonally: false).map(\.count) == [13])
    let means = BoxMeans(mask.map { $0 ? 1 : 0 }, width: 6, height: 5)
    #expect(means.mean(x: 0, y: 0, reach: 1) == 0.25)
    #expect(means.mean(x: 2, y: 2, reach: 1) == 1)
    #expect(means.mean(x: 2, y: 2, reach: 9) == 13.0 / 30)
  }
}
