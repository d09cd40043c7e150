import Frames
import TestSupport
import Testing

@testable import Reconstruction

struct MaskRunsTests {
  /// Components by flood fill, each as the set of its samples.
  private func plain(_ mask: FrameMask) -> Set<Set<Int>> {
    var left = Set(mask.missing.indices.filter { mask.missing[$0] != 0 })
    var result: Set<Set<Int>> = []
    while let seed = left.first {
      var (found, stack): (Set<Int>, [Int]) = ([], [seed])
      while let i = stack.popLast() {
        guard left.remove(i) != nil else { continue }
        found.insert(i)
        for dy in -1...1 {
          for dx in -1...1 {
            let (y, x) = (i / mask.width + dy, i % mask.width + dx)
            if (0..<mask.height).contains(y) && (0..<mask.width).contains(x) {
              stack.append(y * mask.width + x)
            }
          }
        }
      }
      result.insert(found)
    }
    return result
  }

  private func random(_ seed: UInt64, width: Int, height: Int) -> FrameMask {
    var chance = Chance(seed: seed)
    var mask = FrameMask(width: width, height: height, missing: [UInt8](repeating: 0, count: width * height))
    let share = Double.random(in: 0.02..<0.6, using: &chance)
    for i in mask.missing.indices where Double.random(in: 0..<1, using: &chance) < share {
      mask.missing[i] = 1
    }
    return mask
  }

  @Test(arguments: UInt64(0)..<40)
  func componentsAreThoseOfAFloodFill(seed: UInt64) {
    let mask = random(seed, width: 9 + Int(seed) % 13, height: 7 + Int(seed) % 5)
    let found = mask.components().map { component in
      component.runs.flatMap { run in run.columns.map { run.row * mask.width + $0 } }
    }
    for (samples, component) in zip(found, mask.components()) {
      #expect(Set(samples).count == samples.count && component.count == samples.count)
    }
    #expect(Set(found.map(Set.init)) == plain(mask) && found.count == plain(mask).count)
    #expect(mask.missingCount == mask.missing.reduce(0) { $0 + Int($1) })
  }

  @Test func thicknessIsTheWidthOfALineAndGrowsWithADisc() throws {
    func thickness(_ isMissing: (Int, Int) -> Bool) throws -> Double {
      var mask = FrameMask(width: 80, height: 80, missing: [UInt8](repeating: 0, count: 6400))
      for i in mask.missing.indices where isMissing(i / 80, i % 80) { mask.missing[i] = 1 }
      let components = mask.components()
      try #require(components.count == 1)
      return components[0].thickness
    }
    for width in 1...4 {
      #expect(abs(try thickness { _, x in (20..<20 + width).contains(x) } - Double(width)) < 0.25)
    }
    let disc = try thickness { y, x in (y - 40) * (y - 40) + (x - 40) * (x - 40) <= 400 }
    #expect((14.0...17).contains(disc))
  }

  /// Every missing sample lies in one piece, and pieces are no larger than they should be.
  @Test(arguments: UInt64(0)..<20)
  func piecesShareAFramesSpots(seed: UInt64) {
    var mask = random(seed, width: 150, height: 90)
    var chance = Chance(seed: seed)
    // A long scratch and a large hole besides.
    let x = Int.random(in: 0..<140, using: &chance)
    for y in 0..<90 { mask.missing[y * 150 + x] = 1 }
    for y in 10..<80 { for x in 20..<110 where seed % 2 == 0 { mask.missing[y * 150 + x] = 1 } }
    var seen = [Int](repeating: 0, count: mask.missing.count)
    for piece in SpotPiece.pieces(of: mask, frame: 3) {
      #expect(piece.frame == 3 && piece.isMissing && piece.rows.count <= 48 && piece.columns.count <= 48)
      piece.forEach { seen[$0 * 150 + $1] += 1 }
    }
    #expect(seen == mask.missing.map(Int.init))
  }
}

struct SpotKindsTests {
  @Test func linesPointsAndBlotchesAreTold() {
    var mask = FrameMask(width: 200, height: 120, missing: [UInt8](repeating: 0, count: 200 * 120))
    func hide(_ rows: Range<Int>, _ columns: (Int) -> Range<Int>) {
      for y in rows { for x in columns(y) { mask.missing[y * 200 + x] = 1 } }
    }
    hide(0..<120) { _ in 40..<43 }
    // A hair that bends.
    hide(10..<70) { y in 100 + (y - 40) * (y - 40) / 60..<103 + (y - 40) * (y - 40) / 60 }
    hide(90..<92) { _ in 150..<152 }
    hide(90..<104) { _ in 70..<88 }
    let kinds = SpotKinds([mask, FrameMask(width: 200, height: 120), mask])
    #expect(kinds.lines == 4 && kinds.points == 2 && kinds.blotches == 2 && kinds.all == 8)
  }
}
