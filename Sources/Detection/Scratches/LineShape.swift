/// What a line looks like across: its width, its contrast, and how its flanks differ.
struct LineShape {
  /// Columns of the profile on each side of a path.
  private static let reach = 9
  /// The peak is sought so many columns beside the path, for paths are off by one or two.
  private static let peakReach = 2
  /// Columns that are at least this share of the peak belong to the line: its soft edge, too.
  private static let edgeShare: Float = 0.35
  /// Flanks, by their distances from the path: outside of the widest lines.
  private static let flanks = 4...6

  /// Columns of the line, from its path.
  let columns: ClosedRange<Int>
  /// Steps of 8 bits; not above 0 if there is no line.
  let contrast: Float

  /// - Parameters:
  ///   - path: where the line is in `profile`.
  ///   - mostColumns: wider ones are narrowed to so many.
  init(_ path: LinePath, in profile: BandProfile, mostColumns: Int) {
    let (reach, width) = (Self.reach, profile.width)
    // The median over bands leaves out what crosses the line.
    let rows = zip(path.bands, path.columns).map { band, column in
      let middle = max(reach, min(width - reach - 1, column))
      let first = band * width + middle - reach
      let row = Array(profile.values[first...first + 2 * reach])
      let level = median(row)
      return row.map { $0 - level }
    }
    let sign: Float = path.isBright ? 1 : -1
    var shape = (0...2 * reach).map { k in
      let column = rows.map { $0[k] }
      return sign * (rows.count > 4 ? median(column) : column.reduce(0, +) / Float(rows.count))
    }
    let level = median(shape)
    for k in shape.indices { shape[k] -= level }
    let near = reach - Self.peakReach...reach + Self.peakReach
    let peak = near.max { shape[$0] < shape[$1] } ?? reach
    let least = Self.edgeShare * shape[peak]
    var (first, last) = (peak, peak)
    while first > max(0, peak - mostColumns), shape[first - 1] >= least { first -= 1 }
    while last < min(2 * reach, peak + mostColumns), shape[last + 1] >= least { last += 1 }
    while last - first + 1 > mostColumns {
      if shape[first] < shape[last] { first += 1 } else { last -= 1 }
    }
    columns = first - reach...last - reach
    contrast = shape[peak]
  }

  /// What the means of both flanks differ by over the path, in steps of 8 bits: much of it is an edge of the scene.
  static func slope(beside path: LinePath, in profile: BandProfile) -> Float {
    let margin = flanks.upperBound + 2
    var sum: Float = 0
    for (band, column) in zip(path.bands, path.columns) {
      let middle = band * profile.width + max(margin, min(profile.width - margin - 1, column))
      for distance in flanks {
        sum += profile.values[middle - distance] - profile.values[middle + distance]
      }
    }
    return abs(sum) / Float(flanks.count * path.columns.count)
  }
}
