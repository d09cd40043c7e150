import Detection
import Frames

/// A subtitle of plain letters that is painted over frames.
struct PaintedText: Sendable {
  enum Part: UInt8 { case none, stroke, rim, shadow, box }

  var frames: Range<Int>
  var brightness: Float = 228
  /// Samples that the text moves to the right in a frame: then it is of the scene.
  var speed = 0
  private let parts: [Part]
  private let width: Int
  private let height: Int

  /// - Parameters:
  ///   - text: its lines, with a line feed between them; each has a box of its own.
  ///   - top: first row of the first line's letters.
  ///   - size: samples of a stroke; letters are five times as wide and seven times as high.
  ///   - outline: its width, in samples.
  ///   - shadow: samples that one goes to the right and down, through which the scene is seen.
  ///   - box: samples from the letters to the sides of a half transparent box.
  init(
    _ text: String, frames: Range<Int>, top: Int, size: Int = 2, outline: Int = 0, shadow: Int = 0,
    box: Int? = nil,
    width: Int = 176, height: Int = 112
  ) {
    (self.frames, self.width, self.height) = (frames, width, height)
    var parts = [Part](repeating: .none, count: width * height)
    var strokes: [(y: Int, x: Int)] = []
    let pitch = 7 * size + 2 * (box ?? outline) + 2
    let lines = text.split(separator: "\n").enumerated().map { i, line in
      (text: line, top: top + i * pitch, left: (width - 6 * size * line.count) / 2)
    }
    for line in lines {
      for (k, letter) in line.text.enumerated() {
        for (row, bits) in (Self.letters[letter] ?? []).enumerated() {
          for column in 0..<5 where bits >> (4 - column) & 1 == 1 {
            for y in 0..<size {
              for x in 0..<size {
                strokes.append((line.top + row * size + y, line.left + (6 * k + column) * size + x))
              }
            }
          }
        }
      }
    }
    func fill(_ ys: ClosedRange<Int>, _ xs: ClosedRange<Int>, _ part: Part) {
      for y in ys where (0..<height).contains(y) {
        for x in xs where (0..<width).contains(x) { parts[y * width + x] = part }
      }
    }
    for line in lines {
      guard let box else { break }
      let (bottom, right) = (line.top + 7 * size, line.left + 6 * size * line.text.count - size)
      fill(line.top - box...bottom + box, line.left - box...right + box, .box)
    }
    if shadow > 0 {
      for (y, x) in strokes { fill(y + 1...y + shadow, x + 1...x + shadow, .shadow) }
    }
    for (y, x) in strokes where outline > 0 {
      fill(y - outline...y + outline, x - outline...x + outline, .rim)
    }
    for (y, x) in strokes { fill(y...y, x...x, .stroke) }
    self.parts = parts
  }

  func part(_ t: Int, _ y: Int, _ x: Int) -> Part {
    let x = x - speed * t
    return frames.contains(t) && (0..<width).contains(x) ? parts[y * width + x] : .none
  }

  /// Places that it covers where it does not move, row by row.
  var places: [Int] { parts.indices.filter { parts[$0] != .none } }

  func value(_ t: Int, _ y: Int, _ x: Int, over scene: Float) -> Float {
    switch part(t, y, x) {
    case .none: scene
    case .stroke: brightness
    case .rim: 20
    case .shadow: 0.3 * scene
    case .box: 0.4 * scene + 0.6 * 16
    }
  }

  /// Five columns each, seven rows.
  private static let letters: [Character: [UInt8]] = [
    "A": [14, 17, 17, 31, 17, 17, 17], "E": [31, 16, 16, 30, 16, 16, 31], "H": [17, 17, 17, 31, 17, 17, 17],
    "I": [4, 4, 4, 4, 4, 4, 4], "L": [16, 16, 16, 16, 16, 16, 31], "N": [17, 25, 21, 19, 17, 17, 17],
    "O": [14, 17, 17, 17, 17, 17, 14], "S": [15, 16, 16, 14, 1, 1, 30], "T": [31, 4, 4, 4, 4, 4, 4],
  ]
}

extension SyntheticFilm {
  /// - Parameter texts: of the scene, or over it; not both.
  mutating func paint(_ texts: [PaintedText]) {
    if texts.contains(where: { $0.speed != 0 }) {
      scene = { t, y, x, value in texts.reduce(value) { $1.value(t, y, x, over: $0) } }
      return
    }
    let (width, places) = (width, texts.map(\.places))
    marks = { t, values in
      for (text, places) in zip(texts, places) where text.frames.contains(t) {
        for i in places { values[i] = text.value(t, i / width, i % width, over: values[i]) }
      }
    }
  }
}

/// How well marks fit painted texts.
struct TextScore {
  /// Share of what was painted that is marked.
  var recall: Float
  /// Of what was painted or marked, the share that is both.
  var overlap: Float
  /// Marked samples more than three away from all text.
  var wrong: Int

  /// - Parameter texts: which don't move, and of which one at most is in a frame.
  init(_ found: [DetectedFrame], _ texts: [PaintedText], width: Int = 176, height: Int = 112) {
    var (painted, hit, either, wrong) = (0, 0, 0, 0)
    // 2 where text is, 1 near it, and its samples.
    let areas = texts.map { text -> (kinds: [UInt8], count: Int) in
      let places = text.places
      var kinds = [UInt8](repeating: 0, count: width * height)
      for (y, x) in places.map({ ($0 / width, $0 % width) }) {
        for row in max(0, y - 3)...min(height - 1, y + 3) {
          for column in max(0, x - 3)...min(width - 1, x + 3) { kinds[row * width + column] = 1 }
        }
      }
      for i in places { kinds[i] = 2 }
      return (kinds, places.count)
    }
    for (t, frame) in found.enumerated() {
      let area = texts.firstIndex { $0.frames.contains(t) }.map { areas[$0] }
      painted += area?.count ?? 0
      frame.mask.forEach { i in
        either += 1
        switch area?.kinds[i] ?? 0 {
        case 2: hit += 1
        case 1: break
        default: wrong += 1
        }
      }
    }
    either += painted - hit
    recall = Float(hit) / Float(max(1, painted))
    overlap = Float(hit) / Float(max(1, either))
    self.wrong = wrong
  }
}
