import Frames
import Kernels

/// Joins straight lines and edges across compact holes that stay, where no other frame shows what is behind.
///
/// Level lines and the fit end a thin line in fog a few samples behind the hole's edge: nothing tells them that the line on
/// the other side is the same one. `LineSearch` does. In a corridor around each line that it finds, v is what is seen beyond both ends
/// of the ray through a sample, linear in between, and the hole is filled by
///
///     min sum over neighbours p, q of (u_p - u_q - g_pq)^2,
///
/// g_pq = v_p - v_q in a corridor and 0 elsewhere (P. Perez, M. Gangnet, A. Blake, "Poisson image editing", SIGGRAPH 2003,
/// doi:10.1145/882262.882269): lines and steps go on, and what lies beside them joins the hole's edge. That replaces the
/// estimate in the corridors, less and less beside them.
struct JoinedLines {
  let samples: MaskedSamples
  let threads: Int
  /// The plane in which lines are looked for; others take those that are found there.
  private let structure: Int
  private let holes: [LinedHole]

  /// Mean trust along a line up to which it is drawn, and from which it is not.
  private static let trusted: ClosedRange<Float> = 0.3...0.7
  /// What an estimate lacks of a line, over the line's energy, up to which it is left, and from which it is replaced.
  private static let missed: ClosedRange<Float> = 0.1...0.3
  /// Holes narrower than this are filled well by what is beside them; the rays of larger ones are too many.
  private static let (narrowest, largest) = (6, 200_000)

  /// - Parameter samples: every sample missing or known.
  init?(_ samples: MaskedSamples, threads: Int) {
    let whole = samples.planes.indices.filter {
      samples.planes[$0].height == samples.height && samples.planes[$0].width == samples.width
    }
    guard
      let structure = whole.first(where: { [.luma, .green].contains(samples.planes[$0].role) }) ?? whole.first
    else { return nil }
    (self.samples, self.threads, self.structure) = (samples, threads, structure)
    let plane = samples.planes[structure]
    let area = plane.height * plane.width
    let lasting = (0..<area).map { i -> UInt8 in
      (0..<samples.frames).allSatisfy { plane.states[$0 * area + i] != SampleState.known } ? 1 : 0
    }
    let components = HoleComponents(missing: lasting, frames: 1, height: plane.height, width: plane.width)
    // What is known beside the hole in all frames.
    var states = [UInt8](repeating: SampleState.known, count: area)
    for i in plane.states.indices where plane.states[i] != SampleState.known {
      states[i % area] = SampleState.missing
    }
    holes = components.holes.compactMap { hole in
      let size = min(hole.rows.count, hole.columns.count)
      guard size >= Self.narrowest, hole.range.count <= Self.largest,
        hole.rows.count < plane.height, hole.columns.count < plane.width
      else { return nil }
      let places = components.samples[hole.range].map { (y: Int($0) / plane.width, x: Int($0) % plane.width) }
      let rays = HoleRays(
        of: places, in: states[...], height: plane.height, width: plane.width,
        margin: LineSearch.halfWidth, threads: threads)
      return LinedHole(samples: places, search: LineSearch(rays))
    }
    if holes.isEmpty { return nil }
  }

  /// Draws the lines into an estimate.
  ///
  /// - Parameters:
  ///   - estimate: of all planes.
  ///   - trust: for each plane and sample, 0 ... 1, how far the estimate is kept all the same; nil where it is not.
  /// - Returns: the share of the missing samples that the lines replace.
  func draw(into estimate: inout Estimate, keeping trust: [[Float]]?) -> Double {
    let plane = samples.planes[structure]
    let lines = holes.map {
      LineChoice(hole: $0, plane: plane, frames: samples.frames).lines(threads: threads)
    }
    if lines.allSatisfy({ $0.allSatisfy(\.isEmpty) }) { return 0 }
    /// A line is drawn with one strength in each frame: drawn here and there, it would be ragged.
    let strengths = zip(holes, lines).map { hole, lines in
      lines.indices.map { t in
        lines[t].map {
          strength(of: $0, across: hole, frame: t, in: estimate.planes[structure], trust?[structure])
        }
      }
    }
    var (replaced, missing) = (0.0, 0)
    for p in estimate.planes.indices {
      let plane = samples.planes[p]
      let area = plane.height * plane.width
      missing += plane.states.count { $0 != SampleState.known }
      let shares = estimate.planes[p].withSharedElements { values in
        parallelMap(samples.frames, threads: threads) { t -> Double in
          var share = 0.0
          for (k, hole) in holes.enumerated() where strengths[k][t].contains(where: { $0 > 0 }) {
            share += draw(
              lines[k][t], strengths[k][t], across: hole, into: values[t * area..<(t + 1) * area], plane: p,
              frame: t)
          }
          return share
        }
      }
      replaced += shares.reduce(0, +)
    }
    return replaced / Double(max(1, missing))
  }

  /// How far a line replaces the estimate: not at all where that shows the line already, or is trusted along most of it.
  private func strength(
    of line: StraightLine, across hole: LinedHole, frame t: Int, in estimate: [Float], _ trust: [Float]?
  ) -> Float {
    let plane = samples.planes[structure]
    let first = t * plane.height * plane.width
    let corridor = LineCorridors([line], [1], hole.search.rays, plane: plane, frame: t)
    var (count, kept, sum, squares): (Float, Float, Float, Float) = (0, 0, 0, 0)
    for (y, x) in hole.samples {
      let i = y * plane.width + x
      guard let value = corridor.value(at: i, of: line) else { continue }
      let difference = estimate[first + i] - value
      count += 1
      kept += trust?[first + i] ?? 0
      sum += difference
      squares += difference * difference
    }
    if count == 0 { return 0 }
    let missed = (squares / count - (sum / count) * (sum / count)) / line.signal
    return Self.ramp(missed, Self.missed) * (1 - Self.ramp(kept / count, Self.trusted))
  }

  private static func ramp(_ value: Float, _ range: ClosedRange<Float>) -> Float {
    max(0, min(1, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
  }

  /// Draws the lines across a hole into a frame of a plane.
  private func draw(
    _ lines: [StraightLine], _ strengths: [Float], across hole: LinedHole,
    into values: UnsafeMutableBufferPointer<Float>, plane p: Int, frame t: Int
  ) -> Double {
    let plane = samples.planes[p]
    let area = plane.height * plane.width
    let states = plane.states[t * area..<(t + 1) * area]
    let corridors = LineCorridors(lines, strengths, hole.search.rays, plane: plane, frame: t)
    let part = corridors.part(around: hole.samples.map { (Float($0.y), Float($0.x)) })
    var filled = Array(values)
    for i in 0..<area where states[states.startIndex + i] == SampleState.known {
      filled[i] = plane.values[t * area + i]
    }
    let source = corridors.source(in: part, known: states)
    states.withUnsafeBufferPointer { known in
      filled.withUnsafeMutableBufferPointer {
        Harmonic(known: known, height: plane.height, width: plane.width, within: part).relax(
          $0, adding: source)
      }
    }
    var share = 0.0
    part.forEach(width: plane.width) { i in
      if states[states.startIndex + i] == SampleState.known { return }
      let weight = corridors.weight(i)
      values[i] += weight * (filled[i] - values[i])
      share += Double(weight)
    }
    return share
  }
}
