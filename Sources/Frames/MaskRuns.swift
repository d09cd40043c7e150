import Kernels

/// Missing samples that lie side by side in a row of a frame.
public struct MaskRun: Sendable, Equatable {
  public var row: Int
  public var columns: Range<Int>

  public init(row: Int, columns: Range<Int>) { (self.row, self.columns) = (row, columns) }
}

/// Missing samples of a frame that touch each other, by their sides or corners.
public struct MaskComponent: Sendable {
  /// From the top, and from the left within a row.
  public var runs: [MaskRun]
  public var count: Int
  /// How wide it is across, in samples: twice its area over its circumference, which is the width of a line and
  /// about three quarters of the radius of a disc.
  public var thickness: Double

  public var rows: Range<Int> {
    guard let first = runs.first, let last = runs.last else { return 0..<0 }
    return first.row..<last.row + 1
  }

  public var columns: Range<Int> { MaskRun.columns(of: runs) }
}

extension MaskRun {
  /// The columns from the first to the last of any of the runs.
  public static func columns(of runs: [MaskRun]) -> Range<Int> {
    let (left, right) = runs.reduce((Int.max, 0)) {
      (min($0.0, $1.columns.lowerBound), max($0.1, $1.columns.upperBound))
    }
    return left < right ? left..<right : 0..<0
  }
}

extension FrameMask {
  /// The components of what is missing, by their first runs.
  public func components() -> [MaskComponent] {
    let (runs, rows) = self.runs()
    // Each run leads to an earlier one of its component, the first one to itself.
    var leads = Array(runs.indices)
    func first(_ i: Int) -> Int {
      var i = i
      while leads[i] != i {
        leads[i] = leads[leads[i]]
        i = leads[i]
      }
      return i
    }
    // Samples of neighbouring rows that touch by their sides.
    var shared = [Int](repeating: 0, count: runs.count)
    for y in 1..<max(1, rows.count) {
      var above = rows[y - 1].lowerBound
      for i in rows[y] {
        let columns = runs[i].columns
        while above < rows[y - 1].upperBound && runs[above].columns.upperBound < columns.lowerBound {
          above += 1
        }
        var k = above
        while k < rows[y - 1].upperBound && runs[k].columns.lowerBound <= columns.upperBound {
          let (a, b) = (first(k), first(i))
          leads[max(a, b)] = min(a, b)
          shared[i] += runs[k].columns.clamped(to: columns).count
          k += 1
        }
      }
    }
    var members: [Int: [Int]] = [:]
    for i in runs.indices { members[first(i), default: []].append(i) }
    return members.keys.sorted().compactMap { key in
      members[key].map { indices in
        let count = indices.reduce(0) { $0 + runs[$1].columns.count }
        let sides = indices.reduce(0) { $0 + 2 + 2 * runs[$1].columns.count - 2 * shared[$1] }
        return MaskComponent(
          runs: indices.map { runs[$0] }, count: count, thickness: 2 * Double(count) / Double(max(1, sides)))
      }
    }
  }

  /// All runs, row by row, and which of them lie in each row.
  private func runs() -> (runs: [MaskRun], rows: [Range<Int>]) {
    if missing.isEmpty { return ([], []) }
    var runs: [MaskRun] = []
    var counts = [Int](repeating: 0, count: height)
    forEachRun { run in
      runs.append(run)
      counts[run.row] += 1
    }
    var start = 0
    return (
      runs,
      counts.map { count in
        start += count
        return start - count..<start
      }
    )
  }

  /// Calls `body` with each run, from the top, and from the left within a row.
  public func forEachRun(_ body: (MaskRun) -> Void) {
    if missing.isEmpty { return }
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in 0..<height {
        let line = y * width
        // The run that may go on.
        var (first, end) = (0, 0)
        forEachIndex(in: line..<line + width, of: base, where: 0) { i in
          let x = i - line
          if x == end && first < end {
            end = x + 1
            return
          }
          if first < end { body(MaskRun(row: y, columns: first..<end)) }
          (first, end) = (x, x + 1)
        }
        if first < end { body(MaskRun(row: y, columns: first..<end)) }
      }
    }
  }
}
