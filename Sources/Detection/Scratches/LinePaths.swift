import Kernels

/// The best lines of a frame, each a local path from band to band.
///
/// A path is worth the sum of its strengths, each less `price`, so that bands without a line cost something, and ends are found
/// where they are: local alignment by dynamic programming. (T. Smith, M. Waterman, "Identification of common molecular
/// subsequences", J. Mol. Biol. 147, 1981, doi:10.1016/0022-2836(81)90087-5.)
struct LinePaths {
  /// Frames before and after whose strengths are averaged with a frame's own: noise and detail that move fade.
  static let reach = 2
  /// The share of the frame's own strength; the rest is the mean over all, widened by a column, for lines wander.
  private static let ownShare: Float = 0.5
  /// What a band costs.
  private static let price: Float = 0.7
  /// What a step to a neighbouring column costs.
  private static let sideways: Float = 0.35
  /// Least score of a path.
  private static let least: Float = 0.12
  /// Columns beside a path in which no other begins: its own flanks look like lines of the other sign, its rim like weaker ones.
  static let clearance = 8
  /// Most paths of a frame and sign: film with more is scratched beyond mending.
  private static let most = 24
  /// No path comes from beyond the picture's sides.
  private static let outside: Float = -9

  /// Searches of a frame and sign. Behind the end of a strong line others seem to end that only branch off it; they are left
  /// out, and what they hide is found when the line's columns are closed. (M. Waterman, M. Eggert, "A new algorithm for best
  /// subsequence alignments", J. Mol. Biol. 197, 1987, doi:10.1016/0022-2836(87)90478-5.)
  private static let searches = 3
  /// Where a path came from, in columns from the one that it is in.
  private static let start: Int8 = 2

  /// - Parameters:
  ///   - own: of the frame.
  ///   - around: of the frames around it, its own among them.
  ///   - caution: factor of the least score.
  static func found(in own: LineStrength, around: [LineStrength], caution: Float, threads: Int) -> [LinePath]
  {
    precondition(
      around.allSatisfy { $0.bands == own.bands && $0.width == own.width }, "frames of one size")
    return parallelMap(2, threads: threads) { sign in
      var search = Search(own, isBright: sign == 0, around: around)
      for _ in 0..<searches where !search.isDone { search.go(least: least * caution) }
      return search.paths
    }.flatMap { $0 }
  }

  /// The search for paths of one sign.
  private struct Search {
    private let isBright: Bool
    private let bands: Int
    private let width: Int
    /// Of the line, averaged over frames, (bands, width).
    private var strengths: [Float]
    /// (bands, width)
    private var origins: [Int8]
    /// The best end of a path in each column, and its band.
    private var best: [Float]
    private var bestBand: [Int32]
    /// Columns of the paths that were found, with their clearance.
    private var isTaken: [Bool]
    private(set) var paths: [LinePath] = []
    /// Whether another search would find no more.
    private(set) var isDone = false

    init(_ own: LineStrength, isBright: Bool, around: [LineStrength]) {
      self.isBright = isBright
      (bands, width) = (own.bands, own.width)
      strengths = Array(repeating: 0, count: bands * width)
      origins = Array(repeating: LinePaths.start, count: bands * width)
      best = Array(repeating: 0, count: width)
      bestBand = Array(repeating: 0, count: width)
      isTaken = Array(repeating: false, count: width)
      for band in 0..<bands {
        Self.average(
          own, around, row: own.row(isBright: isBright, band: band), into: &strengths, at: band * width)
      }
    }

    /// The strengths of one band: a frame's own, and those around it.
    private static func average(
      _ own: LineStrength, _ around: [LineStrength], row: Range<Int>, into strengths: inout [Float],
      at first: Int
    ) {
      let width = row.count
      let share = (1 - LinePaths.ownShare) / Float(around.count)
      strengths.withUnsafeMutableBufferPointer { all in
        let strengths = UnsafeMutableBufferPointer(rebasing: all[first..<first + width])
        own.values.withUnsafeBufferPointer { values in
          for x in 0..<width { strengths[x] = LinePaths.ownShare * values[row.lowerBound + x] }
        }
        for other in around {
          other.values.withUnsafeBufferPointer { values in
            guard let memory = values.baseAddress, width > 1 else { return }
            let z = memory + row.lowerBound
            strengths[0] += share * max(z[0], z[1])
            for x in 1..<width - 1 { strengths[x] += share * max(z[x], max(z[x - 1], z[x + 1])) }
            strengths[width - 1] += share * max(z[width - 2], z[width - 1])
          }
        }
      }
    }

    /// Adds the best path, then the best that ends elsewhere, and so on.
    mutating func go(least: Float) {
      align()
      isDone = true
      for x in 0..<width where isTaken[x] { best[x] = 0 }
      while paths.count < LinePaths.most, let end = best.indices.max(by: { best[$0] < best[$1] }),
        best[end] >= least * Float(bands)
      {
        let columns = columns(endingAt: end)
        if columns.contains(where: { isTaken[$0] }) {
          isDone = false
          best[end] = 0
          continue
        }
        paths.append(
          LinePath(
            isBright: isBright, firstBand: Int(bestBand[end]) - columns.count + 1, columns: columns,
            score: best[end] / Float(bands)))
        take(columns)
      }
    }

    /// Closes a path's columns.
    private mutating func take(_ columns: [Int]) {
      guard let left = columns.min(), let right = columns.max() else { return }
      let taken = max(0, left - LinePaths.clearance)...min(width - 1, right + LinePaths.clearance)
      for x in taken {
        best[x] = 0
        isTaken[x] = true
        for band in 0..<bands { strengths[band * width + x] = LineStrength.range.lowerBound }
      }
    }

    /// The best path to each place.
    private mutating func align() {
      // One more on each side, which no path comes from.
      var previous = [Float](repeating: LinePaths.outside, count: width + 2)
      for x in 0..<width {
        (previous[x + 1], best[x]) = (0, 0)
      }
      var next = previous
      for band in 0..<bands {
        step(from: previous, to: &next, band: band)
        swap(&previous, &next)
      }
    }

    /// Goes on to the next band.
    private mutating func step(from previous: [Float], to next: inout [Float], band: Int) {
      let (width, first) = (width, band * width)
      previous.withUnsafeBufferPointer { previous in
        next.withUnsafeMutableBufferPointer { next in
          strengths.withUnsafeBufferPointer { strengths in
            origins.withUnsafeMutableBufferPointer { origins in
              for x in 0..<width {
                let (left, straight) = (previous[x] - LinePaths.sideways, previous[x + 1])
                let right = previous[x + 2] - LinePaths.sideways
                let reached = max(straight, max(left, right))
                // A path that is worth nothing starts anew.
                origins[first + x] =
                  reached <= 0 ? LinePaths.start : reached == straight ? 0 : reached == left ? -1 : 1
                next[x + 1] = max(0, max(0, reached) + strengths[first + x] - LinePaths.price)
              }
            }
          }
          for x in 0..<width where next[x + 1] > best[x] {
            best[x] = next[x + 1]
            bestBand[x] = Int32(band)
          }
        }
      }
    }

    /// A path's columns from top to bottom.
    private func columns(endingAt end: Int) -> [Int] {
      var (x, band) = (end, Int(bestBand[end]))
      var columns = [x]
      while band > 0, origins[band * width + x] != LinePaths.start {
        x += Int(origins[band * width + x])
        band -= 1
        columns.append(x)
      }
      return columns.reversed()
    }
  }
}
