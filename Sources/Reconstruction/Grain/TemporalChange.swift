import Frames
import Kernels
import Motion

/// How far samples within and beside the holes of a window change from frame to frame along the motion.
struct TemporalChange {
  /// The samples of a frame that are looked at.
  struct Frame {
    /// Where they are in the plane, row by row.
    var places: [Int] = []
    /// Whether they are missing, and their holes `shown`. Those that are not missing have moved to where all is known too.
    var isHole: [Bool] = []
    /// How much of where they have moved to is missing, 0 ... 1.
    var covered: [Float] = []
    /// y_(t + 1)(p + f(p)) - y_t(p), for each plane of the layer.
    var differences: [[Float]]
  }

  /// How far beside holes samples are looked at.
  private static let reach = 6
  /// Share of the usual change below which there is none.
  private static let stillness: Float = 0.15

  /// Holes into which a square of so many samples to each side of its middle fits are wide.
  private static let width = 2

  let lattice: SampleLattice
  /// Where a lack of noise can be seen: missing samples of holes that are wide, or there in a frame beside as well,
  /// (frames, height, width). In a narrow one of a single frame it can't.
  let shown: [Bool]
  /// All frames but the last.
  var frames: [Frame]

  /// - Parameters:
  ///   - layer: planes whose samples are missing together.
  ///   - picture: the window with its holes filled.
  init(
    of layer: MotionLayer, in window: MaskedSamples, picture: Estimate, chain: FlowChain, threads: Int
  ) {
    let (lattice, area) = (layer.lattice, layer.lattice.count)
    let plane = window.planes[layer.planes[0]]
    let near = plane.near(SampleState.missing, frames: window.frames, reach: (0, Self.reach, Self.reach))
    let holes = plane.states.map { $0 == SampleState.known ? Float(0) : 1 }
    let shown = Self.shown(plane, frames: window.frames)
    let isSeen = (0..<window.frames).map { holes[$0 * area..<($0 + 1) * area].contains(0) }
    let planes = layer.planes.map { picture.planes[$0] }
    let frames = parallelMap(window.frames - 1, threads: threads) { t in
      var frame = Frame(differences: planes.map { _ in [] })
      // Of a frame that is missing as a whole, nothing lies beside it.
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
      frame.differences = planes.map { samples in
        let moved = warp(samples[next..<next + area], on: lattice, along: flow, at: frame.places)
        return zip(moved, frame.places).map { $0 - samples[here + $1] }
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

  /// Whether all but nothing changes from each frame to the next around its holes, against other frames: where a frame is
  /// shown again, as in animation drawn on twos and in pulled-down film, or before anything moves.
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
