import Kernels

/// What a plane shows at an overlay's place and around it, in frames that have the overlay.
struct PlaceSamples: Sendable {
  let width: Int
  let height: Int
  let frames: Int
  /// Steps of 8 bits: `values[(y * width + x) * frames + t]`, so that a pixel's frames lie side by side.
  var values: [Float]
  /// Whether the overlay may be there.
  let isHole: [Bool]

  var area: Int { width * height }

  /// - Parameter pictures: a picture for each frame, row by row.
  init(width: Int, height: Int, isHole: [Bool], pictures: [[Float]]) {
    precondition(
      isHole.count == width * height, "a place says of each of its pixels whether it is one of the hole")
    precondition(pictures.allSatisfy { $0.count == isHole.count }, "all pictures have the place's size")
    (self.width, self.height, self.isHole, frames) = (width, height, isHole, pictures.count)
    values = [Float](repeating: 0, count: isHole.count * pictures.count)
    for (t, picture) in pictures.enumerated() {
      for i in picture.indices { values[i * pictures.count + t] = picture[i] }
    }
  }

  /// The same with some frames alone.
  func keeping(_ kept: [Int]) -> PlaceSamples {
    PlaceSamples(
      width: width, height: height, isHole: isHole,
      pictures: kept.map { t in (0..<area).map { values[$0 * frames + t] } })
  }

  /// Whether a pixel and the one `step` further on, in the same row for 1, are a pair of which at least one is of the hole.
  func isUsed(_ i: Int, _ step: Int) -> Bool { isPair(i, step) && (isHole[i] || isHole[i + step]) }

  /// Whether both pixels of a pair are known.
  func isKnown(_ i: Int, _ step: Int) -> Bool { isPair(i, step) && !isHole[i] && !isHole[i + step] }

  func isPair(_ i: Int, _ step: Int) -> Bool {
    step == 1 ? i % width + 1 < width : i + step < area
  }
}
