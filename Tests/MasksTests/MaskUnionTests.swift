import Frames
import TestSupport
import Testing

@testable import Masks

/// What is missing by several options together, drawn at random, against what each of them says by itself.
@Suite struct MaskUnionTests {
  private static let format = FrameFormat(
    width: 13, height: 10, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed], chromaHorizontalShift: 1,
    chromaVerticalShift: 1)

  private static func input(_ orientation: DisplayOrientation) -> MaskedInput {
    MaskedInput(
      name: "in.mkv", format: format, orientation: orientation, isCorrupt: { $0.index % 5 == 3 })
  }

  /// Frames of few values, so that some match.
  private static func frame(_ index: Int, _ chance: inout Chance) -> Frame {
    var frame = Frame(
      format: format,
      planes: format.planes.map { plane in (0..<plane.count).map { _ in UInt16(chance.int(0...9)) } },
      index: index)
    frame.time = 2 + Double(index) / 25
    return frame
  }

  /// One thing that somebody may say is missing.
  private static func part(_ chance: inout Chance) -> (inout MaskOptions) -> Void {
    let (first, length) = (chance.int(0...6), chance.int(0...3))
    let interval: FrameInterval =
      chance.happens(0.5)
      ? .frames(first: first, last: first + length)
      : .times(start: Double(first) / 25, end: Double(first + length + 1) / 25)
    switch chance.int(0...5) {
    case 0: return { $0.frames.append(interval) }
    case 1: return { $0.corruptFrames = true }
    case 2:
      let value = chance.int(0...9)
      return { $0.value = value }
    case 3:
      let boxes = (0...1).map { _ in
        Box(
          x: chance.int(-3...9), y: chance.int(-3...9), width: chance.int(4...6), height: chance.int(4...6))
      }
      let keys = zip(boxes, [first, first + length + 1]).map { box, at in
        RectangleKey(box: box, moment: .frame(at))
      }
      return { $0.rectangles += (try? MaskRectangle(keys: keys)).map { [$0] } ?? [] }
    default:
      let rectangle = MaskRectangle(
        x: chance.int(-3...9), y: chance.int(-3...9), width: chance.int(4...6), height: chance.int(4...6),
        interval: chance.happens(0.5) ? interval : nil)
      return { $0.rectangles.append(rectangle) }
    }
  }

  @Test(arguments: UInt64(0)..<150)
  func everythingSaidIsUnited(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    let parts = (0..<chance.int(1...5)).map { _ in Self.part(&chance) }
    let input = Self.input(
      DisplayOrientation(quarterTurns: chance.int(0...3), mirrored: chance.happens(0.5)))
    let orientation: MaskOptions.Orientation = chance.happens(0.5) ? .displayed : .coded
    func options(_ parts: [(inout MaskOptions) -> Void]) -> MaskOptions {
      var options = MaskOptions()
      options.orientation = orientation
      for part in parts { part(&options) }
      return options
    }
    // One value only can be given: a later one takes an earlier one's place.
    let values = parts.indices.filter { options([parts[$0]]).value != nil }
    let kept = parts.indices.filter { !values.dropLast().contains($0) }.map { parts[$0] }
    // Some of it may be kept, by rectangles drawn like those of missing samples.
    let limits = (0..<chance.int(0...3)).map { _ in Self.part(&chance) }
    let keeping = options(limits).rectangles
    var all = options(kept)
    all.keptRectangles = keeping
    var keepers = MaskOptions()
    (keepers.rectangles, keepers.orientation) = (keeping, orientation)
    let together = try CombinedMask(options: all, input: input)
    let taken = keeping.isEmpty ? nil : try CombinedMask(options: keepers, input: input)
    let single = try kept.map { try CombinedMask(options: options([$0]), input: input) }
    var (missing, touched, whole) = (0, 0, 0)
    for index in 0..<8 {
      let frame = Self.frame(index, &chance)
      var expected = FrameMask(width: Self.format.width, height: Self.format.height)
      for mask in single { expected.formUnion(try mask.mask(for: frame)) }
      let away = Set(positions(try taken?.mask(for: frame) ?? FrameMask(width: 13, height: 10)))
      for place in positions(expected) where away.contains(place) { expected.missing[place] = 0 }
      let united = try together.mask(for: frame)
      #expect(united.missingCount == expected.missingCount)
      #expect(united.isEmpty && expected.isEmpty || united == expected)
      missing += united.missingCount
      touched += united.missingCount > 0 ? 1 : 0
      whole += united.missingCount == Self.format.width * Self.format.height ? 1 : 0
    }
    #expect((together.missingCount, together.touchedFrames) == (missing, touched))
    #expect(together.wholeFrames == whole && together.frames == 8)
  }

  /// A rectangle covers what lies in it of the picture as it is displayed, sample by sample.
  @Test(arguments: UInt64(0)..<100)
  func rectanglesLieOnTheDisplayedPicture(seed: UInt64) throws {
    var chance = Chance(seed: seed)
    let turned = DisplayOrientation(quarterTurns: chance.int(0...3), mirrored: chance.happens(0.5))
    let size = turned.displayedSize(width: Self.format.width, height: Self.format.height)
    let rectangle = MaskRectangle(
      x: chance.int(-4...size.width - 1), y: chance.int(-4...size.height - 1), width: chance.int(5...9),
      height: chance.int(5...9))
    var options = MaskOptions()
    options.rectangles = [rectangle]
    let mask = try CombinedMask(options: options, input: Self.input(turned)).mask(for: Self.frame(0, &chance))
    let displayed = turned.displayedMask(fromCoded: mask)
    #expect((displayed.width, displayed.height) == (size.width, size.height))
    for y in 0..<size.height {
      for x in 0..<size.width {
        let isInside =
          (rectangle.x..<rectangle.x + rectangle.width).contains(x)
          && (rectangle.y..<rectangle.y + rectangle.height).contains(y)
        #expect((displayed.missing[y * size.width + x] != 0) == isInside)
      }
    }
  }
}
