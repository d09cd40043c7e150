import Detection
import Frames
import Testing

@Suite("Defective pixels")
struct PixelDetectorTests {
  /// Dead, stuck and hot ones in turns, some at the picture's corners.
  private func film(speed: Int = 3) -> SyntheticFilm {
    var film = SyntheticFilm(width: 160, height: 120, count: 24, speed: speed)
    let places = [(0, 0), (119, 159), (5, 100)] + (0..<21).map { (9 + 5 * $0, (17 + 31 * $0) % 150 + 4) }
    film.defects = places.enumerated().map { i, place in
      switch i % 3 {
      case 0: (place.0, place.1, { _, _ in 16 })
      case 1: (place.0, place.1, { _, _ in 235 })
      default: (place.0, place.1, { t, value in value + 80 + Float(t * 7 % 11) })
      }
    }
    return film
  }

  private func found(
    in film: SyntheticFilm, sensitivity: Float = 0.5, threads: Int = 2
  ) -> [Find] {
    var detector = PixelDetector(settings: DetectionSettings(sensitivity: sensitivity), threads: threads)
    for input in film.inputs() { detector.add(input) }
    return detector.finish()
  }

  @Test("are found wherever they are, and nothing else is", arguments: [8, 10])
  func recall(bitDepth: Int) {
    var film = film()
    film.bitDepth = bitDepth
    let finds = found(in: film)
    let places = Set(film.defects.map { Box(x: $0.x, y: $0.y, width: 1, height: 1) })
    #expect(Set(finds.map(\.box)) == places)
    #expect(finds.count == places.count)
    for find in finds {
      #expect(find.kind == .pixels && find.area == 1 && find.frames == 0..<24)
      #expect(find.confidence > 0.5 && find.confidence <= 1)
    }
  }

  @Test("are not invented", arguments: [0, 1, 3])
  func clean(speed: Int) {
    #expect(found(in: SyntheticFilm(width: 160, height: 120, count: 12, speed: speed)).isEmpty)
  }

  @Test("are not points of the scene, which move with it")
  func points() {
    var film = SyntheticFilm(width: 160, height: 120, count: 24, speed: 2)
    film.scene = { t, y, x, value in (x - 2 * t) % 23 == 0 && y % 17 == 0 ? value + 90 : value }
    #expect(found(in: film).isEmpty)
  }

  @Test("stand out by far where nothing moves")
  func still() {
    let film = film(speed: 0)
    #expect(found(in: film).count > film.defects.count * 3 / 4)
  }

  @Test("stand out by less where they do so in every frame, and beside each other")
  func faint() {
    var film = SyntheticFilm(width: 160, height: 120, count: 24, speed: 0)
    for k in 0..<10 {
      for x in [10 + 14 * k, 12 + 14 * k] {
        film.defects.append((y: 8 + 11 * k, x: x, value: { _, value in value - 26 }))
      }
    }
    let expected = Set(film.defects.map { Box(x: $0.x, y: $0.y, width: 1, height: 1) })
    #expect(Set(found(in: film).map(\.box)) == expected)
  }

  @Test("stand out two samples from others that do so by far")
  func besideStrong() {
    var film = SyntheticFilm(width: 160, height: 120, count: 24, speed: 0)
    for k in 0..<10 {
      film.defects.append((y: 8 + 11 * k, x: 10 + 14 * k, value: { _, _ in 250 }))
      film.defects.append((y: 8 + 11 * k, x: 12 + 14 * k, value: { _, value in value - 32 }))
    }
    let expected = Set(film.defects.map { Box(x: $0.x, y: $0.y, width: 1, height: 1) })
    #expect(Set(found(in: film).map(\.box)) == expected)
  }

  @Test("are the same for any number of threads")
  func threads() {
    let film = film()
    #expect(found(in: film, threads: 1) == found(in: film, threads: 4))
  }

  @Test("are more, the more sensitive the search is")
  func sensitivity() {
    var film = SyntheticFilm(width: 160, height: 120, count: 20)
    // Defective in more and more of the frames.
    film.defects = (0..<20).map { i in
      (6 + 5 * i, 8 + 7 * i, { @Sendable t, value in t * 7 % 20 <= i ? value + 70 : value })
    }
    let counts = [0, 0.25, 0.5, 0.75, 1].map { found(in: film, sensitivity: $0).count }
    #expect(counts == counts.sorted())
    #expect(counts[0] > 2 && counts[4] > counts[0] + 5)
  }

  @Test("need frames")
  func empty() {
    var detector = PixelDetector(threads: 2)
    #expect(detector.finish().isEmpty)
    // It is as new after the last frame.
    for input in film().inputs() { detector.add(input) }
    #expect(!detector.finish().isEmpty)
    #expect(detector.finish().isEmpty)
  }

  @Test("are looked for in frames of any size", arguments: [(1, 1), (1, 5), (5, 1), (2, 2), (3, 3)])
  func sizes(width: Int, height: Int) {
    for find in found(in: SyntheticFilm(width: width, height: height, count: 3)) {
      #expect(find.box.x < width && find.box.y < height)
    }
  }
}
