import Detection
import Frames
import Testing

@Suite("Burnt-in subtitles")
struct TextDetectorTests {
  private func found(
    in film: SyntheticFilm, sensitivity: Float = 0.5, threads: Int = 2
  ) -> [DetectedFrame] {
    var detector = TextDetector(settings: DetectionSettings(sensitivity: sensitivity), threads: threads)
    return detector.all(film.inputs(knowsMotion: false))
  }

  private func film(_ texts: [PaintedText], count: Int = 44) -> SyntheticFilm {
    var film = SyntheticFilm(width: 176, height: 112, count: count)
    film.paint(texts)
    return film
  }

  @Test(
    "are found with outline, shadow or box, and without",
    arguments: [(2, 0, nil), (0, 0, nil), (0, 2, nil), (0, 0, 6)] as [(Int, Int, Int?)])
  func looks(outline: Int, shadow: Int, box: Int?) {
    let texts = [
      PaintedText("THE NEST IS", frames: 6..<26, top: 85, outline: outline, shadow: shadow, box: box),
      PaintedText("HELLO NATION", frames: 28..<44, top: 85, outline: outline, shadow: shadow, box: box),
    ]
    let found = found(in: film(texts))
    let score = TextScore(found, texts)
    #expect(score.recall > 0.95)
    // Some of the samples beside bare strokes, two wide, are marked too.
    #expect(score.overlap > (outline == 0 && box == nil ? 0.5 : 0.6))
    #expect(score.wrong < 500)
    for frame in found {
      let isThere = texts.contains { $0.frames.contains(frame.index) }
      #expect(frame.finds.isEmpty != isThere)
      for find in frame.finds {
        #expect(find.kind == .text && find.frames == frame.index..<frame.index + 1)
        #expect(find.confidence > 0.5 && find.confidence <= 1)
      }
    }
  }

  @Test("with a box for each line take no box for that of another line, where boxes stay from text to text")
  func boxes() {
    let texts = [
      PaintedText("THE NEST IS\nHELLO NATION", frames: 6..<26, top: 56, box: 4),
      PaintedText("HELLO\nTHIS LASTS", frames: 26..<44, top: 56, box: 4),
    ]
    let score = TextScore(found(in: film(texts)), texts)
    #expect(score.recall > 0.95)
    #expect(score.overlap > 0.9)
  }

  @Test("in a box that ends with their letters are found with it")
  func tightBox() {
    let text = PaintedText("HELLO NATION", frames: 6..<36, top: 85, box: 1)
    var film = film([text])
    film.speed = 0
    let score = TextScore(found(in: film), [text])
    #expect(score.recall > 0.95)
    #expect(score.overlap > 0.8)
    #expect(score.wrong < 600)
  }

  @Test("are not what is seen again where one was, until the next begins", arguments: [0, 2])
  func uncovered(speed: Int) {
    let texts = [
      PaintedText("THE NEST IS", frames: 6..<26, top: 85, outline: 2),
      PaintedText("HELLO NATION", frames: 40..<56, top: 85, outline: 2),
    ]
    var film = film(texts, count: 56)
    film.speed = speed
    let found = found(in: film)
    #expect(marked(Array(found[26..<40])) == 0)
    #expect(TextScore(found, texts).recall > 0.95)
  }

  @Test("are found where the ground is nearly as bright, by letters of the same line elsewhere")
  func brightGround() {
    let text = PaintedText("HELLO NATION", frames: 6..<36, top: 85)
    var film = SyntheticFilm(width: 176, height: 112, count: 40)
    film.scene = { t, y, x, value in text.value(t, y, x, over: x < 70 ? 165 + 0.2 * (value - 50) : value - 30)
    }
    let score = TextScore(found(in: film), [text])
    #expect(score.recall > 0.93)
    #expect(score.wrong < 300)
  }

  @Test("follow each other without a gap, from the first frame to the last, over cuts, with any bit depth")
  func noGap() {
    let texts = [
      PaintedText("HELLO THAT", frames: 0..<22, top: 85, outline: 2),
      PaintedText("NO ONE IS", frames: 22..<44, top: 85, outline: 2),
    ]
    var film = film(texts)
    film.cuts = [15, 36]
    film.bitDepth = 10
    let score = TextScore(found(in: film), texts)
    #expect(score.recall > 0.95)
    #expect(score.overlap > 0.6)
  }

  @Test("stay for longer than frames are kept")
  func longOnes() {
    let texts = [PaintedText("THIS LASTS", frames: 5..<60, top: 85, outline: 2)]
    let score = TextScore(found(in: film(texts, count: 64)), texts)
    #expect(score.recall > 0.95)
    #expect(score.overlap > 0.6)
  }

  @Test("are not invented, where the scene moves, stands still, stops or is cut", arguments: [0, 2])
  func clean(speed: Int) {
    var film = SyntheticFilm(width: 176, height: 112, count: 32)
    film.speed = speed
    film.cuts = [14]
    #expect(marked(found(in: film)) == 0)
  }

  @Test("are not text of the scene that moves with it, or comes to rest with it")
  func signs() {
    var sign = PaintedText("HOTEL SATIN", frames: 0..<60, top: 50)
    sign.speed = 2
    #expect(marked(found(in: film([sign]))) == 0)
    var film = SyntheticFilm(width: 176, height: 112, count: 50)
    film.speed = 0
    let painted = sign
    film.scene = { t, y, x, value in
      let shift = 2 * min(t, 20)
      // The wall around it has a pattern, and stops too.
      let wall = (x - shift + 400) / 5 % 2 == 0 ? value + 12 : value - 12
      return painted.value(0, y, x - shift, over: wall)
    }
    #expect(marked(found(in: film)) == 0)
  }

  @Test("are the same for any number of threads, and given at most the delay later")
  func threads() {
    let texts = [PaintedText("THE NEST IS", frames: 6..<40, top: 85, outline: 1)]
    let film = film(texts, count: 44)
    #expect(found(in: film, threads: 1) == found(in: film, threads: 4))
    var detector = TextDetector(threads: 2)
    var given = 0
    for (t, input) in film.inputs(knowsMotion: false).enumerated() {
      given += detector.add(input).count
      #expect(given >= t - TextDetector.delay)
    }
    #expect(given + detector.finish().count == 44)
  }

  /// A film whose text is painted in one plane of colour, which has a sample for two by two of the frame.
  private func coloured(_ film: SyntheticFilm, _ texts: [PaintedText]) -> [DetectionInput] {
    let format = FrameFormat(
      width: film.width, height: film.height, bitDepth: 8, roles: [.luma, .chromaBlue, .chromaRed],
      chromaHorizontalShift: 1, chromaVerticalShift: 1)
    let (columns, rows) = (format.planes[1].width, format.planes[1].height)
    return film.inputs(knowsMotion: false).map { input in
      let t = input.frame.index
      let red = (0..<columns * rows).map { i -> UInt8 in
        let (y, x) = (i / columns * 2, i % columns * 2)
        let strokes = [(0, 0), (0, 1), (1, 0), (1, 1)].count { dy, dx in
          texts.contains { $0.part(t, y + dy, x + dx) != .none }
        }
        return UInt8(130 - 25 * strokes)
      }
      let blue = [UInt8](repeating: 125, count: columns * rows)
      return DetectionInput(
        frame: Frame(format: format, planes: [input.frame.planes[0], .bytes(blue), .bytes(red)], index: t))
    }
  }

  @Test("are found where they differ by colour alone")
  func colours() {
    let texts = [PaintedText("HELLO NATION", frames: 6..<36, top: 84)]
    var detector = TextDetector(threads: 2)
    let found = detector.all(coloured(film([]), texts))
    let score = TextScore(found, texts)
    #expect(score.recall > 0.95)
    #expect(score.overlap > 0.6)
    #expect(score.wrong == 0)
  }

  @Test("are found by their colour where their brightness is that of the next scene")
  func cut() {
    // The same text over another scene, which is as bright.
    let dark = PaintedText("HELLO NATION", frames: 6..<26, top: 84)
    let texts = [PaintedText("HELLO NATION", frames: 6..<50, top: 84)]
    var film = film([dark], count: 56)
    film.cuts = [26]
    var detector = TextDetector(threads: 2)
    let score = TextScore(detector.all(coloured(film, texts)), texts)
    #expect(score.recall > 0.95)
    #expect(score.wrong == 0)
  }

  @Test("are marked once, and no wider, where brightness and colour show them")
  func once() {
    let texts = [PaintedText("HELLO NATION", frames: 6..<36, top: 84)]
    let film = film(texts)
    var detector = TextDetector(threads: 2)
    let found = detector.all(coloured(film, texts))
    #expect(found == self.found(in: film))
  }

  @Test("need frames, of any size")
  func sizes() {
    for (width, height) in [(1, 1), (2, 9), (9, 2), (16, 16)] {
      let film = SyntheticFilm(width: width, height: height, count: 20)
      #expect(marked(found(in: film)) == 0)
    }
    var detector = TextDetector(threads: 1)
    #expect(detector.finish().isEmpty)
  }
}
