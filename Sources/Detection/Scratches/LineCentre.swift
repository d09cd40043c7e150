/// Where exactly a line runs in its frame.
///
/// The mean over frames that a path was found in lags behind a line that wanders, and strengths end at their largest value,
/// beside a strong line too. So the path is drawn anew in the frame's own profile: along its brightest, or darkest, columns,
/// with as few steps aside as they allow, for a scratch is straight. (The best such path by dynamic programming: A. Viterbi,
/// doi:10.1109/TIT.1967.1054010.)
struct LineCentre {
  /// Columns that a path may be off by.
  private static let reach = 2
  /// What a step aside costs, in bands that are on the line instead of beside it.
  private static let sideways: Float = 1
  /// No band counts more than this, in units of the line's contrast: something bright may lie beside it.
  private static let most: Float = 1.5
  /// Columns on each side that a band's level is the median of.
  private static let levelReach = 9

  /// - Parameter contrast: of the line, above 0.
  static func path(_ path: LinePath, contrast: Float, in profile: BandProfile) -> LinePath {
    guard let left = path.columns.min(), let right = path.columns.max(), contrast > 0 else { return path }
    let first = max(0, left - reach)
    let columns = first...min(profile.width - 1, right + reach)
    let impossible = -Float.infinity
    var scores = [Float](repeating: 0, count: columns.count)
    // Where the best way to each column came from, for each band.
    var origins: [[Int]] = []
    for (i, (band, column)) in zip(path.bands, path.columns).enumerated() {
      let row = band * profile.width
      let around = max(0, column - levelReach)...min(profile.width - 1, column + levelReach)
      let level = median(Array(profile.values[row + around.lowerBound...row + around.upperBound]))
      var next = [Float](repeating: impossible, count: columns.count)
      var from: [Int] = []
      from.reserveCapacity(columns.count)
      for x in columns {
        let k = x - first
        var origin = k
        if i > 0 {
          if k > 0, scores[k - 1] - sideways > scores[origin] { origin = k - 1 }
          let best = scores[origin] - (origin == k ? 0 : sideways)
          if k + 1 < columns.count, scores[k + 1] - sideways > best { origin = k + 1 }
        }
        from.append(origin)
        if abs(x - column) > reach { continue }
        let height = (profile.values[row + x] - level) * (path.isBright ? 1 : -1) / contrast
        next[k] = scores[origin] - (origin == k ? 0 : sideways) + min(most, height)
      }
      origins.append(from)
      scores = next
    }
    guard var k = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[k] > impossible else {
      return path
    }
    var centred: [Int] = []
    for from in origins.reversed() {
      centred.append(first + k)
      k = from[k]
    }
    return LinePath(
      isBright: path.isBright, firstBand: path.firstBand, columns: centred.reversed(), score: path.score)
  }
}
