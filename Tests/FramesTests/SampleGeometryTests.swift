import Frames
import TestSupport
import Testing

/// A box of frames and its masked samples, drawn at random: what must hold for all of them.
@Suite struct SampleGeometryTests {
  /// Frames whose samples all differ, masks, and a box on whole chroma samples.
  private struct Case {
    let format: FrameFormat
    let frames: [Frame]
    let masks: [FrameMask]
    let box: Box

    init(seed: UInt64) {
      var chance = Chance(seed: seed)
      let (width, height) = (chance.int(5...40), chance.int(5...40))
      let roles: [[PlaneRole]] = [
        [.luma], [.luma, .chromaBlue, .chromaRed], [.red, .green, .blue],
        [.luma, .chromaBlue, .chromaRed, .alpha],
      ]
      let format = FrameFormat(
        width: width, height: height, bitDepth: [8, 10, 16][chance.int(0...2)],
        roles: roles[chance.int(0...3)],
        chromaHorizontalShift: chance.int(0...2), chromaVerticalShift: chance.int(0...2))
      let count = chance.int(1...4)
      frames = (0..<count).map { t in
        var number = t * 7
        return Frame(
          format: format,
          planes: format.planes.map { plane in
            (0..<plane.count).map { _ in
              number += 1
              return UInt16(number % (format.maximumValue + 1))
            }
          }, index: t)
      }
      let share = [0, 0.05, 0.5, 1][chance.int(0...3)]
      masks = (0..<count).map { _ in
        if chance.happens(0.2) { return FrameMask(width: width, height: height) }
        return FrameMask(
          width: width, height: height,
          missing: (0..<width * height).map { _ in chance.happens(share) ? 1 : 0 })
      }
      let (x, y) = (chance.int(0...width - 1) & ~3, chance.int(0...height - 1) & ~3)
      box = Box(x: x, y: y, width: chance.int(1...width - x), height: chance.int(1...height - y))
      self.format = format
    }

    var samples: MaskedSamples { MaskedSamples(frames: frames, masks: masks, box: box, format: format) }
  }

  @Test(arguments: UInt64(0)..<200)
  func samplesAreThoseOfTheFrames(seed: UInt64) {
    let given = Case(seed: seed)
    let samples = given.samples
    let full = Float(given.format.maximumValue)
    #expect(samples.frames == given.frames.count && samples.planes.count == given.format.planes.count)
    for (p, plane) in given.format.planes.enumerated() {
      let (found, area) = (samples.planes[p], PlaneBox(given.box, in: plane))
      #expect((found.width, found.height) == (area.width, area.height))
      for t in given.frames.indices {
        let missing = given.masks[t].missing(in: plane)
        for y in 0..<area.height {
          for x in 0..<area.width {
            let source = (area.y + y) * plane.width + area.x + x
            let target = (t * area.height + y) * area.width + x
            #expect(found.states[target] == (missing[source] != 0 ? SampleState.missing : SampleState.known))
            let value = missing[source] != 0 ? 0 : Float(given.frames[t].planes[p][source]) / full
            #expect(abs(found.values[target] - value) < 1e-6)
          }
        }
      }
    }
  }

  /// Every sample of the frame within the box has its sample in every plane, and none lies outside the plane.
  @Test(arguments: UInt64(0)..<200)
  func planesCoverTheBox(seed: UInt64) {
    let given = Case(seed: seed)
    let box = given.box
    for plane in given.format.planes {
      let area = PlaneBox(box, in: plane)
      #expect(area.x << plane.horizontalShift == box.x && area.y << plane.verticalShift == box.y)
      #expect(area.x + area.width <= plane.width && area.y + area.height <= plane.height)
      let corner = (
        x: (box.x + box.width - 1) >> plane.horizontalShift,
        y: (box.y + box.height - 1) >> plane.verticalShift
      )
      #expect(corner == (area.x + area.width - 1, area.y + area.height - 1))
      // One step is as many samples of the frame as a sample of the plane covers.
      let (rows, columns) = (
        (0..<area.height).map(area.rowPosition), (0..<area.width).map(area.columnPosition)
      )
      #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 == Float(1 << plane.verticalShift) })
      #expect(zip(columns, columns.dropFirst()).allSatisfy { $1 - $0 == Float(1 << plane.horizontalShift) })
      #expect(rows[0] >= 0 && columns[0] >= 0)
    }
  }

  @Test(arguments: UInt64(0)..<100)
  func onlyWhatIsKnownAndChosenIsHeldOut(seed: UInt64) {
    let given = Case(seed: seed)
    var chance = Chance(seed: ~seed)
    let (box, before) = (given.box, given.samples)
    let chosen = (0..<before.frames * box.area).map { _ -> UInt8 in chance.happens(0.1) ? 1 : 0 }
    let after = before.holdingOut(chosen, box: box, format: given.format)
    for (p, plane) in given.format.planes.enumerated() {
      let area = PlaneBox(box, in: plane)
      // A sample of the plane is chosen if any of the frame's samples that it covers is.
      var covered = [Bool](repeating: false, count: before.frames * area.count)
      for t in 0..<before.frames {
        for y in 0..<box.height {
          for x in 0..<box.width where chosen[(t * box.height + y) * box.width + x] != 0 {
            let row = (y >> plane.verticalShift) + t * area.height
            covered[row * area.width + (x >> plane.horizontalShift)] = true
          }
        }
      }
      for (i, state) in before.planes[p].states.enumerated() {
        let expected = state == SampleState.known && covered[i] ? SampleState.heldOut : state
        #expect(after.planes[p].states[i] == expected)
      }
      #expect(after.planes[p].values == before.planes[p].values)
    }
    let states = [SampleState.missing, SampleState.known, SampleState.heldOut]
    let all = after.planes.reduce(0) { $0 + $1.states.count }
    #expect(states.reduce(0) { $0 + after.count(of: $1) } == all)
  }

  /// What lies within some samples of a chosen one, found by looking at every pair.
  @Test(arguments: UInt64(0)..<60)
  func wideningReachesAsFarAsSaid(seed: UInt64) {
    var chance = Chance(seed: seed)
    let (frames, height, width) = (chance.int(1...4), chance.int(1...9), chance.int(1...12))
    let reach = (t: chance.int(0...2), y: chance.int(0...3), x: chance.int(0...15))
    let chosen = (0..<frames * height * width).map { _ in chance.happens(0.04) }
    let wide = widened(chosen, frames: frames, height: height, width: width, reach: reach)
    func place(_ i: Int) -> (t: Int, y: Int, x: Int) {
      (i / (height * width), i / width % height, i % width)
    }
    for i in wide.indices {
      let here = place(i)
      let isNear = chosen.indices.contains { j in
        let there = place(j)
        return chosen[j] && abs(there.t - here.t) <= reach.t && abs(there.y - here.y) <= reach.y
          && abs(there.x - here.x) <= reach.x
      }
      #expect(wide[i] == isNear)
    }
  }
}
