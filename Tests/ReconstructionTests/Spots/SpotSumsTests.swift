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
    SpotSums.add(0.5, b, to: &sum)
    #expect(zip(sum, zip(a, b)).allSatisfy { abs($0 - ($1.0 + 0.5 * $1.1)) < 1e-6 })
    let difference = SpotSums.difference(a, b, c)
    #expect(difference.indices.allSatisfy { abs(difference[$0] - (a[$0] - b[$0] * c[$0])) < 1e-6 })
    #expect(difference.count == a.count)
  }
}
