import Frames
import TestSupport
import Testing

@testable import Reconstruction

struct FramePartsTests {
  @Test("hold every sample that is not known, and the margin around it", arguments: 0..<24 as Range<UInt64>)
  func cover(seed: UInt64) {
    var chance = Chance(seed: seed)
    let (height, width) = (Int.random(in: 1...70, using: &chance), Int.random(in: 1...90, using: &chance))
    let margin = Int.random(in: 0...9, using: &chance)
    var states = [UInt8](repeating: SampleState.known, count: height * width)
    for _ in 0..<Int.random(in: 0...6, using: &chance) {
      let i = Int.random(in: 0..<states.count, using: &chance)
      for k in i..<min(states.count, i + Int.random(in: 1...5, using: &chance)) {
        states[k] = [SampleState.missing, SampleState.heldOut].randomElement(using: &chance) ?? 0
      }
    }
    let parts = FrameParts.around(holesIn: states[...], height: height, width: width, margin: margin)
    var inside = [Bool](repeating: false, count: states.count)
    for part in parts {
      var places: [Int] = []
      part.forEach(width: width) { places.append($0) }
      #expect(places == places.sorted() && places.allSatisfy { inside.indices.contains($0) })
      // No part without a hole.
      #expect(places.contains { states[$0] != SampleState.known })
      for place in places { inside[place] = true }
    }
    for i in states.indices where states[i] != SampleState.known {
      for y in max(0, i / width - margin)...min(height - 1, i / width + margin) {
        for x in max(0, i % width - margin)...min(width - 1, i % width + margin) {
          #expect(inside[y * width + x])
        }
      }
    }
  }

  @Test("of holes far apart do not hold what lies between")
  func apart() {
    var states = [UInt8](repeating: SampleState.known, count: 200 * 200)
    for i in [5 * 200 + 5, 190 * 200 + 190] { states[i] = SampleState.missing }
    let parts = FrameParts.around(holesIn: states[...], height: 200, width: 200, margin: 3)
    #expect(parts.map(\.rows) == [2..<9, 187..<194] && parts.map(\.columns) == [2..<9, 187..<194])
  }
}
