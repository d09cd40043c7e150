import Kernels
import Testing

@testable import Reconstruction

@Suite("Hold-out samples")
struct HoldOutTests {
  private let frames = 16
  private let height = 64
  private let width = 80

  private func choose(_ missing: (Int, Int, Int) -> Bool, seed: UInt64 = 1) -> (
    missing: [UInt8], held: [UInt8]?
  ) {
    let bits = (0..<frames * height * width).map { i -> UInt8 in
      missing(i / (height * width), i / width % height, i % width) ? 1 : 0
    }
    return (bits, HoldOut().choose(missing: bits, frames: frames, height: height, width: width, seed: seed))
  }

  private func check(_ result: (missing: [UInt8], held: [UInt8]?), share: ClosedRange<Double> = 0.05...0.062)
    throws -> [UInt8]
  {
    let held = try #require(result.held)
    #expect(zip(held, result.missing).allSatisfy { $0 == 0 || $1 == 0 }, "only known samples are held out")
    let known = result.missing.reduce(0) { $0 + (1 - Int($1)) }
    let count = held.reduce(0) { $0 + Int($1) }
    #expect(share.contains(Double(count) / Double(known)), "\(count) of \(known) known samples are held out")
    return held
  }

  @Test("of scattered holes are single samples, drawn anew in each frame")
  func scattered() throws {
    var random = RandomSource(seed: 9)
    let draws = (0..<frames * height * width).map { _ in random.uniform() }
    let result = choose { t, y, x in draws[(t * height + y) * width + x] < 0.8 }
    let held = try check(result)
    let shape = HoleShape(missing: result.missing, frames: frames, height: height, width: width)
    #expect(shape.isScattered && !shape.isStatic)
    let first = held[..<(height * width)]
    #expect(first.contains(1) && Array(first) != Array(held[(height * width)..<(2 * height * width)]))
  }

  @Test("of dead pixels stay where they are in every frame")
  func deadPixels() throws {
    var random = RandomSource(seed: 9)
    let draws = (0..<height * width).map { _ in random.uniform() }
    let held = try check(choose { _, y, x in draws[y * width + x] < 0.3 })
    let area = height * width
    for t in 1..<frames { #expect(held[..<area] == held[(t * area)..<((t + 1) * area)].prefix(area)) }
  }

  @Test("of a logo have its shape, in every frame")
  func logo() throws {
    let held = try check(choose { _, y, x in (5..<17).contains(y) && (8..<32).contains(x) })
    let area = height * width
    let rows = (0..<height).filter { y in (0..<width).contains { held[y * width + $0] != 0 } }
    let columns = (0..<width).filter { x in (0..<height).contains { held[$0 * width + x] != 0 } }
    #expect(rows.count == 12 && columns.count == 24)
    for t in 1..<frames { #expect(held[..<area].elementsEqual(held[(t * area)..<((t + 1) * area)])) }
  }

  @Test("of missing frames are whole frames between known ones")
  func wholeFrames() throws {
    let held = try check(choose { t, _, _ in t % 4 == 3 }, share: 0.333...0.334)
    let area = height * width
    let counts = (0..<frames).map { t in held[(t * area)..<((t + 1) * area)].reduce(0) { $0 + Int($1) } }
    #expect(counts.allSatisfy { $0 == 0 || $0 == area })
    // No neighbour of a missing frame, which would widen the gap; the first one stands for the last, which is missing.
    for t in counts.indices where counts[t] > 0 { #expect(t % 4 == 1 || t == 0) }
    #expect(counts[0] > 0 && counts.filter { $0 > 0 }.count == 4)
  }

  @Test("have the shapes of all holes, not of the largest alone")
  func allShapes() throws {
    // A box, and strokes two samples wide, which make half of what is missing.
    let box = { (y: Int, x: Int) in (4..<12).contains(y) && (4..<20).contains(x) }
    let strokes = { (y: Int, x: Int) in (20..<36).contains(y) && x % 8 < 2 && x < 32 }
    for seed: UInt64 in [1, 2, 3, 4] {
      let (_, held) = choose({ _, y, x in box(y, x) || strokes(y, x) }, seed: seed)
      let bits = try #require(held)
      // Narrow: less than five held out in a row.
      var (narrow, wide) = (0, 0)
      for row in stride(from: 0, to: bits.count, by: width) {
        for run in bits[row..<row + width].split(separator: 0) {
          if run.count < 5 { narrow += run.count } else { wide += run.count }
        }
      }
      let share = Double(narrow) / Double(narrow + wide)
      #expect((0.4...0.6).contains(share), "\(share) of the held-out samples are narrow")
    }
  }

  @Test("lie where the picture is like what is around the hole")
  func surroundings() throws {
    // The left half is flat, the right half is not; the hole lies in either.
    let values = (0..<frames * height * width).map { i -> Float in
      i % width < width / 2 ? 0.5 : 0.5 + 0.3 * Float((i % width + i / width % height) % 2)
    }
    for (left, side) in [(8, 0..<width / 2), (56, width / 2..<width)] {
      let missing = (0..<values.count).map { i -> UInt8 in
        (24..<32).contains(i / width % height) && (left..<left + 10).contains(i % width) ? 1 : 0
      }
      let held = try #require(
        HoldOut().choose(
          missing: missing, values: values, frames: frames, height: height, width: width, seed: 4))
      let columns = held.indices.filter { held[$0] != 0 }.map { $0 % width }
      let share = Double(columns.filter { side.contains($0) }.count) / Double(columns.count)
      #expect(share > 0.95, "\(share) of the held-out samples are on the hole's side")
    }
  }

  @Test("follow the seed, and nothing else")
  func seeds() throws {
    let mask = { (t: Int, y: Int, x: Int) in (t * 7 + y / 8 * 3 + x / 8 * 5) % 6 == 0 }
    #expect(choose(mask, seed: 1).held == choose(mask, seed: 1).held)
    #expect(choose(mask, seed: 1).held != choose(mask, seed: 2).held)
  }

  @Test("are none where next to nothing is known, or nothing is missing")
  func nothingToHoldOut() {
    #expect(choose { _, _, _ in false }.held == nil)
    #expect(choose { t, y, x in !(t == 0 && y == 0 && x < 20) }.held == nil)
  }
}
