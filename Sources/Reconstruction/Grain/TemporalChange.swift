import Frames
import Kernels
import Motion

/// How much samples within and beside holes change from frame to frame along the motion.
struct TemporalChange {
  /// The changes from one frame to the next.
  struct Frame {
    /// The samples whose change is taken, by their place in the plane, row by row: missing ones that are `shown`, and known ones
    /// that move onto known ones.
    var places: [Int] = []
    /// Whether they are missing.
    var isHole: [Bool] = []
    /// The missing share of where they move to, 0 ... 1.
    var covered: [Float] = []
    /// y_(t + 1)(p + f(p)) - y_t(p), for each plane of the layer.
    var differences: [[Float]]
  }

  /// Distance from holes up to which changes of known samples are taken.
  private static let reach = 6
  /// A frame repeats another if their change is below this share of the usual one.
  private static let stillness: Float = 0.15

  /// A hole is wide where a square with this many samples to each side of its middle fits.
  private static let width = 2

  let lattice: SampleLattice
  /// Missing samples at which a lack of noise can be seen, (frames, height, width): those of wide holes, and those that are
  /// missing in the frame before or after as well.
  let shown: [Bool]
  /// All frames but the last.
  var frames: [Frame]

  /// - Parameters:
  ///   - layer: planes whose samples are missing together.
  ///   - picture: the samples with their holes filled.
  init(
    of layer: MotionLayer, in samples: MaskedSamples, picture: Estimate, chain: FlowChain, threads: Int
  ) {
    let (lattice, area) = (layer.lattice, layer.lattice.count)
    let plane = samples.planes[layer.planes[0]]
    let near = plane.near(SampleState.missing, frames: samples.frames, reach: (0, Self.reach, Self.reach))
    let holes = plane.states.map { $0 == SampleState.known ? Float(0) : 1 }
    let shown = Self.shown(plane, frames: samples.frames)
    let isSeen = (0..<samples.frames).map { holes[$0 * area..<($0 + 1) * area].contains(0) }
    let planes = layer.planes.map { picture.planes[$0] }
    let frames = parallelMap(samples.frames - 1, threads: threads) { t in
      var frame = Frame(differences: planes.map { _ in [] })
      // A frame that is missing as a whole has no surroundings.
      guard isSeen[t] && isSeen[t + 1] else { return frame }
      let (here, next) = (t * area, (t + 1) * area)
      let flow = chain.forward[t].flow
      let all = (0..<area).filter { near[here + $0] }
      let covered = warp(holes[next..<next + area], on: lattice, along: flow, at: all)
      let chosen = all.indices.filter {
        holes[here + all[$0]] != 0 ? shown[here + all[$0]] : covered[$0] < 0.01
      }
      frame.places = chosen.map { all[$0] }
      frame.isHole = frame.places.map { holes[here + $0] != 0 }
      frame.covered = chosen.map { covered[$0] }
      frame.differences = planes.map { values in
        let moved = warp(values[next..<next + area], on: lattice, along: flow, at: frame.places)
        return zip(moved, frame.places).map { $0 - values[here + $1] }
      }
      return frame
    }
    (self.lattice, self.shown, self.frames) = (lattice, shown, frames)
  }

  private static func shown(_ plane: MaskedSamples.Plane, frames: Int) -> [Bool] {
    let missing = plane.states.map { $0 == SampleState.missing }
    func widened(_ chosen: [Bool]) -> [Bool] {
      Frames.widened(
        chosen, frames: frames, height: plane.height, width: plane.width, reach: (0, Self.width, Self.width))
    }
    let middles = widened(missing.map { !$0 }).map { !$0 }
    let wide = widened(middles)
    let area = plane.height * plane.width
    return missing.indices.map { i in
      missing[i]
        && (wide[i] || i >= area && missing[i - area] || i + area < missing.count && missing[i + area])
    }
  }

  /// Whether the next frame repeats a frame, of each but the last: around holes it changes much less than others do, as in
  /// animation drawn on twos, in pulled-down film, or before anything moves.
  var isStill: [Bool] {
    let changes = frames.map { frame -> Float? in
      var (sum, count) = (Float(0), 0)
      for (k, isHole) in frame.isHole.enumerated() where !isHole {
        for differences in frame.differences { sum += abs(differences[k]) }
        count += frame.differences.count
      }
      return count > 0 ? sum / Float(count) : nil
    }
    let sorted = changes.compactMap(\.self).sorted()
    guard !sorted.isEmpty else { return changes.map { _ in false } }
    let usual = sorted[sorted.count * 3 / 4]
    return changes.map { $0.map { $0 < Self.stillness * usual } ?? false }
  }
}
