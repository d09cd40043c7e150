/// Rows of a frame that are moved to where they don't belong.
struct Tear {
  /// The moved rows, of the small pictures, and those beside them that fit nowhere: what is rolled up or down comes in again
  /// at the other end.
  let rows: Range<Int>
  /// Those of them that fit where they come from.
  let moved: Range<Int>
  /// Columns to the right and rows down, of the small pictures.
  let dx: Int
  let dy: Int
  /// The share of its difference from its neighbours that goes away when it is moved back.
  let gain: Float
  /// Whether the moved rows differ so much that where they begin is certain.
  let isSharp: Bool

  /// Looks for a move after which some rows fit both neighbours, much better than without it. Other rows fit without, and the
  /// neighbours continue each other: so that neither a cut nor something that passes is a tear.
  ///
  /// - Parameters:
  ///   - sides: two frames of the same scene; the frame lies between them, or beyond one of them where a cut is near.
  ///   - isBetween: which of both.
  init?(
    in frame: SmallPicture, beside sides: (SmallPicture, SmallPicture), isBetween: Bool, caution: Float
  ) {
    let (width, height) = (frame.width, frame.height)
    guard width >= 24, height >= 10 else { return nil }
    let fewest = max(2, height / 10)
    // What the scene may move in a frame: no tear is told from it.
    let motion = max(2, width / 24)
    let inPlace = zip(
      ShiftCosts.least(of: frame, over: sides.0, within: motion),
      ShiftCosts.least(of: frame, over: sides.1, within: motion)
    ).map { min($0, $1) }
    /// How far the scene goes from one side to the other, row by row.
    let continuity = ShiftCosts.least(of: sides.1, over: sides.0, within: 2 * motion).map { $0 + 1 }
    guard zip(inPlace, continuity).filter({ $0 > 1.1 * $1 }).count >= fewest else { return nil }
    let a = ShiftCosts(frame, over: sides.0)
    let b = ShiftCosts(frame, over: sides.1)
    let near = (0..<height).map {
      min(
        inPlace[$0],
        min(a.upright(row: $0, around: 0, within: motion), b.upright(row: $0, around: 0, within: motion)))
    }
    var best = Candidate(staying: inPlace)
    let slack = (motion + 1) / 2
    for shift in stride(from: motion + slack + 1, to: width - motion - slack, by: 1) {
      best.consider(dx: shift, dy: 0, staying: inPlace) {
        max(
          a.sideways(row: $0, around: shift, within: slack), b.sideways(row: $0, around: shift, within: slack)
        )
      }
    }
    let least = motion + slack + 1
    for move in -a.reach...a.reach where abs(move) >= least {
      best.consider(dx: 0, dy: move, staying: near) {
        max(a.upright(row: $0, around: move, within: slack), b.upright(row: $0, around: move, within: slack))
      }
    }
    guard best.rows.count >= fewest, best.rows.count + fewest <= height else { return nil }
    let others = (0..<height).filter { !best.rows.contains($0) }.map { best.staying[$0] / continuity[$0] }
      .sorted()
    let rest = others[fewest - 1]
    func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(max(1, values.count)) }
    let (away, stayed) = (mean(best.moved), mean(best.rows.map { best.staying[$0] }))
    let scene = mean(best.rows.map { continuity[$0] })
    gain = 1 - away / max(1e-3, stayed)
    let enough = min(0.85, (best.dy != 0 || !isBetween ? 0.5 : 0.4) * caution.squareRoot())
    let stands = stayed > 1.6 * scene || isBetween && stayed > 1.1 * scene && stayed > 1.7 * rest * scene
    guard gain > enough, away < 1.6 * scene || gain > 0.6, rest < 1.5, stands else { return nil }
    moved = best.rows
    isSharp = stayed > 2 * scene
    rows = Self.extended(best.rows, of: height) { best.staying[$0] > 1.5 * continuity[$0] }
    (dx, dy) = (best.dx > width / 2 ? best.dx - width : best.dx, best.dy)
  }

  /// Rows with those beside them that misfit, where at most one lies between that does not; and up to the picture's edge, if
  /// that is near: tears go on to it.
  private static func extended(_ rows: Range<Int>, of count: Int, misfits: (Int) -> Bool) -> Range<Int> {
    func misfitsNear(_ y: Int, _ step: Int) -> Bool {
      [y, y + step].contains { (0..<count).contains($0) && misfits($0) }
    }
    var (first, last) = (rows.lowerBound, rows.upperBound)
    while first > 0, misfitsNear(first - 1, -1) { first -= 1 }
    while last < count, misfitsNear(last, 1) { last += 1 }
    if first > 0, last < count, min(first, count - last) <= count / 3 {
      if count - last <= first { last = count } else { first = 0 }
    }
    return first..<last
  }

  /// The move that takes away most so far.
  private struct Candidate {
    var rows = 0..<0
    var dx = 0
    var dy = 0
    var benefit: Float = 0
    /// Differences from the sides without a move, of all rows, and with it, of those that are moved.
    var staying: [Float]
    var moved: [Float] = []

    init(staying: [Float]) { self.staying = staying }

    /// The rows in a piece for which a move is worth most; a move that takes away little is worth nothing.
    mutating func consider(dx: Int, dy: Int, staying: [Float], moved: (Int) -> Float) {
      let costs = staying.indices.map(moved)
      var (sum, first): (Float, Int) = (0, 0)
      var best: (benefit: Float, rows: Range<Int>) = (benefit, 0..<0)
      for y in staying.indices {
        if sum <= 0 { (sum, first) = (0, y) }
        sum += max(-1e4, 0.85 * staying[y] - costs[y] - 0.5)
        if sum > best.benefit { best = (sum, first..<y + 1) }
      }
      if best.rows.isEmpty { return }
      (self.dx, self.dy, rows, benefit) = (dx, dy, best.rows, best.benefit)
      self.staying = staying
      self.moved = best.rows.map { costs[$0] }
    }
  }
}
