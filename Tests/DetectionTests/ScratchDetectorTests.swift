import Detection
import Frames
import Testing

@Suite("Scratches")
struct ScratchDetectorTests {
  @Test("of all widths are found, dark and bright", arguments: [1, 2, 3] as [Float], [-24, 24])
  func widths(columns: Float, contrast: Float) {
    var film = SyntheticFilm(count: 10)
    film.scratches = [
      PaintedScratch(x: 70, columns: columns, contrast: contrast),
      PaintedScratch(x: 181.5, columns: columns, contrast: contrast),
    ]
    let score = Score(scratches(in: film), of: film)
    #expect(score.recall > 0.93)
    #expect(score.falseAlarm < 2e-4)
  }

  @Test(
    "are taken with their soft edges, and nothing more",
    arguments: [(1, 1, 0), (1.5, 1, 2), (2.2, 1.2, -1.5)] as [(Float, Float, Float)], [-40, 40] as [Float])
  func softEdges(shape: (columns: Float, softness: Float, lean: Float), contrast: Float) {
    var film = SyntheticFilm(count: 10)
    film.scratches = [60.3, 188.8].map {
      PaintedScratch(
        x: $0, columns: shape.columns, contrast: contrast, wander: 0.2, softness: shape.softness,
        lean: shape.lean)
    }
    let score = Score(scratches(in: film), of: film)
    #expect(score.recall > 0.9)
    #expect(score.surplus < 0.2)
    #expect(score.falseAlarm == 0)
  }

  @Test("are wider in larger scans, and things that are wider still are none")
  func wideOnes() {
    var film = SyntheticFilm(width: 160, height: 832, count: 10)
    film.scratches = [PaintedScratch(x: 80, columns: 5)]
    let score = Score(scratches(in: film), of: film)
    #expect(score.recall > 0.93)
    #expect(score.falseAlarm < 2e-4)
    film.scratches = [PaintedScratch(x: 80, columns: 9)]
    #expect(Score(scratches(in: film), of: film).recall < 0.02)
  }

  @Test("come and go")
  func passing() {
    var film = SyntheticFilm(count: 22)
    film.scratches = [PaintedScratch(x: 120, frames: 6..<15)]
    let found = scratches(in: film)
    #expect(Score(found, of: film).recall > 0.93)
    // Two frames before and after may see it in the mean over frames.
    for frame in found where !(4..<17).contains(frame.index) { #expect(frame.mask.isEmpty) }
  }

  @Test("wander, over part of the height too, and need not run to its ends")
  func wandering() {
    var film = SyntheticFilm()
    film.scratches = [
      PaintedScratch(x: 60, wander: 0.7), PaintedScratch(x: 200, contrast: -40, extent: 0.25...0.9167),
    ]
    let score = Score(scratches(in: film), of: film)
    #expect(score.recall > 0.88)
    // Ends are known to within a band, and lines over most of the height go on to both.
    #expect(score.falseAlarm < 2e-3)
  }

  @Test("are bridged where they are missed in two frames")
  func gaps() {
    var film = SyntheticFilm(count: 18)
    film.scratches = [
      PaintedScratch(x: 90, contrast: 40, frames: 0..<8),
      PaintedScratch(x: 90, contrast: 40, frames: 10..<18),
    ]
    let found = scratches(in: film)
    #expect(found.map(\.finds.count) == Array(repeating: 1, count: 18))
  }

  @Test("say where they are")
  func finds() throws {
    var film = SyntheticFilm()
    film.scratches = [PaintedScratch(x: 100, columns: 3, contrast: 40)]
    for frame in scratches(in: film) {
      let find = try #require(frame.finds.first)
      #expect(find.kind == .scratches)
      #expect(find.frames == frame.index..<frame.index + 1)
      #expect(find.box.y == 0 && find.box.height == film.height)
      #expect((96...100).contains(find.box.x) && find.box.width <= 6)
      #expect(find.area == frame.mask.missingCount)
      #expect(find.confidence > 0.6 && find.confidence <= 1)
    }
  }

  @Test("are not invented in clean film", arguments: [0, 1, 5], [true, false])
  func clean(speed: Int, knowsMotion: Bool) {
    let film = SyntheticFilm(count: 12, speed: speed, seed: 5)
    #expect(marked(scratches(in: film, knowsMotion: knowsMotion)) == 0)
  }

  @Test("are not posts that move with the scene", arguments: [2, 4])
  func movingPosts(speed: Int) {
    var film = SyntheticFilm(speed: speed)
    film.scene = { t, _, x, value in (60..<63).contains(x - speed * t) ? value - 40 : value }
    #expect(marked(scratches(in: film)) == 0)
  }

  @Test("are not posts where nothing moves, unless they run over the whole height")
  func stillPosts() {
    var film = SyntheticFilm(speed: 0)
    film.scene = { _, y, x, value in (60..<63).contains(x) && y > 50 ? value - 40 : value }
    #expect(marked(scratches(in: film)) == 0)
  }

  @Test("are not edges of the scene", arguments: [0, 2])
  func edges(speed: Int) {
    var film = SyntheticFilm(speed: speed)
    film.scene = { t, _, x, value in x - speed * t > 90 ? value + 50 : value }
    #expect(marked(scratches(in: film)) == 0)
  }

  @Test("are not the picture's borders")
  func borders() {
    var film = SyntheticFilm()
    film.scene = { _, _, x, value in x < 6 || x > 249 ? 8 : value }
    #expect(marked(scratches(in: film)) == 0)
  }

  @Test(
    "are found over a scene that stands still where they wander, and posts beside that move slowly are none")
  func slowScenes() {
    var film = SyntheticFilm(speed: 0)
    film.scratches = [PaintedScratch(x: 60, wander: 0.5)]
    #expect(Score(scratches(in: film), of: film).recall > 0.9)
    film = SyntheticFilm(speed: 1)
    film.scene = { t, _, x, value in (60..<63).contains(x - t) ? value - 40 : value }
    #expect(marked(scratches(in: film)) == 0)
  }

  @Test("do not cross cuts")
  func cuts() {
    var film = SyntheticFilm(count: 24, cuts: [12])
    film.scratches = [PaintedScratch(x: 120, frames: 0..<12)]
    let found = scratches(in: film)
    #expect(found.map(\.index) == Array(0..<24))
    #expect(Score(found, of: film).recall > 0.93)
    for frame in found where frame.index >= 12 { #expect(frame.mask.isEmpty) }
    // Each scene is as if it were alone.
    let inputs = film.inputs()
    var detector = ScratchDetector(threads: 1)
    #expect(Array(found[..<12]) == detector.all(Array(inputs[..<12])))
    #expect(Array(found[12...]) == detector.all(Array(inputs[12...])))
  }

  @Test("are decided in order, as soon as promised, whatever comes later")
  func delay() {
    var film = SyntheticFilm(width: 128, height: 128, count: 32)
    film.scratches = [PaintedScratch(x: 60, wander: 0.3, frames: 4..<28)]
    let inputs = film.inputs()
    var detector = ScratchDetector(threads: 2)
    var found: [DetectedFrame] = []
    for (t, input) in inputs.enumerated() {
      found += detector.add(input)
      #expect(found.count == max(0, t + 1 - ScratchDetector.delay))
    }
    let early = found
    found += detector.finish()
    #expect(found.map(\.index) == Array(0..<32))
    // What was decided before the end is what a film that ends there, or goes on otherwise, has.
    var other = inputs
    for t in 26..<32 { other[t].frame = inputs[0].frame }
    let cut = 26 - ScratchDetector.delay
    #expect(Array(detector.all(other)[..<cut]) == Array(early[..<cut]))
    #expect(detector.finish().isEmpty)
  }

  @Test("are the same for any number of threads")
  func threads() {
    var film = SyntheticFilm()
    film.scratches = [PaintedScratch(x: 60, wander: 0.4), PaintedScratch(x: 190, contrast: -15)]
    let inputs = film.inputs()
    let one = scratches(in: inputs, threads: 1)
    #expect(marked(one) > 0)
    #expect(scratches(in: inputs, threads: 5) == one)
  }

  @Test("are the same in more bits")
  func deepSamples() {
    var film = SyntheticFilm()
    film.scratches = [PaintedScratch(x: 60), PaintedScratch(x: 190, contrast: -20)]
    let eight = scratches(in: film)
    film.bitDepth = 10
    let ten = scratches(in: film)
    #expect(Score(ten, of: film).recall > 0.93)
    let (a, b) = (Float(marked(eight)), Float(marked(ten)))
    #expect(abs(a - b) < 0.03 * a)
  }

  @Test("are more, the more sensitive the search is")
  func sensitivity() {
    var film = SyntheticFilm(grain: 3)
    film.scratches = [
      PaintedScratch(x: 40, contrast: 4), PaintedScratch(x: 100, contrast: 7),
      PaintedScratch(x: 160, contrast: -10), PaintedScratch(x: 220, columns: 1, contrast: 14),
    ]
    let inputs = film.inputs()
    let recalls = [0, 0.25, 0.5, 0.75, 1].map {
      Score(scratches(in: inputs, sensitivity: $0), of: film).recall
    }
    #expect(recalls == recalls.sorted())
    #expect(recalls[4] > recalls[0] + 0.2)
  }

  @Test("of pictures that are too small for any are none", arguments: [(1, 1), (20, 3), (19, 40), (24, 9)])
  func smallPictures(width: Int, height: Int) {
    var film = SyntheticFilm(width: width, height: height, count: 5)
    film.scratches = [PaintedScratch(x: Float(width) / 2)]
    #expect(scratches(in: film).count == 5)
  }

  @Test("of a still are none: a line that is seen once may be anything")
  func stills() {
    var film = SyntheticFilm(count: 1)
    film.scratches = [PaintedScratch(x: 100, contrast: 50)]
    #expect(marked(scratches(in: film)) == 0)
  }
}
