import Detection
import Frames
import Testing

@Suite("Overlays")
struct OverlayDetectorTests {
  @Test("are found in place, in shape and in time", arguments: [1, 0.6, 0.3] as [Float])
  func overlay(opacity: Float) throws {
    var film = MarkedFilm(opacity: opacity)
    film.marks[0].frames = [15..<98]
    let finds = film.finds()
    let find = try #require(finds.first)
    #expect(finds.count == 1 && find.kind == .overlay)
    #expect(film.overlap(of: find, with: 0) >= 0.75)
    #expect(abs(find.frames.lowerBound - 15) <= 3 && abs(find.frames.upperBound - 98) <= 3)
    #expect(find.confidence > 0.5 && find.confidence <= 1)
    // Its parts don't overlap.
    var mask = FrameMask(width: film.width, height: film.height)
    mask.mark(find)
    #expect(mask.missingCount == find.area)
  }

  @Test("come and go, and change places")
  func places() {
    var film = MarkedFilm(opacity: 1)
    film.marks[0].frames = [0..<90, 170..<220]
    film.marks.append(MarkedFilm.Mark(x: 80, y: 52, frames: [90..<170]))
    film.count = 220
    let finds = film.finds()
    #expect(finds.count == 3)
    for (mark, frames) in film.marks.enumerated().flatMap({ mark in mark.1.frames.map { (mark.0, $0) } }) {
      #expect(
        finds.contains {
          film.overlap(of: $0, with: mark) >= 0.75 && abs($0.frames.lowerBound - frames.lowerBound) <= 3
            && abs($0.frames.upperBound - frames.upperBound) <= 3
        })
    }
  }

  @Test("are not invented where the picture moves")
  func clean() {
    var film = MarkedFilm(opacity: 1)
    film.marks = []
    // Bars at top and bottom stay, and are no overlays.
    film.barHeight = 12
    #expect(film.finds().isEmpty)
  }

  @Test("can't be told where the picture stays")
  func still() {
    var film = MarkedFilm(opacity: 1)
    film.speed = 0
    #expect(film.finds().isEmpty)
  }

  @Test("are the same for any number of threads, and in more bits")
  func threads() {
    var film = MarkedFilm(opacity: 0.6)
    let finds = film.finds(threads: 1)
    #expect(!finds.isEmpty)
    #expect(finds == film.finds(threads: 4))
    film.bitDepth = 10
    let deep = film.finds()
    #expect(deep.map(\.frames) == finds.map(\.frames))
    #expect(deep.allSatisfy { film.overlap(of: $0, with: 0) >= 0.75 })
  }

  @Test("need frames, of any size")
  func sizes() {
    var detector = OverlayDetector(threads: 2)
    #expect(detector.finish().isEmpty)
    for (width, height) in [(1, 1), (1, 5), (5, 1), (3, 3), (33, 7)] {
      var film = MarkedFilm(opacity: 1)
      (film.width, film.height, film.count, film.marks) = (width, height, 30, [])
      #expect(film.finds().isEmpty)
    }
  }
}

/// A texture that moves, with bright discs that have a hole, at their places.
struct MarkedFilm {
  var width = 128
  var height = 96
  var count = 110
  var speed = 3
  var bitDepth = 8
  var opacity: Float
  var barHeight = 0
  var marks = [Mark(x: 20, y: 16, frames: [0..<1000])]

  struct Mark {
    var x: Int
    var y: Int
    var frames: [Range<Int>]
    static let side = 32

    func covers(x: Int, y: Int) -> Bool {
      let (u, v) = (2 * (x - self.x) - Self.side + 1, 2 * (y - self.y) - Self.side + 1)
      let distance = u * u + v * v
      return distance < Self.side * Self.side && distance > Self.side * Self.side / 6
    }
  }

  init(opacity: Float) { self.opacity = opacity }

  func finds(threads: Int = 2) -> [Find] {
    var film = SyntheticFilm(width: width, height: height, count: count, bitDepth: bitDepth, speed: speed)
    film.cuts = speed > 0 ? [count / 3, 2 * count / 3] : []
    let (opacity, barHeight, width, height) = (opacity, barHeight, width, height)
    let covered = marks.map { mark in
      (places: (0..<width * height).filter { mark.covers(x: $0 % width, y: $0 / width) }, frames: mark.frames)
    }
    film.marks = { t, values in
      for mark in covered where mark.frames.contains(where: { $0.contains(t) }) {
        for i in mark.places { values[i] = (1 - opacity) * values[i] + opacity * 235 }
      }
      for i in 0..<barHeight * width { (values[i], values[values.count - 1 - i]) = (16, 16) }
    }
    var detector = OverlayDetector(threads: threads)
    for input in film.inputs(knowsMotion: false) { detector.add(input) }
    return detector.finish()
  }

  /// Intersection over union.
  func overlap(of find: Find, with mark: Int) -> Float {
    var mask = FrameMask(width: width, height: height)
    mask.mark(find)
    var (both, either) = (0, 0)
    for i in 0..<width * height {
      let (found, painted) = (mask.missing[i] != 0, marks[mark].covers(x: i % width, y: i / width))
      if found && painted { both += 1 }
      if found || painted { either += 1 }
    }
    return Float(both) / Float(max(1, either))
  }
}
