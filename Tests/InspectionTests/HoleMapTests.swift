import Detection
import Frames
import Testing

@testable import Inspection

/// The picture from which a page's script learns what is missing, and of which kind.
@Suite struct HoleMapTests {
  private func mask(_ boxes: [Box], width: Int = 400, height: Int = 90) -> FrameMask {
    var mask = FrameMask(
      width: width, height: height, missing: [UInt8](repeating: 0, count: width * height))
    for box in boxes {
      for y in box.y..<box.y + box.height {
        for x in box.x..<box.x + box.width { mask.missing[y * width + x] = 1 }
      }
    }
    return mask
  }

  @Test(arguments: [0.13, 0.25, 0.7, 1, 1.4, 2, 3])
  func holesOfASampleShowWhateverTheSizeOfThePicture(zoom: Double) {
    let places = (0..<40).map { Box(x: 10 * $0 + $0 % 7, y: 2 * $0 + 3, width: 1, height: 1) }
    let view = PictureView(width: 400, height: 90, zoom: zoom)
    for place in places {
      let covered = view.coverage(of: mask([place]))
      let count = covered.count { $0 }
      #expect(count >= 1 && Double(count) <= max(1, (zoom + 1) * (zoom + 1)))
      let i = covered.firstIndex(of: true) ?? 0
      #expect(abs(Double(i % view.width) - Double(place.x) * zoom) <= 1.5)
      #expect(abs(Double(i / view.width) - Double(place.y) * zoom) <= 1.5)
    }
    // Where pixels are at most as large as samples, it is what the mask's own picture is.
    if zoom >= 1 {
      let all = mask(places + [Box(x: 7, y: 11, width: 60, height: 40)])
      #expect(view.coverage(of: all) == view.mask(all).map { $0 != 0 })
    }
    #expect(!view.coverage(of: FrameMask(width: 400, height: 90)).contains(true))
  }

  @Test func onlyThePartThatIsShownIsCovered() {
    let view = PictureView(width: 400, height: 90, crop: Box(x: 100, y: 30, width: 50, height: 20))
    let covered = view.coverage(
      of: mask([Box(x: 90, y: 20, width: 12, height: 12), Box(x: 160, y: 40, width: 5, height: 5)]))
    #expect(covered.count { $0 } == 4)
    #expect(covered[0] && covered[1] && covered[50] && covered[51])
  }

  @Test func coloursTellKinds() {
    let view = PictureView(width: 400, height: 90)
    let kinds: [HoleKind] = [.other, .blotch, .line, .point]
    let map = HoleMap(
      kinds.enumerated().map { k, kind in
        (kind, mask([Box(x: 50 * k, y: 0, width: 70, height: 5 * (k + 1))]))
      }, in: view)
    let picture = map.picture
    func colour(_ x: Int, _ y: Int) -> [UInt8] {
      let i = 3 * (y * 400 + x)
      return Array(picture.samples[i..<i + 3])
    }
    #expect(colour(10, 2) == [255, 255, 255])
    #expect(colour(80, 2) == [255, 0, 255])
    #expect(colour(130, 2) == [255, 0, 0])
    #expect(colour(180, 2) == [255, 255, 0])
    #expect(colour(300, 2) == [0, 0, 0] && colour(10, 6) == [0, 0, 0])
    // Where kinds lie over each other, the last one tells.
    #expect(colour(60, 2) == [255, 0, 255] && colour(160, 2) == [255, 255, 0])
    #expect(map.kinds.count { $0 != nil } > 0)
  }

  @Test func coloursTellKindsOfDamage() {
    let view = PictureView(width: 400, height: 90)
    let kinds = DamageKind.allCases.map(DamageNumber.init)
    let map = HoleMap(
      kinds.enumerated().map { k, kind in (kind, mask([Box(x: 40 * k, y: 0, width: 20, height: 9)])) },
      in: view)
    let picture = map.picture
    var numbers: [UInt8] = []
    for k in kinds.indices {
      let place = 3 * (400 + 40 * k + 5)
      let (red, green, blue) = (
        picture.samples[place], picture.samples[place + 1], picture.samples[place + 2]
      )
      // As the page's script reads it.
      #expect(red > 127)
      var number: UInt8 = red < 224 ? 4 : 0
      if green > 127 { number += 1 }
      if blue > 127 { number += 2 }
      numbers.append(number)
    }
    #expect(numbers == kinds.map(\.rawValue) && Set(numbers).count == kinds.count)
    #expect(numbers.map { DamageNumber(rawValue: $0)?.kind } == DamageKind.allCases)
    #expect(DamageNumber(rawValue: 7) == nil)
  }
}
