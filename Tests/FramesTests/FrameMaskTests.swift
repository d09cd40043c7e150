import Frames
import Testing

@Suite struct FrameMaskTests {
  private func mask(_ width: Int, _ height: Int, missing: Int...) -> FrameMask {
    FrameMask(
      width: width, height: height, missing: (0..<width * height).map { missing.contains($0) ? 1 : 0 })
  }

  private func positions(_ samples: [UInt8]) -> [Int] { samples.indices.filter { samples[$0] != 0 } }

  private func plane(_ mask: FrameMask, shifts sx: Int, _ sy: Int) -> PlaneFormat {
    FrameFormat(
      width: mask.width, height: mask.height, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: sx, chromaVerticalShift: sy
    ).planes[1]
  }

  @Test func emptyMasks() {
    let none = FrameMask(width: 5, height: 3)
    #expect(none.isEmpty && none.missingCount == 0)
    #expect(mask(5, 3).isEmpty)
    #expect(none.missing(in: plane(none, shifts: 1, 1)) == [UInt8](repeating: 0, count: 6))
    let one = mask(5, 3, missing: 14)
    #expect(!one.isEmpty && one.missingCount == 1)
    #expect(FrameMask(width: 2, height: 1, missing: [255, 7]).missingCount == 2)
  }

  /// A chroma sample is missing if any of the luma samples that it covers is, also at the odd edge.
  @Test func chromaAtOddSizes() {
    for sx in 0...2 {
      for sy in 0...2 {
        for sample in 0..<15 {
          let one = mask(5, 3, missing: sample)
          let format = plane(one, shifts: sx, sy)
          let expected = ((sample / 5) >> sy) * format.width + ((sample % 5) >> sx)
          let derived = one.missing(in: format)
          #expect(derived.count == format.count)
          #expect(positions(derived) == [expected], "sample \(sample), shifts \(sx), \(sy)")
        }
      }
    }
    // The last column and row have chroma samples of their own.
    let corner = mask(5, 3, missing: 14)
    #expect(positions(corner.missing(in: plane(corner, shifts: 1, 1))) == [5])
    let everything = FrameMask(width: 5, height: 3, missing: Array(repeating: 1, count: 15))
    #expect(positions(everything.missing(in: plane(everything, shifts: 1, 1))) == Array(0..<6))
  }

  @Test func planesWithoutSubsamplingGetTheMaskItself() {
    let given = mask(4, 2, missing: 1, 6)
    #expect(given.missing(in: PlaneFormat(role: .red, width: 4, height: 2)) == given.missing)
  }

  @Test func missingSamplesAreCountedAsTheyAreDerived() {
    for (width, height) in [(5, 3), (8, 4), (17, 6), (24, 5)] {
      for sample in 0..<width * height {
        let both = mask(width, height, missing: sample, (sample * 7 + 3) % (width * height))
        for shifts in [(0, 0), (1, 0), (1, 1), (2, 2)] {
          let plane = plane(both, shifts: shifts.0, shifts.1)
          #expect(both.missingCount(in: plane) == both.missing(in: plane).reduce(0) { $0 + Int($1) })
        }
      }
    }
    let none = FrameMask(width: 8, height: 4)
    #expect(none.missingCount(in: plane(none, shifts: 1, 1)) == 0)
  }

  @Test func unions() {
    var both = mask(3, 2, missing: 0, 4)
    both.formUnion(mask(3, 2, missing: 4, 5))
    #expect(positions(both.missing) == [0, 4, 5])
    both.formUnion(FrameMask(width: 3, height: 2))
    #expect(positions(both.missing) == [0, 4, 5])
    var none = FrameMask(width: 3, height: 2)
    none.formUnion(FrameMask(width: 3, height: 2))
    #expect(none.isEmpty)
    none.formUnion(both)
    #expect(none == both)
  }
}
