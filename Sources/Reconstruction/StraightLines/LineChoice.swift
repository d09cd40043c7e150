import Frames
import Kernels

/// A hole that is missing in all frames, and what looks for lines across it.
struct LinedHole: Sendable {
  /// Rows and columns.
  let samples: [(y: Int, x: Int)]
  let search: LineSearch
}

/// Chooses the lines across a hole in each frame.
struct LineChoice: Sendable {
  let hole: LinedHole
  /// Of the frame's own resolution.
  let plane: MaskedSamples.Plane
  let frames: Int

  /// Frames to each side in which a line supports one in between, and how far it may turn (sine) and move meanwhile.
  private static let (support, turn, shift) = (2, Float(0.05), 4)
  /// A line of which more than this lies in corridors of better ones is one of these.
  private static let mostShared = 0.3
  /// Samples beside a corridor that are enough to judge it.
  private static let fewest = 4

  /// Of each frame, the best first.
  func lines(threads: Int) -> [[StraightLine]] {
    let area = plane.height * plane.width
    let candidates = parallelMap(frames, threads: threads) { t in
      plane.values.withUnsafeBufferPointer { values in
        guard let values = values.baseAddress else { return [StraightLine]() }
        return hole.search.candidates(in: values + t * area, width: plane.width)
      }
    }
    return parallelMap(frames, threads: threads) { t in
      let nearby = max(0, t - Self.support)...min(frames - 1, t + Self.support)
      // A line that is faint in one frame is supported by the frames around.
      let clear = candidates[t].filter { line in
        line.evidence >= LineSearch.sure
          || nearby.contains { other in
            other != t && candidates[other].contains { $0.evidence >= LineSearch.sure && isSame($0, line) }
          }
      }
      return apart(clear, frame: t)
    }
  }

  /// Those that are not in corridors of better ones, and that what is known beside them does not contradict.
  private func apart(_ lines: [StraightLine], frame t: Int) -> [StraightLine] {
    var chosen: [StraightLine] = []
    var isTaken = [Bool](repeating: false, count: hole.samples.count)
    for line in lines {
      let corridor = hole.samples.indices.filter {
        abs(offset(of: hole.samples[$0], from: line)) <= LineCorridors.half
      }
      let shared = corridor.count { isTaken[$0] }
      if corridor.isEmpty || Double(shared) > Self.mostShared * Double(corridor.count) { continue }
      if isContradicted(line, corridor, frame: t) { continue }
      for i in corridor { isTaken[i] = true }
      chosen.append(line)
    }
    return chosen
  }

  private func offset(of sample: (y: Int, x: Int), from line: StraightLine) -> Float {
    hole.search.rays.place(y: Float(sample.y), x: Float(sample.x), direction: line.direction).offset
      - Float(line.offset)
  }

  /// Whether known samples beside the corridor differ from it by more than the line itself differs from its surroundings: it is no
  /// line of the picture behind the hole.
  private func isContradicted(_ line: StraightLine, _ corridor: [Int], frame t: Int) -> Bool {
    let corridors = LineCorridors([line], [1], hole.search.rays, plane: plane, frame: t)
    let first = t * plane.height * plane.width
    var (sum, count): (Float, Int) = (0, 0)
    for k in corridor {
      let (y, x) = hole.samples[k]
      let side = offset(of: (y, x), from: line)
      for (dy, dx) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
        let (row, column) = (y + dy, x + dx)
        guard row >= 0, row < plane.height, column >= 0, column < plane.width else { continue }
        let j = row * plane.width + column
        // Beside it, not where the line leaves the hole.
        let isBeside = abs(offset(of: (row, column), from: line)) > max(abs(side), LineCorridors.half - 1)
        guard isBeside, plane.states[first + j] == SampleState.known,
          let value = corridors.value(at: y * plane.width + x, of: line)
        else { continue }
        sum += (value - plane.values[first + j]) * (value - plane.values[first + j])
        count += 1
      }
    }
    return count >= Self.fewest && sum > 2 * Float(count) * line.signal
  }

  private func isSame(_ a: StraightLine, _ b: StraightLine) -> Bool {
    let (u, v) = (hole.search.rays.directions[a.direction], hole.search.rays.directions[b.direction])
    return abs(u.y * v.x - u.x * v.y) <= Self.turn && abs(a.offset - b.offset) <= Self.shift
      && u.y * v.y + u.x * v.x > 0
  }
}
