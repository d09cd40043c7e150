/// Rows of a frame that are torn away or lost, told by the frames beside it.
struct DamagedRows: Sendable {
  let rows: Range<Int>
  let confidence: Float

  /// - Parameters:
  ///   - frame: position in the window of what is known of frames.
  ///   - caution: factor of what is needed.
  init?(in frame: Int, of scene: FrameWindow<FrameSummary>, caution: Float) {
    for (a, b, isBetween) in Self.sides(of: frame, in: scene) {
      let sides = (scene[a], scene[b])
      if let lost = Self.lost(scene[frame], beside: sides, caution: caution) {
        self = lost
        return
      }
      if let tear = Tear(
        in: scene[frame].small, beside: (sides.0.small, sides.1.small), isBetween: isBetween, caution: caution
      ) {
        rows = Self.rows(of: tear, in: scene[frame], beside: sides.0)
        confidence = min(1, 0.5 + tear.gain / 2)
        return
      }
    }
    return nil
  }

  private init(rows: Range<Int>, confidence: Float) { (self.rows, self.confidence) = (rows, confidence) }

  /// Pairs of frames that show the scene of a frame: one on either side, and where there is a cut between these, two on the
  /// same side.
  private static func sides(of frame: Int, in scene: FrameWindow<FrameSummary>) -> [(Int, Int, Bool)] {
    guard scene.range.contains(frame - 1), scene.range.contains(frame + 1) else { return [] }
    var sides = [(frame - 1, frame + 1, true)]
    let across = scene[frame - 1].thumbnail.difference(from: scene[frame + 1].thumbnail)
    // The change of a cut, and those of bad frames beside it, are not the scene's.
    let changes = scene.around(frame, reach: 6).map { scene[$0].change }.sorted(by: >)
    let usual = changes[min(4, changes.count - 1)]
    guard across > 4 * usual + 4 else { return sides }
    for (near, far) in [(frame - 1, frame - 2), (frame + 1, frame + 2)] where scene.range.contains(far) {
      // Of a drawing that is held nothing says how far the next may move.
      if scene[near].thumbnail.difference(from: scene[far].thumbnail) > 0.5 {
        sides.append((near, far, false))
      }
    }
    return sides
  }

  /// Rows that repeat one row, as decoders leave them: gray, green or drawn out downwards; where the frames beside show more.
  private static func lost(
    _ frame: FrameSummary, beside sides: (FrameSummary, FrameSummary), caution: Float
  ) -> DamagedRows? {
    let (picture, a, b) = (frame.thumbnail, sides.0.thumbnail, sides.1.thumbnail)
    let (width, height) = (picture.width, picture.height)
    let fewest = max(2, height / 10)
    let run = longestRun(of: (1..<max(1, height)).map { rowChange(picture, $0) < 0.5 })
    // Each change is between a row and the one above it.
    let rows = run.lowerBound..<run.upperBound + 1
    guard !run.isEmpty, rows.count >= fewest, rows.count + fewest <= height else { return nil }
    func mean(of figure: (Int) -> Float, _ rows: some Sequence<Int>) -> Float {
      var (sum, count): (Float, Int) = (0, 0)
      for y in rows { (sum, count) = (sum + figure(y), count + 1) }
      return sum / Float(max(1, count))
    }
    func difference(_ p: FrameThumbnail, _ q: FrameThumbnail, _ y: Int) -> Float {
      var sum: Float = 0
      for i in y * width..<(y + 1) * width { sum += abs(p.values[i] - q.values[i]) }
      return sum / Float(width)
    }
    let inner = rows.dropFirst()
    let detail = min(mean(of: { rowChange(a, $0) }, inner), mean(of: { rowChange(b, $0) }, inner))
    let left = mean(of: { rowChange(picture, $0) }, inner)
    guard detail > 0.6 * caution, left < 0.25 * detail else { return nil }
    let away = min(
      mean(of: { difference(picture, a, $0) }, rows), mean(of: { difference(picture, b, $0) }, rows))
    let between = mean(of: { difference(a, b, $0) }, rows)
    // In fast scenes neighbours differ as much; what is gone altogether is lost all the same.
    guard away > 4 * caution, away > (left < 0.1 * detail ? 1 : 1.5) * between else { return nil }
    // A flash takes away what it is too bright for.
    let level = mean(
      of: { y in picture.values[y * width..<(y + 1) * width].reduce(0, +) / Float(width) }, rows)
    guard level < 200 else { return nil }
    // The rest is the scene's.
    let others = (0..<height).filter { !rows.contains($0) }
    let fits = others.map { y in
      min(difference(picture, a, y), difference(picture, b, y)) / (difference(a, b, y) + 1)
    }.sorted()
    guard fits[fewest - 1] < 1.5 else { return nil }
    return DamagedRows(rows: refined(rows, of: frame.lines, scale: picture.scale), confidence: 0.9)
  }

  /// Mean difference of a row of a thumbnail from the one above it.
  private static func rowChange(_ picture: FrameThumbnail, _ y: Int) -> Float {
    let width = picture.width
    var sum: Float = 0
    for i in y * width..<(y + 1) * width { sum += abs(picture.values[i] - picture.values[i - width]) }
    return sum / Float(width)
  }

  private static func longestRun(of flags: [Bool]) -> Range<Int> {
    var (best, first) = (0..<0, 0)
    for (i, flag) in flags.enumerated() {
      if !flag { first = i + 1 } else if i + 1 - first > best.count { best = first..<i + 1 }
    }
    return best
  }

  /// Lines of the frame: those that repeat one line, and a few more that a coder has mixed with it.
  private static func refined(_ rows: Range<Int>, of lines: FrameLines, scale: Int) -> Range<Int> {
    var (first, last) = (rows.lowerBound * scale, min(lines.height, rows.upperBound * scale) - 1)
    while first > 0, lines.difference(first - 1, from: first, of: lines) < 0.75 { first -= 1 }
    while last + 1 < lines.height, lines.difference(last + 1, from: last, of: lines) < 0.75 { last += 1 }
    return around(first..<last + 1, of: lines, scale: scale, margin: max(1, lines.height / 270))
  }

  /// With a margin; what is nearly an edge of the frame goes up to it.
  private static func around(_ rows: Range<Int>, of lines: FrameLines, scale: Int, margin: Int) -> Range<Int>
  {
    let (first, last) = (rows.lowerBound - margin, rows.upperBound + margin)
    return (first < 4 * scale ? 0 : first)..<(last > lines.height - 4 * scale ? lines.height : last)
  }

  /// Lines of the frame from where they fit better moved, to where they fit better in place.
  private static func rows(of tear: Tear, in frame: FrameSummary, beside side: FrameSummary) -> Range<Int> {
    let lines = frame.lines
    let size = 2 * frame.thumbnail.scale
    let (start, end) = (tear.moved.lowerBound, tear.moved.upperBound)
    func edge(near row: Int, rising: Bool) -> Int {
      let range = max(0, (row - 2) * size)..<max(1, min(lines.height, (row + 2) * size))
      /// How much better a line fits where the tear says it comes from.
      let gains = range.map { y in
        let moved =
          (-1...1).map { k in
            lines.difference(y, from: y - tear.dy * size, of: side.lines, shift: 2 * tear.dx + k)
          }.min() ?? .infinity
        let inPlace =
          (-1...1).map { lines.difference(y, from: y, of: side.lines, shift: $0) }.min() ?? .infinity
        return moved.isFinite ? inPlace - moved : 0
      }
      // The best split of the lines into those that are moved and those that are not.
      var (best, at, sum): (Float, Int, Float) = (0, range.lowerBound, 0)
      for (i, gain) in gains.enumerated() {
        sum += rising ? -gain : gain
        if sum > best { (best, at) = (sum, range.lowerBound + i + 1) }
      }
      return at
    }
    let first = tear.rows.lowerBound < start ? tear.rows.lowerBound * size : edge(near: start, rising: true)
    let last = tear.rows.upperBound > end ? tear.rows.upperBound * size : edge(near: end, rising: false)
    let margin = tear.isSharp ? max(1, lines.height / 270) : 4 * frame.thumbnail.scale
    return first < last
      ? around(first..<min(lines.height, last), of: lines, scale: frame.thumbnail.scale, margin: margin)
      : 0..<lines.height
  }
}
