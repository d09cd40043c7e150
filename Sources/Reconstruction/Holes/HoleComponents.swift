import Kernels

/// Holes: connected components of missing samples, neighbours in space or time (6-connected).
struct HoleComponents {
  /// One hole: where its samples are in `samples`, and the box around them.
  struct Hole {
    var range: Range<Int>
    var frames: ClosedRange<Int>
    var rows: ClosedRange<Int>
    var columns: ClosedRange<Int>
  }

  let frames: Int
  let height: Int
  let width: Int
  /// Indices into (frames, height, width), hole by hole.
  private(set) var samples: [Int32] = []
  private(set) var holes: [Hole] = []

  /// - Parameter missing: (frames, height, width), 1 where missing.
  /// - Complexity: O(samples).
  init(missing: [UInt8], frames: Int, height: Int, width: Int) {
    self.frames = frames
    self.height = height
    self.width = width
    let area = height * width
    var seen = [Bool](repeating: false, count: missing.count)
    for seed in missing.indices where missing[seed] != 0 && !seen[seed] {
      let first = samples.count
      seen[seed] = true
      samples.append(Int32(seed))
      var hole = Hole(
        range: first..<first, frames: seed / area...seed / area,
        rows: seed % area / width...seed % area / width,
        columns: seed % width...seed % width)
      var next = first
      while next < samples.count {
        let i = Int(samples[next])
        next += 1
        let t = i / area
        let y = i % area / width
        let x = i % width
        hole.frames = min(hole.frames.lowerBound, t)...max(hole.frames.upperBound, t)
        hole.rows = min(hole.rows.lowerBound, y)...max(hole.rows.upperBound, y)
        hole.columns = min(hole.columns.lowerBound, x)...max(hole.columns.upperBound, x)
        func visit(_ j: Int) {
          if missing[j] != 0 && !seen[j] {
            seen[j] = true
            samples.append(Int32(j))
          }
        }
        if x > 0 { visit(i - 1) }
        if x + 1 < width { visit(i + 1) }
        if y > 0 { visit(i - width) }
        if y + 1 < height { visit(i + width) }
        if t > 0 { visit(i - area) }
        if t + 1 < frames { visit(i + area) }
      }
      hole.range = first..<samples.count
      holes.append(hole)
    }
  }

  /// The holes for which `isIncluded` is true.
  func filter(_ isIncluded: (Hole) -> Bool) -> HoleComponents {
    var result = self
    (result.samples, result.holes) = ([], [])
    for var hole in holes where isIncluded(hole) {
      let first = result.samples.count
      result.samples += samples[hole.range]
      hole.range = first..<result.samples.count
      result.holes.append(hole)
    }
    return result
  }

  /// First and last frame, row and column of samples.
  typealias Extent = (frames: ClosedRange<Int>, rows: ClosedRange<Int>, columns: ClosedRange<Int>)

  func extent(of part: [Int32]) -> Extent {
    let area = height * width
    var (ts, te, ys, ye, xs, xe) = (Int.max, 0, Int.max, 0, Int.max, 0)
    for p in part {
      let i = Int(p)
      ts = min(ts, i / area)
      te = max(te, i / area)
      ys = min(ys, i % area / width)
      ye = max(ye, i % area / width)
      xs = min(xs, i % width)
      xe = max(xe, i % width)
    }
    return (ts...max(ts, te), ys...max(ys, ye), xs...max(xs, xe))
  }

  /// A random offset, in samples, by which an extent can be moved without leaving the box.
  func shift(of extent: Extent, random: inout RandomSource) -> Int {
    func draw(_ range: ClosedRange<Int>, _ count: Int) -> Int {
      random.below(count - (range.upperBound - range.lowerBound)) - range.lowerBound
    }
    let (t, y) = (draw(extent.frames, frames), draw(extent.rows, height))
    return t * height * width + y * width + draw(extent.columns, width)
  }
}
