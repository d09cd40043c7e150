import Frames

/// Letters that differ by their colour from what lies behind them, and not by their brightness.
enum ColourLetters {
  /// Samples of a plane around strokes that belong to them.
  private static let reach: Int32 = 2
  /// How much of the difference between strokes and what is around them a sample of the frame has at least, to belong to them.
  private static let share: Float = 0.3
  /// Steps of 8 bits by which strokes differ from what is around at least.
  private static let leastContrast: Float = 10

  /// What of a text of a colour is left beside others.
  struct Rest: Sendable {
    /// Which others: their boxes and first frames.
    fileprivate let others: [(box: Box, first: Int)]
    /// In samples of the frame.
    let mask: [UInt8]
  }

  /// A mask in a plane of colour as one of the frame, which mostly has more samples: the colour of each is linear between those
  /// of the plane, in the middle of those that they cover.
  ///
  /// - Parameters:
  ///   - mask: of the appearance's patch.
  ///   - ground: what the text lies over.
  /// - Returns: a mask of the patch in samples of the frame.
  static func fine(_ mask: [UInt8], of lettering: Lettering, in appearance: Appearance, over ground: Ground)
    -> [UInt8]
  {
    let (width, height, shift) = (appearance.box.width, appearance.box.height, appearance.shift)
    let strokes = Float(lettering.brightness)
    let shares = appearance.mean.indices.map { i -> Float in
      guard let mean = ground.mean(at: i).map(Float.init), abs(strokes - mean) >= leastContrast else {
        return 0
      }
      return (Float(appearance.mean[i]) - mean) / (strokes - mean)
    }
    let (columns, rows) = (width << shift.x, height << shift.y)
    var fine = [UInt8](repeating: 0, count: columns * rows)
    /// Where a sample of the frame lies among those of the plane: the first of two, and the share of the second.
    func between(_ i: Int, _ shift: Int, _ count: Int) -> (first: Int, share: Float) {
      let at = max(0, min(Float(count - 1), (Float(i) + 0.5) / Float(1 << shift) - 0.5))
      let first = min(Int(at), max(0, count - 2))
      return (first, at - Float(first))
    }
    for y in 0..<rows {
      let down = between(y, shift.y, height)
      let (above, below) = (down.first * width, min(height - 1, down.first + 1) * width)
      for x in 0..<columns where mask[(y >> shift.y) * width + x >> shift.x] != 0 {
        let across = between(x, shift.x, width)
        let (left, right) = (across.first, min(width - 1, across.first + 1))
        let upper = shares[above + left] + across.share * (shares[above + right] - shares[above + left])
        let lower = shares[below + left] + across.share * (shares[below + right] - shares[below + left])
        if upper + down.share * (lower - upper) > share { fine[y * columns + x] = 1 }
      }
    }
    return fine
  }

  /// Leaves out letters of which half or more is in other texts that are there in a frame.
  ///
  /// - Parameters:
  ///   - subtitle: in a plane of colour.
  ///   - texts: known by brightness, or another colour.
  static func rest(of subtitle: Subtitle, beside texts: [Subtitle], in frame: Int) -> Rest? {
    guard var fine = subtitle.fine else { return nil }
    let others = texts.filter { isThere($0, in: frame, with: subtitle) }
    let key = others.map { (box: $0.box, first: $0.frames.lowerBound) }
    // Mostly they are the same as in the frame before.
    if let known = subtitle.rest, known.others.elementsEqual(key, by: ==) { return known }
    if others.isEmpty { return Rest(others: [], mask: fine) }
    let (width, shift) = (subtitle.box.width, subtitle.shift)
    var strokes = [UInt8](repeating: 0, count: subtitle.strokes.count)
    for shape in Shape.found(in: subtitle.strokes, width: width) {
      let known = shape.samples.count { i in
        let place = subtitle.place(ofSample: Int(i))
        return others.contains { $0.covers(y: place.y, x: place.x) }
      }
      if 2 * known >= shape.samples.count { continue }
      for i in shape.samples { strokes[Int(i)] = 1 }
    }
    let distances = Nearness(strokes, width: width).distances
    let columns = width << shift.x
    for i in fine.indices
    where distances[((i / columns) >> shift.y) * width + (i % columns) >> shift.x] > 3 * reach {
      fine[i] = 0
    }
    return Rest(others: key, mask: fine)
  }

  /// Whether another text is there in a frame; at its ends that is so as long as the one of a colour is, if both end at about the
  /// same time.
  private static func isThere(_ other: Subtitle, in frame: Int, with subtitle: Subtitle) -> Bool {
    let (a, b) = (other.frames, subtitle.frames)
    let first =
      abs(a.lowerBound - b.lowerBound) <= TextChannel.fade ? min(a.lowerBound, b.lowerBound) : a.lowerBound
    let end =
      abs(a.upperBound - b.upperBound) <= TextChannel.fade ? max(a.upperBound, b.upperBound) : a.upperBound
    return (first..<end).contains(frame)
  }
}
