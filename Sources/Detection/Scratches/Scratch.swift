import Frames

/// A scratch in one frame.
struct Scratch: Sendable {
  let isBright: Bool
  let frame: Int
  /// The median of its middle; of a bridged one, where that is taken to be.
  let x: Float
  /// Its middle in each band, from `firstBand` downwards, in columns.
  let firstBand: Int
  let middles: [Float]
  /// Columns whose centres lie within these distances from the middle belong to it.
  let extent: ClosedRange<Float>
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
      middles: middles.map { $0 + way }, extent: extent, score: score, confidence: confidence)
  }

  /// What it covers: rows in which it has the same columns are one part.
  func find(bands: Int, frameWidth: Int, frameHeight: Int, frameIndex: Int) -> Find? {
    var parts: [Box] = []
    let centres = middles.indices.map { i -> Float in
      let rows = BandProfile.rows(of: firstBand + i, bands: bands, height: frameHeight)
      return Float(rows.lowerBound + rows.upperBound - 1) / 2
    }
    for i in middles.indices {
      for y in BandProfile.rows(of: firstBand + i, bands: bands, height: frameHeight) {
        // Straight from the middle of a band to that of the next.
        let next = max(0, min(middles.count - 1, Float(y) < centres[i] ? i - 1 : i + 1))
        let share = next == i ? 0 : (Float(y) - centres[i]) / (centres[next] - centres[i])
        let middle = middles[i] + share * (middles[next] - middles[i])
        let left = max(0, Int((middle + extent.lowerBound).rounded(.up)))
        let right = min(frameWidth - 1, Int((middle + extent.upperBound).rounded(.down)))
        if left > right { continue }
        if let last = parts.last, last.x == left, last.width == right - left + 1, last.y + last.height == y {
          parts[parts.count - 1].height += 1
        } else {
          parts.append(Box(x: left, y: y, width: right - left + 1, height: 1))
        }
      }
    }
    if parts.isEmpty { return nil }
    return Find(
      kind: .scratches, frames: frameIndex..<frameIndex + 1, confidence: confidence, parts: parts)
  }
}
