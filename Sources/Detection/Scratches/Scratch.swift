import Frames

/// A scratch in one frame.
struct Scratch: Sendable {
  let isBright: Bool
  let frame: Int
  /// The median of its middle; of a bridged one, where that is taken to be.
  let x: Float
  /// The first of its columns in each band, from `firstBand` downwards.
  let firstBand: Int
  let lefts: [Int]
  let width: Int
  /// Mean over frames of what its path scored.
  let score: Float
  let confidence: Float

  /// Whether it may be the same scratch as one of a near frame: it wanders by less than a column a frame.
  func isLike(_ other: Scratch) -> Bool {
    let distance = Float(abs(frame - other.frame))
    return isBright == other.isBright && abs(x - other.x) <= 2 + 0.7 * distance
  }

  /// Whether it is the rim of a stronger one of its frame: too near to be another, or of the other sign beside it, and weaker by
  /// far, for with a bright line as its one flank anything looks dark.
  func isRim(of other: Scratch) -> Bool {
    abs(x - other.x) <= Float(LinePaths.clearance)
      && (isBright == other.isBright || score < Self.pairShare * other.score)
  }

  private static let pairShare: Float = 0.7

  /// The same between two frames that it was found in.
  func moved(to frame: Int, towards other: Scratch) -> Scratch {
    let share = Float(frame - self.frame) / Float(other.frame - self.frame)
    let way = ((other.x - x) * share).rounded(.toNearestOrEven)
    return Scratch(
      isBright: isBright, frame: frame, x: x + way, firstBand: firstBand,
      lefts: lefts.map { $0 + Int(way) }, width: width, score: score,
      confidence: confidence)
  }

  /// What it covers: bands in which it has the same columns are one part.
  func find(bands: Int, frameWidth: Int, frameHeight: Int, frameIndex: Int) -> Find? {
    var parts: [Box] = []
    for (i, left) in lefts.enumerated() {
      let rows = BandProfile.rows(of: firstBand + i, bands: bands, height: frameHeight)
      let columns = max(0, left)..<max(0, min(frameWidth, left + width))
      if columns.isEmpty { continue }
      if let last = parts.last, last.x == columns.lowerBound, last.width == columns.count,
        last.y + last.height == rows.lowerBound
      {
        parts[parts.count - 1].height += rows.count
      } else {
        parts.append(Box(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count))
      }
    }
    if parts.isEmpty { return nil }
    return Find(
      kind: .scratches, frames: frameIndex..<frameIndex + 1, confidence: confidence, parts: parts)
  }
}
