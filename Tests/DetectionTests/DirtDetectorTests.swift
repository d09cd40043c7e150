import Foundation
import Frames
import Kernels
import Motion
import Testing

@testable import Detection

@Suite("Dirt")
struct DirtDetectorTests {
  /// A round spot with a soft edge, in one frame.
  struct Spot {
    var frame: Int
    var y: Int
    var x: Int
    var radius: Float = 5
    var contrast: Float = -60

    func share(_ y: Int, _ x: Int) -> Float {
      let distance = hypot(Float(y - self.y), Float(x - self.x))
      return max(0, min(1, radius + 1 - distance))
    }
  }

  private static let spots = [
    Spot(frame: 3, y: 60, x: 50), Spot(frame: 4, y: 110, x: 190, radius: 9, contrast: 55),
    Spot(frame: 6, y: 30, x: 120, radius: 2.5, contrast: 50), Spot(frame: 8, y: 150, x: 90, contrast: -45),
  ]

  private func film(_ spots: [Spot], count: Int = 12) -> SyntheticFilm {
    var film = SyntheticFilm(count: count)
    film.scene = { t, y, x, value in
      spots.reduce(value) { $1.frame == t ? $0 + $1.share(y, x) * $1.contrast : $0 }
    }
    return film
  }

  private func dirt(
    in inputs: [DetectionInput], sensitivity: Float = 0.5, threads: Int = 2
  ) -> [DetectedFrame] {
    var detector = DirtDetector(settings: DetectionSettings(sensitivity: sensitivity), threads: threads)
    return detector.all(inputs)
  }

  /// Samples of spots that are marked, and marks farther than three samples from any.
  private func score(_ frames: [DetectedFrame], _ spots: [Spot]) -> (recall: Float, wrong: Int) {
    var (all, hit, wrong) = (0, 0, 0)
    for frame in frames {
      let here = spots.filter { $0.frame == frame.index }
      for y in 0..<frame.mask.height {
        for x in 0..<frame.mask.width {
          let isMarked = !frame.mask.missing.isEmpty && frame.mask.missing[y * frame.mask.width + x] != 0
          let share = here.map { $0.share(y, x) }.max() ?? 0
          if share > 0.2 {
            all += 1
            hit += isMarked ? 1 : 0
          } else if isMarked
            && !here.contains(where: { hypot(Float(y - $0.y), Float(x - $0.x)) < $0.radius + 4 })
          {
            wrong += 1
          }
        }
      }
    }
    return (Float(hit) / Float(max(1, all)), wrong)
  }

  @Test(
    "thousands of unlikely candidates, as large pictures with grain have, are not taken for a film full of dirt"
  )
  func unlikelyCandidates() {
    #expect(DirtOdds.sureFinds([Float](repeating: -5, count: 20_000)) < 0.5)
    #expect(DirtOdds.sureFinds([3, 3, 6]) > 2.9)
  }

  @Test("spots in one frame are found, dark and bright, small and large, to their soft edges")
  func spots() {
    let found = dirt(in: film(Self.spots).inputs())
    #expect(found.map(\.index) == Array(0..<12))
    let score = score(found, Self.spots)
    #expect(score.recall > 0.9)
    #expect(score.wrong < 20)
    for spot in Self.spots {
      #expect(
        found[spot.frame].finds.contains {
          $0.kind == .dirt && $0.frames == spot.frame..<spot.frame + 1 && $0.confidence > 0.5
            && abs($0.box.x + $0.box.width / 2 - spot.x) <= 3
            && abs($0.box.y + $0.box.height / 2 - spot.y) <= 3
        })
    }
  }

  @Test("with 10 bits they are the same spots")
  func deep() {
    var film = film(Self.spots)
    film.bitDepth = 10
    let score = score(dirt(in: film.inputs()), Self.spots)
    #expect(score.recall > 0.9)
    #expect(score.wrong < 20)
  }

  @Test("at the ends of scenes they are found by the frames on one side")
  func ends() {
    let spots = [0, 5, 6, 11].map { Spot(frame: $0, y: 90, x: 60 + 8 * $0, radius: 7, contrast: 70) }
    var film = film(spots)
    film.cuts = [6]
    let found = dirt(in: film.inputs())
    #expect(score(found, spots).recall > 0.85)
    #expect(score(found, spots).wrong < 20)
  }

  @Test("grain, motion, cuts and things that stay are no dirt")
  func clean() {
    var film = film([])
    film.cuts = [5]
    // A mark of the scene moves with it, and one on the glass stays: both are in more than one frame.
    film.scene = { t, y, x, value in
      if hypot(Float(y - 60), Float(x - 40 - 3 * t)) < 6 { return 30 }
      return hypot(Float(y - 150), Float(x - 200)) < 6 ? 220 : value
    }
    #expect(marked(dirt(in: film.inputs())) < 12 * 256 * 192 / 5000)
  }

  @Test("a frame that is brighter as a whole is no dirt")
  func flicker() {
    var film = film([])
    film.scene = { t, _, _, value in t == 5 ? value * 1.06 + 3 : value }
    #expect(marked(dirt(in: film.inputs())) < 12 * 256 * 192 / 5000)
  }

  @Test("the same for any number of threads")
  func threads() {
    let inputs = film(Self.spots).inputs()
    #expect(dirt(in: inputs, threads: 1) == dirt(in: inputs, threads: 3))
  }

  @Test("more sensitive means more")
  func sensitivity() {
    // Fainter from frame to frame.
    let faint = (0..<8).map {
      Spot(frame: 2 + $0, y: 40 + 15 * $0, x: 30 + 25 * $0, radius: 2.5, contrast: 40 - 4.5 * Float($0))
    }
    let inputs = film(Self.spots + faint).inputs()
    let counts = [0, 0.5, 1].map { marked(dirt(in: inputs, sensitivity: $0)) }
    #expect(counts[0] < counts[1] && counts[1] < counts[2], "\(counts)")
  }

  @Test("scenes of one and two frames, and frames without known motion, give nothing")
  func short() {
    let inputs = film(Self.spots, count: 5).inputs()
    #expect(dirt(in: []).isEmpty)
    #expect(marked(dirt(in: Array(inputs.prefix(1)))) == 0)
    #expect(dirt(in: Array(inputs.prefix(2))).map(\.index) == [0, 1])
    let still = film(Self.spots).inputs(knowsMotion: false)
    #expect(dirt(in: still).map(\.mask.missingCount) == Array(repeating: 0, count: 12))
  }

  @Test("a frame is decided after its delay, and three pictures are kept")
  func delay() {
    var detector = DirtDetector(threads: 1)
    let inputs = film(Self.spots).inputs()
    let given = inputs.map { detector.add($0).map(\.index) }
    let early = given.prefix(DirtDetector.delay).flatMap { $0 }
    #expect(early.isEmpty)
    #expect(given[DirtDetector.delay] == [0])
    #expect(detector.finish().map(\.index) == Array(12 - DirtDetector.delay..<12))
  }

  @Test("medians of cells are those of their samples, and the same along a row as one by one")
  func medians() {
    let (width, height) = (130, 70)
    func picture(_ value: (_ x: Int) -> Float) -> Matrix {
      Matrix(rows: height, columns: width, values: (0..<width * height).map { value($0 % width) })
    }
    let even = CellMedians(of: picture { _ in 3.25 }, threads: 2)
    #expect(abs(even[even.place(ofRow: 40), 100] - 3.25) < 0.04)
    let difference = CellMedians(of: picture { _ in 3 }, less: picture { _ in 5 }, threads: 2) { -$0 }
    #expect(abs(difference[difference.place(ofRow: 40), 100] - 2) < 0.04)
    // From left to right 0 to 12.9.
    let slope = CellMedians(of: picture { Float($0) / 10 }, threads: 1)
    #expect(abs(slope[slope.place(ofRow: 30), 65] - 6.5) < 0.5)
    var line = [Float](repeating: 0, count: width)
    line.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { slope.fill(base, row: 30) } }
    for x in 0..<width { #expect(line[x] == slope[slope.place(ofRow: 30), x]) }
    // A blotch in less than half of a cell's samples is left out.
    let blotch = CellMedians(of: picture { $0 < 14 ? 40 : 1 }, threads: 1)
    #expect(abs(blotch[blotch.place(ofRow: 10), 10] - 1) < 0.1)
  }

  @Test("areas grow where they may, and close over gaps of a sample")
  func areas() {
    var area = LocalMask(columns: 2..<12, rows: 1..<6)
    area.mark(MaskRun(row: 3, columns: 4..<5))
    area.grow { y, x in y == 3 && x < 7 }
    area.grow { y, x in y == 3 && x < 7 }
    #expect(area.boxes == [Box(x: 2, y: 3, width: 5, height: 1)])
    area.mark(MaskRun(row: 3, columns: 8..<9))
    area.close()
    #expect(area.boxes == [Box(x: 2, y: 3, width: 7, height: 1)])
  }
}
