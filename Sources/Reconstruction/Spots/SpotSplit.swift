import Frames
import Kernels

/// The masks of a window's frames, taken apart into spots and holes that last.
struct SpotSplit {
  /// Of each frame; together with `others` all that is missing.
  let spots: [FrameMask]
  /// Parts of holes that last for frames on end, such as a logo.
  let others: [FrameMask]
  /// Whether any hole is a spot as a whole, and not only what is left of one that lasts.
  let hasWholeSpots: Bool

  /// Frames in a row that must hide a sample for it to be one of a hole that lasts.
  private static let brief = 5
  /// Share of such samples from which on a part of a hole is no spot.
  private static let lasting = 0.5

  init(_ masks: [FrameMask], threads: Int = 1) {
    let frames = parallelMap(masks.count, threads: threads) { t in
      var (spots, others) = (masks[t], FrameMask(width: masks[t].width, height: masks[t].height))
      var hasWholeSpots = false
      let core = Self.core(frame: t, of: masks)
      for component in masks[t].components() {
        let lasting = core.missing.isEmpty ? [] : Self.lastingParts(of: component, core)
        for part in lasting { part.forEach { $0.move(from: &spots, to: &others) } }
        if lasting.isEmpty { hasWholeSpots = true }
      }
      return (spots, others, hasWholeSpots)
    }
    spots = frames.map(\.0)
    others = frames.map(\.1)
    hasWholeSpots = frames.contains(where: \.2)
  }

  /// Parts of a component that are for the most part of a core.
  private static func lastingParts(of component: MaskComponent, _ core: FrameMask) -> [[MaskRun]] {
    SpotPiece.parts(of: component, isEven: true).filter { part in
      let (lasting, all) = part.reduce((0, 0)) { ($0.0 + core.missingCount(in: $1), $0.1 + $1.columns.count) }
      return Double(lasting) >= Self.lasting * Double(all)
    }
  }

  /// What of a frame the nearest frames don't show either, where it is neither thin nor a line. Strokes of text are neither:
  /// sites find out more of them than is known around them.
  private static func core(frame t: Int, of masks: [FrameMask]) -> FrameMask {
    var core = FrameMask(width: masks[t].width, height: masks[t].height)
    let first = max(0, min(t - brief / 2, masks.count - brief))
    let near = first..<min(masks.count, first + brief)
    if near.contains(where: { masks[$0].missing.isEmpty }) { return core }
    var lasting = masks[t]
    for other in near where other != t {
      lasting.missing.withUnsafeMutableBufferPointer { lasting in
        masks[other].missing.withUnsafeBufferPointer { other in
          for i in lasting.indices { lasting[i] &= other[i] }
        }
      }
    }
    for component in lasting.components()
    where !component.isThin && !component.runs.areLine(inFrameOf: lasting.width) {
      let parts = SpotPiece.parts(of: component, isEven: true)
      // Where a scratch crosses a logo, what is beside the logo is a line all the same.
      for part in parts where parts.count == 1 || !part.areLine(isPart: true, inFrameOf: lasting.width) {
        part.forEach { $0.move(from: &lasting, to: &core) }
      }
    }
    return core
  }
}

extension MaskRun {
  /// Moves its samples from one mask to another of the same size.
  func move(from: inout FrameMask, to: inout FrameMask) {
    if to.missing.isEmpty { to.missing = [UInt8](repeating: 0, count: to.width * to.height) }
    for i in row * from.width + columns.lowerBound..<row * from.width + columns.upperBound {
      from.missing[i] = 0
      to.missing[i] = 1
    }
  }
}

extension FrameMask {
  fileprivate func missingCount(in run: MaskRun) -> Int {
    run.columns.count { missing[run.row * width + $0] != 0 }
  }
}
