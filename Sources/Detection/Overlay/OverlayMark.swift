import Frames

/// A mark that was found, with what its shape and its frames are told from.
struct OverlayMark: Sendable {
  /// Views of the mark over different contents that are kept for its shape.
  private static let mostViews = 24
  /// Samples of all views.
  private static let mostSamples = 24 << 20

  private(set) var candidate: OverlayCandidate
  private(set) var presence = OverlayPresence()
  /// The place of the views in the frame.
  private(set) var viewBox: Box
  private(set) var views: [[UInt8]] = []
  /// Of all views that come, every so many-th is kept.
  private var stride = 1
  private var seen = 0

  /// Of the smaller picture.
  private let pictureWidth: Int

  init(_ candidate: OverlayCandidate, factor: Int, width: Int, height: Int) {
    self.candidate = candidate
    pictureWidth = width / factor
    viewBox = Self.viewBox(candidate, factor: factor, width: width, height: height)
  }

  /// From which fit on the mark is taken to be there: of few edges many are right by chance.
  var good: Float {
    let chance = 3 / Float(candidate.places.count).squareRoot()
    return max(0.4 * candidate.level, min(0.7 * candidate.level, chance))
  }
  var faint: Float { 0.5 * good }

  /// The box around the edges, in samples of the frame, with room for soft ones and for what surrounds them.
  private static func viewBox(_ candidate: OverlayCandidate, factor: Int, width: Int, height: Int) -> Box {
    let box = candidate.box
    let margin = factor * max(16, min(80, (box.width + box.height) / 2))
    let (x0, y0) = (max(0, box.x * factor - margin), max(0, box.y * factor - margin))
    let x1 = min(width, (box.x + box.width) * factor + margin)
    let y1 = min(height, (box.y + box.height) * factor + margin)
    return Box(x: x0, y: y0, width: x1 - x0, height: y1 - y0)
  }

  /// - Parameter count: of frames from this one on that are taken to be like it.
  mutating func add(frame: Int, signs: PackedSigns, count: Int) {
    let fit = candidate.fit(signs, width: pictureWidth)
    for k in 0..<count { presence.add(frame: frame + k, fit: fit, good: good, faint: faint) }
  }

  func isThere(_ signs: PackedSigns) -> Bool {
    candidate.fit(signs, width: pictureWidth) >= max(good, 0.75 * candidate.level)
  }

  mutating func close() { presence.close() }

  mutating func extendFirst(to start: Int) { presence.extendFirst(to: start) }

  /// Whether a candidate lies where this mark does.
  func isAt(_ other: OverlayCandidate) -> Bool {
    let (a, b) = (candidate.box, other.box)
    let width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    let height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return width > 0 && height > 0 && 2 * width * height >= min(a.area, b.area)
  }

  /// Takes better evidence of the same mark.
  ///
  /// - Returns: whether views have to be gathered anew, for the mark is larger than was known.
  mutating func improve(with other: OverlayCandidate, factor: Int, width: Int, height: Int) -> Bool {
    let box = Self.viewBox(other, factor: factor, width: width, height: height)
    candidate = other
    let isWithin =
      box.x >= viewBox.x && box.y >= viewBox.y && box.x + box.width <= viewBox.x + viewBox.width
      && box.y + box.height <= viewBox.y + viewBox.height
    if isWithin { return false }
    (viewBox, views, stride, seen) = (viewBox.union(box), [], 1, 0)
    return true
  }

  /// Keeps what a frame shows in the mark's place. Once there are enough views, every other one makes room.
  mutating func addView(_ picture: KeyPicture) {
    seen += 1
    if seen % stride != 0 { return }
    if views.count >= max(8, min(Self.mostViews, Self.mostSamples / max(1, viewBox.area))) {
      views = views.indices.filter { $0 % 2 == 1 }.map { views[$0] }
      stride *= 2
      if seen % stride != 0 { return }
    }
    views.append(picture.view(viewBox))
  }
}

/// The brightness of a frame at full size, in steps of 8 bits.
struct KeyPicture: Sendable {
  let frame: Int
  private let width: Int
  private let samples: [UInt8]

  init(_ plane: BrightnessPlane, frame: Int) {
    (self.frame, width) = (frame, plane.width)
    samples =
      switch plane.samples {
      case .bytes(let bytes) where plane.step == 1: bytes
      case .bytes(let bytes): bytes.map { UInt8(clamping: Int(Float($0) * plane.step + 0.5)) }
      case .words(let words): words.map { UInt8(clamping: Int(Float($0) * plane.step + 0.5)) }
      }
  }

  func view(_ box: Box) -> [UInt8] {
    (box.y..<box.y + box.height).flatMap { y in
      samples[y * width + box.x..<y * width + box.x + box.width]
    }
  }
}
