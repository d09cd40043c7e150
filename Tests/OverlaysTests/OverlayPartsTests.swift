import Frames
import Kernels
import Testing

@testable import Overlays

@Suite("Parts of overlays")
struct OverlayPartsTests {
  @Test("equations on a grid are solved")
  func system() {
    var random = RandomSource(seed: 3)
    let (width, height) = (5, 4)
    let isUnknown = (0..<20).map { $0 % 7 != 3 }
    var system = GridSystem(width: width, height: height, isUnknown: isUnknown)
    for i in 0..<20 {
      system.diagonal[i] = 5 + Double(random.uniform())
      if i % width + 1 < width { system.right[i] = Double(random.uniform()) }
      if i + width < 20 { system.below[i] = Double(random.uniform()) }
    }
    let truth = (0..<20).map { isUnknown[$0] ? Double(random.uniform()) - 0.5 : 0 }
    let values = (0..<20).map { i -> Double in
      var sum = system.diagonal[i] * truth[i]
      if i % width + 1 < width { sum -= system.right[i] * truth[i + 1] }
      if i % width > 0 { sum -= system.right[i - 1] * truth[i - 1] }
      if i + width < 20 { sum -= system.below[i] * truth[i + width] }
      if i >= width { sum -= system.below[i - width] * truth[i - width] }
      return sum
    }
    for (a, b) in zip(system.solved(values, tolerance: 1e-10), truth) { #expect(abs(a - b) < 1e-8) }
  }

  @Test("frames that are kept do not grow with their number")
  func crops() {
    let format = FrameFormat(width: 4, height: 2, bitDepth: 8, roles: [.luma])
    var crops = FrameCrops([(0, PlaneBox(Box(x: 1, y: 0, width: 2, height: 2), in: format.planes[0]))])
    for t in 0..<1000 { crops.add(Frame(format: format, filledWith: UInt16(t % 251), index: t)) }
    #expect(crops.offered == 1000 && crops.crops.count == 125)
    #expect(crops.crops[3] == [[24, 24, 24, 24]])
  }

  @Test("places are what is missing for long, in groups, with what is beside them")
  func places() {
    let format = FrameFormat(
      width: 200, height: 100, bitDepth: 8, roles: [.luma, .chromaBlue], chromaHorizontalShift: 1,
      chromaVerticalShift: 1)
    var mask = FrameMask(width: 200, height: 100, missing: [UInt8](repeating: 0, count: 20000))
    for x in [10, 11, 30, 31, 150] { mask.missing[21 * 200 + x] = 1 }
    var places = OverlayPlaces(format: format)
    places.add(mask, frames: 7)
    #expect(places.places().isEmpty)
    places.add(mask)
    let found = places.places()
    #expect(found.map(\.count) == [4, 1])
    #expect(found[0].box == Box(x: 0, y: 8, width: 44, height: 26))
    #expect(found[0].isMissing(in: mask) && !found[0].isMissing(in: FrameMask(width: 200, height: 100)))
    #expect(
      found[0].controls(of: format, others: found) == [
        Box(x: 0, y: 34, width: 44, height: 26), Box(x: 44, y: 8, width: 44, height: 26),
      ])
  }

  @Test("blurring keeps what is flat, but for the borders")
  func blur() {
    var picture = [Float](repeating: 3, count: 30 * 20)
    BoxBlur(width: 30, height: 20, radius: 2).blur(&picture)
    #expect(abs(picture[10 * 30 + 15] - 3) < 1e-4 && picture[0] < 2)
  }

  @Test("estimates begin at gains that make the mean over frames go on beneath, light or dark")
  func start() {
    let (width, height) = (12, 9)
    let isHole = (0..<width * height).map { (3..<9).contains($0 % width) && (3..<6).contains($0 / width) }
    // White of limited range on the left, black on the right, and nothing in the lowest row.
    func overlay(_ i: Int) -> (opacity: Float, colour: Float) {
      if !isHole[i] || i / width == 5 { return (0, 0) }
      return i % width < 6 ? (0.4, 235) : (0.2, 16)
    }
    var random = RandomSource(seed: 5)
    let pictures = (0..<40).map { t in
      (0..<width * height).map { i in
        let (opacity, colour) = overlay(i)
        let noise = 4 * random.normal()
        return (1 - opacity) * Float(90 + t) + opacity * colour + (isHole[i] ? noise : 0)
      }
    }
    let samples = PlaceSamples(width: width, height: height, isHole: isHole, pictures: pictures)
    let sums = PairSums(
      samples, PictureVariance(samples, reach: 2, threads: 1), reach: 2, noise: .none, threads: 1)
    var solver = JointSolver(samples, sums)
    solver.startFromMeans()
    for i in isHole.indices where isHole[i] {
      #expect(abs(1 - 1 / solver.gains[i] - Double(overlay(i).opacity)) < 0.04)
    }
  }
}
