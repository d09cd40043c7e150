/// A line in one frame: a column in each of several successive bands.
struct LinePath: Sendable {
  let isBright: Bool
  let firstBand: Int
  /// The line's middle, from `firstBand` downwards.
  let columns: [Int]
  /// Evidence for it, in units of what a line from top to bottom gives for each band.
  let score: Float
  /// The median of its columns.
  let x: Float

  init(isBright: Bool, firstBand: Int, columns: [Int], score: Float) {
    precondition(!columns.isEmpty, "a line is somewhere")
    self.isBright = isBright
    self.firstBand = firstBand
    self.columns = columns
    self.score = score
    x = median(columns.map { Float($0) })
  }

  var bands: Range<Int> { firstBand..<firstBand + columns.count }

  /// How far the line leans: the difference of its upper and its lower third, in columns.
  var lean: Float {
    let third = max(1, columns.count / 3)
    return abs(
      median(columns.prefix(third).map { Float($0) }) - median(columns.suffix(third).map { Float($0) }))
  }
}
