import Kernels
import Testing

@testable import Reconstruction

@Suite struct RowSpansTests {
  @Test func spansCoverWhatIsChosenAndNeverOverlap() {
    var random = RandomSource(seed: 3)
    for (width, share) in [(1, 0.5), (7, 0.4), (33, 0.05), (200, 0.01), (200, 0.6), (64, 1)] as [(Int, Float)]
    {
      let chosen = (0..<5 * width).map { _ in random.uniform() < share }
      let spans = RowSpans(chosen, width: width)
      var seen = [Int](repeating: 0, count: chosen.count)
      seen.withSharedElements { seen in
        spans.each(threads: 1) { row, from, to in
          #expect(from < to && to <= width)
          for x in from..<to { seen[row * width + x] += 1 }
        }
      }
      #expect(seen.allSatisfy { $0 <= 1 })
      #expect(zip(chosen, seen).allSatisfy { !$0 || $1 == 1 })
      #expect(spans.sum(threads: 3) { _, count in Double(count) } == Double(seen.reduce(0, +)))
    }
  }
}
