import Frames
import Testing

/// Masks of samples that are missing in some planes only.
@Suite struct PlaneSelectionTests {
  private let selections = (0..<16).map { PlaneSelection(rawValue: UInt8($0)) }

  private func mask(_ planes: PlaneSelection...) -> FrameMask {
    FrameMask(width: planes.count, height: 1, missing: planes.map(FrameMask.value(missingIn:)))
  }

  private func planes(_ mask: FrameMask) -> [PlaneSelection] { mask.missing.map(FrameMask.planes(of:)) }

  @Test func valuesHoldPlanes() {
    #expect(FrameMask.value(missingIn: .all) == 1 && FrameMask.value(missingIn: []) == 0)
    for selection in selections {
      #expect(FrameMask.planes(of: FrameMask.value(missingIn: selection)) == selection)
    }
    #expect(Set(selections.map(FrameMask.value(missingIn:))).count == 16)
  }

  @Test func setsOfSamplesAndPlanes() {
    for a in selections {
      for b in selections {
        var union = mask(a)
        union.formUnion(mask(b))
        #expect(planes(union) == [a.union(b)])
        var intersection = mask(a)
        intersection.formIntersection(mask(b))
        #expect(planes(intersection) == [a.intersection(b)])
        var rest = mask(a)
        #expect(rest.subtract(mask(b)) == !a.isDisjoint(with: b))
        #expect(planes(rest) == [a.subtracting(b)])
        var restricted = mask(a)
        restricted.restrict(to: b)
        #expect(restricted == intersection)
        #expect(mask(a).mask(of: b).missing == [a.isDisjoint(with: b) ? 0 : 1])
      }
    }
  }

  @Test(arguments: [1, 7, 8, 9, 4095, 4096, 4097, 9000]) func samplesOfSomePlanesAreSeen(count: Int) {
    let all = FrameMask(width: count, height: 1, missing: Array(repeating: 1, count: count))
    #expect(!all.isByPlanes && !FrameMask(width: count, height: 1).isByPlanes)
    for i in [0, count / 2, count - 1] {
      var some = all
      some.missing[i] = FrameMask.value(missingIn: .second)
      #expect(some.isByPlanes)
    }
  }

  @Test func planesHaveTheirOwnSamples() {
    let format = FrameFormat(
      width: 4, height: 2, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    let given = FrameMask(
      width: 4, height: 2,
      missing: [[], .second, .first, [], [], [], .third, .all].map(FrameMask.value(missingIn:)))
    #expect(format.planes.map { given.missing(in: $0) } == [[0, 0, 1, 0, 0, 0, 0, 1], [1, 1], [0, 1]])
    #expect(format.planes.map { given.missingCount(in: $0) } == [2, 2, 1])
    let right = format.planes.map {
      given.missing(in: PlaneBox(Box(x: 2, y: 0, width: 2, height: 2), in: $0))
    }
    #expect(right == [[1, 0, 0, 1], [1], [1]])
  }

  /// Scenes are told by what is known of brightness, whatever other planes miss.
  @Test func signaturesLookAtTheirPlane() {
    let format = FrameFormat(width: 19, height: 5, bitDepth: 8, roles: [.green, .blue, .red])
    let frame = Frame(format: format, filledWith: 90, index: 0)
    func signature(_ planes: PlaneSelection) -> FrameSignature {
      FrameSignature(
        frame,
        mask: FrameMask(
          width: 19, height: 5, missing: Array(repeating: FrameMask.value(missingIn: planes), count: 95)))
    }
    let known = FrameSignature(frame, mask: FrameMask(width: 19, height: 5))
    #expect(signature([.first, .third]).counts == known.counts)
    #expect(signature([.second, .third]).counts.allSatisfy { $0 == 0 })
    #expect(signature(.all).counts.allSatisfy { $0 == 0 })
  }
}
