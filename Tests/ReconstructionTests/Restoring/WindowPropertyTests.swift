import Frames
import TestSupport
import Testing

@testable import Reconstruction

/// What must hold for any stream: windows in order, sites around everything that is missing, and frames in which nothing
/// else changes.
struct WindowPropertyTests {
  /// Frames, masks and settings, drawn at random.
  private final class RandomStream: MaskedStream {
    let format: FrameFormat
    let frames: [MaskedFrame]
    var settings = RestorationSettings()
    private var position = 0
    private(set) var written: [Frame] = []

    init(seed: UInt64) {
      var chance = Chance(seed: seed)
      let (width, height) = (chance.int(24...150), chance.int(24...150))
      let roles: [[PlaneRole]] = [[.luma], [.luma, .chromaBlue, .chromaRed], [.red, .green, .blue]]
      let format = FrameFormat(
        width: width, height: height, bitDepth: [8, 10, 16][chance.int(0...2)],
        roles: roles[chance.int(0...2)],
        chromaHorizontalShift: chance.int(0...1), chromaVerticalShift: chance.int(0...1))
      self.format = format
      frames = (0..<chance.int(1...24)).map { t in
        var frame = Frame(
          format: format,
          planes: format.planes.map { plane in
            (0..<plane.count).map { UInt16(($0 * 5 + t) % (format.maximumValue + 1)) }
          }, index: t)
        frame.startsScene = chance.happens(0.1)
        return MaskedFrame(frame: frame, mask: Self.mask(format, &chance))
      }
      settings.windowFrames = chance.int(2...9)
      settings.overlap = chance.int(0...settings.windowFrames - 1)
      if chance.happens(0.5) { settings.tile = chance.int(96...128) }
    }

    /// Nothing, some rectangles, or samples all over.
    private static func mask(_ format: FrameFormat, _ chance: inout Chance) -> FrameMask {
      let (width, height) = (format.width, format.height)
      var missing = [UInt8](repeating: 0, count: width * height)
      switch chance.int(0...3) {
      case 0: return FrameMask(width: width, height: height)
      case 1: for i in missing.indices where chance.happens(0.1) { missing[i] = 1 }
      default:
        for _ in 0..<chance.int(1...3) {
          let (x, y) = (chance.int(0...width - 9), chance.int(0...height - 9))
          for row in y..<y + chance.int(1...8) {
            for column in x..<x + chance.int(1...8) { missing[row * width + column] = 1 }
          }
        }
      }
      return FrameMask(width: width, height: height, missing: missing)
    }

    func next() -> MaskedFrame? {
      if position == frames.count { return nil }
      position += 1
      return frames[position - 1]
    }

    func write(_ frame: Frame) { written.append(frame) }
  }

  /// Has solved every site already: with numbers that follow from a sample's place.
  private struct Oracle: SolutionStore {
    let format: FrameFormat

    static func value(plane: Int, frame: Int, x: Int, y: Int) -> Float {
      Float((plane * 17 + frame * 31 + x * 7 + y * 13) % 101) / 100
    }

    func solution(of unit: any WorkUnit) -> UnitSolution? {
      guard let unit = unit as? SiteUnit else { return nil }
      let planes = format.planes.enumerated().map { p, plane in
        let area = PlaneBox(unit.box, in: plane)
        return (0..<unit.samples.frames).flatMap { t in
          (0..<area.height).flatMap { y in
            (0..<area.width).map { x in
              Self.value(
                plane: p, frame: unit.firstFrame + t - unit.carried.before, x: area.x + x, y: area.y + y)
            }
          }
        }
      }
      return UnitSolution(
        values: Array(unit.samples.missingValues(of: Estimate(planes: planes))[unit.window]), iterations: 0,
        stopReason: .interpolation, heldOut: ErrorSum(), weights: [:])
    }

    func save(_ solution: UnitSolution, of unit: any WorkUnit) {}
  }

  /// Tiles that overlap and windows that go over into each other are blended: where all say the same, so does the blend.
  @Test(arguments: UInt64(0)..<80)
  func onlyWhatIsMissingChanges(seed: UInt64) throws {
    let stream = RandomStream(seed: seed)
    let execution = Execution(store: Oracle(format: stream.format))
    let summary = try Restorer(settings: stream.settings, execution: execution).restore(stream)
    #expect(
      stream.written.map(\.index) == Array(stream.frames.indices) && summary.frames == stream.frames.count)
    let full = Float(stream.format.maximumValue)
    var missingSamples = 0
    for (given, result) in zip(stream.frames, stream.written) {
      for (p, plane) in stream.format.planes.enumerated() {
        let missing = given.mask.missing(in: plane)
        missingSamples += missing.reduce(0) { $0 + Int($1) }
        let isRight = missing.indices.allSatisfy { i in
          if missing[i] == 0 { return result.planes[p][i] == given.frame.planes[p][i] }
          let value = Oracle.value(
            plane: p, frame: given.frame.index, x: i % plane.width, y: i / plane.width)
          return abs(Float(result.planes[p][i]) - value * full) <= max(0.51, 1e-5 * full)
        }
        #expect(isRight, "plane \(p) of frame \(given.frame.index)")
      }
    }
    #expect(summary.missingSamples == missingSamples)
  }

  @Test(arguments: UInt64(0)..<80)
  func windowsFollowEachOther(seed: UInt64) throws {
    let stream = RandomStream(seed: seed)
    let planner = Planner(settings: stream.settings, format: stream.format)
    var reader = WindowReader(stream, planner: planner, isCancelled: { false })
    var (next, weights) = (0, [Float](repeating: 0, count: stream.frames.count))
    while let window = try reader.next() {
      #expect(window.first == next && window.frames.count <= planner.windowFrames && window.finished > 0)
      #expect(window.finished == window.frames.count - (window.fadesOut ? planner.overlap : 0))
      next += window.finished
      for t in window.frames.indices {
        #expect(window.weight(of: t) > 0)
        weights[window.first + t] += window.weight(of: t)
      }
      let boxes = window.parts.map { $0.box(in: stream.format) }
      for (frame, mask) in zip(window.frames, window.content.masks) {
        let places = mask.missing.indices.filter { mask.missing[$0] != 0 }
        let isCovered = places.allSatisfy { i in
          let (x, y) = (i % mask.width, i / mask.width)
          return boxes.contains { box in
            (box.x..<box.x + box.width).contains(x) && (box.y..<box.y + box.height).contains(y)
          }
        }
        #expect(isCovered, "frame \(frame.frame.index)")
      }
      for box in boxes {
        #expect(box.x % 4 == 0 && box.y % 4 == 0 && box.width > 0 && box.height > 0)
        #expect(box.x + box.width <= stream.format.width && box.y + box.height <= stream.format.height)
        #expect(window.content.masks.contains { $0.missingCount(in: box) > 0 })
      }
    }
    #expect(next == stream.frames.count)
    // Where windows are long enough for it, the weights of a frame add up to one.
    if planner.windowFrames >= 2 * planner.overlap + 1 {
      let isWhole = weights.allSatisfy { abs($0 - 1) < 1e-5 }
      let isCut = stream.frames.contains(where: \.frame.startsScene)
      #expect(isWhole || isCut)
    }
  }
}
