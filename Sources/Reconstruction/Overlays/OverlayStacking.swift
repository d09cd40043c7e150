import Frames
import Overlays

/// Stacks what is seen through overlays with what was reconstructed, sample by sample by how much each is expected to err.
///
/// What is seen through errs by coding noise, stretched, and by what opacity and colour err by; what was reconstructed by what
/// both differ by beyond that. Where coding added more noise than rounding, both err more at the same places, so that
/// their shares are those of the whole unit; otherwise they are found place by place.
struct OverlayStacking {
  private let format: FrameFormat
  private let overlays: [(overlay: SeeThroughOverlay, presence: OverlayPresence)]
  /// Of the last window's frames, by their numbers: how much of each overlay is there.
  private var shares: [Int: [Float]] = [:]

  /// Samples that an overlay changes by less than this, in steps, are as they were, unless coding left noise in them.
  private static let leastChange: Float = 0.5
  /// Below this opacity a sample is as it was in coded video, too.
  private static let leastOpacity: Float = 0.005
  /// How far the error of what was reconstructed may lie above that of held-out samples, as a factor of squares, and both above
  /// that of filling in at other places.
  private static let trust: Float = 4
  /// Of what both differ by, what was reconstructed errs by this share at least.
  private static let leastShare: Float = 0.05
  /// By how much the share of an overlay that fades may be wrong.
  private static let shareError: Float = 0.1
  /// Sides of the cells over which differences are averaged, in samples, and their frames.
  private static let (cell, cellFrames) = (8, 8)

  init(_ overlays: [SeeThroughOverlay], format: FrameFormat) {
    self.format = format
    self.overlays = overlays.map { ($0, OverlayPresence($0, format: format)) }
  }

  /// - Parameters:
  ///   - values: see `UnitSolution.values`; stacked in place.
  ///   - box: the unit's.
  ///   - masks: which samples of each frame they are for.
  ///   - expected: what the unit probably errs by, squared.
  mutating func stack(
    _ values: inout [[[Float]]], at box: Box, masks: [FrameMask], of window: Window, expected: Double?
  ) {
    shares = shares.filter { $0.key >= window.first }
    for (k, entry) in overlays.enumerated() where entry.overlay.box.overlaps(box) {
      var frameShares = [Float](repeating: 0, count: window.frames.count)
      for (t, frame) in window.frames.enumerated() {
        let index = frame.frame.index
        if shares[index] == nil {
          // Below zero where it is not the reason for what is missing.
          shares[index] = overlays.map {
            $0.overlay.isLaid(on: frame.mask) ? $0.presence.share(in: frame.frame) : -1
          }
        }
        frameShares[t] = shares[index]?[k] ?? 1
      }
      for p in format.planes.indices where format.planes[p].role != .alpha {
        stack(
          &values, plane: p, at: box, masks: masks, of: window, entry.overlay.planes[p], frameShares,
          heldOut: Float(expected ?? 0.01))
      }
    }
  }

  /// A sample that an overlay hides.
  private struct Seen {
    /// Where it is among the values, and in which cell.
    var (frame, index, cell) = (0, 0, 0)
    /// What it was, and what is beneath.
    var (before, value) = (Float(0), Float(0))
    /// What `value` is expected to err by, squared.
    var error = Float(0)
    /// Whether something of the picture is hidden there, as opposed to next to nothing.
    var isHidden = false
  }

  private func stack(
    _ values: inout [[[Float]]], plane p: Int, at box: Box, masks: [FrameMask], of window: Window,
    _ overlay: SeeThroughOverlay.Plane, _ shares: [Float], heldOut: Float
  ) {
    let area = PlaneBox(box, in: format.planes[p])
    let full = Float(format.maximumValue)
    let (columns, rows) = (overlay.width / Self.cell + 1, overlay.height / Self.cell + 1)
    let layers = window.frames.count / Self.cellFrames + 1
    var (squares, errors) = ([Float](repeating: 0, count: columns * rows * layers), [Float]())
    errors = squares
    var counts = squares
    var seen: [Seen] = []
    // Where coding left noise, what looks unchanged may be of the overlay's colour: it is as noisy as others that are hidden as much.
    func isAsItWas(_ sample: Seen) -> Bool {
      let isHardlyChanged = abs(sample.value - sample.before) * full < Self.leastChange
      return isHardlyChanged && !(overlay.isCoded && sample.isHidden)
    }
    let stretch = max(1e-6, overlay.meanStretch)
    for (t, pending) in window.frames.enumerated()
    where !values[t].isEmpty && !values[t][p].isEmpty && shares[t] >= 0 {
      let missing = masks[t].missing(in: area)
      pending.frame.planes[p].withView { samples in
        var used = 0
        for i in missing.indices where missing[i] != 0 {
          defer { used += 1 }
          let (y, x) = (area.y + i / area.width, area.x + i % area.width)
          let (v, u) = (y - overlay.y, x - overlay.x)
          guard v >= 0, u >= 0, v < overlay.height, u < overlay.width,
            overlay.mayHide[v * overlay.width + u]
          else { continue }
          let place = v * overlay.width + u
          let before = Float(samples[y * format.planes[p].width + x]) / full
          let opacity = shares[t] * overlay.opacity[place]
          let gain = 1 / (1 - opacity)
          let value = min(max((before - shares[t] * overlay.veil[place]) * gain, 0), 1)
          let cell = ((t / Self.cellFrames) * rows + v / Self.cell) * columns + u / Self.cell
          let model = min(max((gain - 1) * (gain - 1) / stretch, 0.1), 4) * overlay.modelError
          var error = overlay.noise * gain * gain + model
          if shares[t] > 0 && shares[t] < 1 {
            let change = (value - before) * gain / shares[t] * Self.shareError
            error += change * change
          }
          seen.append(
            Seen(
              frame: t, index: used, cell: cell, before: before, value: value, error: error,
              isHidden: opacity >= Self.leastOpacity))
          if isAsItWas(seen[seen.count - 1]) { continue }
          let difference = values[t][p][used] - value
          squares[cell] += difference * difference
          errors[cell] += error
          counts[cell] += 1
        }
      }
    }
    let all = counts.reduce(0, +)
    if all == 0 { return restore(seen, &values, plane: p) }
    let (square, error) = (squares.reduce(0, +) / all, errors.reduce(0, +) / all)
    // What neither accounts for is laid to the overlay's estimate.
    let most = Self.trust * max(Self.trust * heldOut, overlay.fillError)
    let excess = max(1, square / most) * max(1, square / most)
    let own = max(square - error, Self.leastShare * square)
    for sample in seen {
      let (t, k, cell) = (sample.frame, sample.index, sample.cell)
      if isAsItWas(sample) {
        values[t][p][k] = sample.before
        continue
      }
      var mine = own
      if !overlay.isCoded, counts[cell] > 0 {
        let here = squares[cell] / counts[cell]
        mine = max(here - errors[cell] / counts[cell], Self.leastShare * here)
      }
      let weight = mine / (mine + sample.error * excess)
      values[t][p][k] += weight * (sample.value - values[t][p][k])
    }
  }

  /// Leaves samples as they were where no overlay changes any of them.
  private func restore(_ seen: [Seen], _ values: inout [[[Float]]], plane p: Int) {
    for sample in seen { values[sample.frame][p][sample.index] = sample.before }
  }
}

extension Box {
  fileprivate func overlaps(_ other: Box) -> Bool {
    x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
  }
}
