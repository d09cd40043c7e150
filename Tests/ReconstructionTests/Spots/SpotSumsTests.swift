import TestSupport
import Testing

@testable import Reconstruction

struct SpotSumsTests {
  @Test("are those of plain loops", arguments: [0, 1, 7, 8, 9, 30])
  func sums(count: Int) {
    var chance = Chance(seed: UInt64(count))
    func random() -> [Float] { (0..<count + 3).map { _ in Float.random(in: -1...1, using: &chance) } }
    let (a, b, c) = (random(), random(), random())
    let indices = 0..<count
    let product = indices.reduce(Float(0)) { $0 + a[$1] * b[$1] }
    #expect(abs(SpotSums.product(a, b, count: count) - product) < 1e-5)
    let squares = indices.reduce(Float(0)) { $0 + c[$1] * (a[$1] - b[$1]) * (a[$1] - b[$1]) }
    #expect(abs(SpotSums.squares(a, b, weight: c, count: count) - squares) < 1e-5)
    var sum = a
    SpotSums.add(0.5, b, to: &sum, count: count)
    #expect(sum.indices.allSatisfy { abs(sum[$0] - (a[$0] + ($0 < count ? 0.5 * b[$0] : 0))) < 1e-6 })
    var difference = c
    SpotSums.subtract(b, times: c, from: a, into: &difference, count: count)
    #expect(
      difference.indices.allSatisfy { i in
        abs(difference[i] - (i < count ? a[i] - b[i] * c[i] : c[i])) < 1e-6
      })
  }
}
