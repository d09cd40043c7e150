import Foundation
import Frames

/// How large a site's holes are, in space and in time.
struct HoleExtent {
  /// Twice a hole's area over its circumference, in samples: the diameter of a disc, the width of a line.
  private(set) var depth = 0.0
  /// Share of the missing samples whose places are missing in all frames: nothing shows what they hide.
  private(set) var lasting = 0.0

  /// - Parameter window: the frames that are looked at; what is known in others counts.
  init(of samples: MaskedSamples, window: Range<Int>) {
    guard let p = samples.structurePlane else { return }
    let plane = samples.planes[p]
    let (width, area) = (plane.width, plane.height * plane.width)
    var isShown = [Bool](repeating: false, count: area)
    for i in plane.states.indices where plane.states[i] != SampleState.missing { isShown[i % area] = true }
    var (count, edges, hidden) = (0, 0, 0)
    let states = plane.states
    for t in window {
      for i in t * area..<(t + 1) * area {
        let isMissing = states[i] == SampleState.missing
        if isMissing {
          count += 1
          if !isShown[i - t * area] { hidden += 1 }
        }
        if i % width + 1 < width, isMissing != (states[i + 1] == SampleState.missing) { edges += 1 }
        if i + width < (t + 1) * area, isMissing != (states[i + width] == SampleState.missing) { edges += 1 }
      }
    }
    depth = 2 * Double(count) / Double(max(1, edges))
    lasting = Double(hidden) / Double(max(1, count))
  }
}
