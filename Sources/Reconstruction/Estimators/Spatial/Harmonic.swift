import Frames
import Foundation

/// Harmonic interpolation of a plane's missing samples: the solution of Laplace's equation with the known ones as boundary.
///
/// Minimises the sum of squared differences between neighbours, which makes each missing sample the mean of its neighbours (at
/// the frame's edge, of those it has), by successive over-relaxation in red-black order. The relaxation factor is the best for a
/// hole as wide as the widest one: 2 / (1 + sin(pi / (2 radius + 1))) (Young, "Iterative Solution of Large Linear Systems",
/// 1971).
///
/// - Complexity: O(missing samples x sweeps), sweeps growing with the radius of the widest hole, at most 400.
struct Harmonic {
  private let height: Int
  private let width: Int
  /// Runs of missing samples in a row, from the top to the bottom.
  private let runs: [Range<Int>]
  private let relaxation: Float
  /// False where nothing is known.
  private let isSolvable: Bool

  /// The largest change in a sweep at which values are final: a tenth of an 8-bit step.
  private static let tolerance: Float = 0.0004
  private static let sweeps = 400

  /// Weight of squared differences between rows, against 1 between columns.
  private let rowWeight: Float

  /// - Parameters:
  ///   - part: of the plane, whose missing samples are replaced; nil for all of it. No hole goes on beyond it.
  ///   - rowDistance: distance between rows over distance between columns.
  ///   - radius: of the widest hole in steps along rows and columns, where it is known about.
  init(
    known: UnsafeBufferPointer<UInt8>, height: Int, width: Int, within part: FramePart? = nil,
    rowDistance: Double = 1, radius given: Int? = nil
  ) {
    precondition(known.count == height * width, "a plane of this size")
    let part = part ?? FramePart(rows: 0..<height, columns: 0..<width)
    rowWeight = Float(1 / (rowDistance * rowDistance))
    self.height = height
    self.width = width
    runs = Self.runs(known: known, within: part, width: width)
    isSolvable = runs.reduce(0) { $0 + $1.count } < part.rows.count * part.columns.count
    let radius = given ?? Self.radius(known: known, within: part, width: width)
    relaxation = Float(2 / (1 + sin(Double.pi / Double(2 * radius + 1))))
  }

  /// Replaces the missing samples of `plane`, which hold a start; leaves them as they are where nothing is known.
  func relax(_ plane: UnsafeMutableBufferPointer<Float>) { relax(plane) { _ in 0 } }

  /// The same with differences that neighbours are to have: Poisson's equation.
  ///
  /// - Parameter source: for each sample of the plane, the sum of its wanted differences from its neighbours.
  func relax(_ plane: UnsafeMutableBufferPointer<Float>, adding source: [Float]) {
    precondition(source.count == height * width, "a plane of this size")
    source.withUnsafeBufferPointer { source in relax(plane) { source[$0] } }
  }

  @inline(__always)
  private func relax(_ plane: UnsafeMutableBufferPointer<Float>, adding source: (Int) -> Float) {
    precondition(plane.count == height * width, "a plane of this size")
    guard let plane = plane.baseAddress, isSolvable else { return }
    for _ in 0..<Self.sweeps {
      var change: Float = 0
      for colour in 0...1 {
        for run in runs { change = max(change, relax(run, of: plane, colour: colour, adding: source)) }
      }
      if change < Self.tolerance { return }
    }
  }

  /// - Returns: the largest step.
  @inline(__always)
  private func relax(
    _ run: Range<Int>, of plane: UnsafeMutablePointer<Float>, colour: Int, adding source: (Int) -> Float
  ) -> Float {
    let y = run.lowerBound / width
    let row = y * width
    // Neighbours beyond the edge weigh nothing.
    let (up, down) = (y > 0 ? rowWeight : 0, y + 1 < height ? rowWeight : 0)
    let (above, below) = (y > 0 ? width : 0, y + 1 < height ? width : 0)
    var change: Float = 0
    func relax(_ i: Int, left: Float, right: Float, count: Float) {
      let beside = (left > 0 ? plane[i - 1] : 0) + (right > 0 ? plane[i + 1] : 0)
      let step = (beside + up * plane[i - above] + down * plane[i + below] + source(i)) / count - plane[i]
      plane[i] += relaxation * step
      change = max(change, abs(step))
    }
    var first = run.lowerBound + (run.lowerBound - row + y + colour) % 2
    if first == row && run.contains(first) {
      relax(first, left: 0, right: width > 1 ? 1 : 0, count: (width > 1 ? 1 : 0) + up + down)
      first += 2
    }
    let end = min(run.upperBound, row + width - 1)
    let share = 1 / (2 + up + down)
    var i = first
    while i < end {
      let sum = plane[i - 1] + plane[i + 1] + (up * plane[i - above] + down * plane[i + below])
      let step = (sum + source(i)) * share - plane[i]
      plane[i] += relaxation * step
      change = max(change, abs(step))
      i += 2
    }
    if i == row + width - 1 && run.contains(i) { relax(i, left: 1, right: 0, count: 1 + up + down) }
    return change
  }

  private static func runs(
    known: UnsafeBufferPointer<UInt8>, within part: FramePart, width: Int
  ) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for y in part.rows {
      var i = y * width + part.columns.lowerBound
      let end = y * width + part.columns.upperBound
      while i < end {
        let start = i
        while i < end && known[i] != SampleState.known { i += 1 }
        if i > start { runs.append(start..<i) } else { i += 1 }
      }
    }
    return runs
  }

  /// Largest distance of a missing sample from the nearest known one, in steps along rows and columns.
  private static func radius(
    known: UnsafeBufferPointer<UInt8>, within part: FramePart, width: Int
  ) -> Int {
    let (rows, columns) = (part.rows.count, part.columns.count)
    var distance = [Int32](repeating: 0, count: rows * columns)
    for y in 0..<rows {
      let row = (part.rows.lowerBound + y) * width + part.columns.lowerBound
      for x in 0..<columns where known[row + x] != SampleState.known {
        let i = y * columns + x
        var least = Int32(rows + columns)
        if x > 0 { least = min(least, distance[i - 1] + 1) }
        if y > 0 { least = min(least, distance[i - columns] + 1) }
        distance[i] = least
      }
    }
    for y in (0..<rows).reversed() {
      for x in (0..<columns).reversed() {
        let i = y * columns + x
        if x + 1 < columns { distance[i] = min(distance[i], distance[i + 1] + 1) }
        if y + 1 < rows { distance[i] = min(distance[i], distance[i + columns] + 1) }
      }
    }
    return Int(max(1, distance.max() ?? 1))
  }
}
