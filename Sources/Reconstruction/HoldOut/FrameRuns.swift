import Frames

/// Runs of frames of a site of which nearly all is missing, or held out.
struct FrameRuns {
  /// Share of a frame's samples above which it counts.
  private static let whole = 0.9

  /// Frames of the longest run.
  private(set) var longestMissing = 0
  private(set) var longestHeldOut = 0
  /// How many runs are held out.
  private(set) var heldOut = 0

  init(of samples: MaskedSamples) {
    guard let plane = samples.planes.first else { return }
    let area = plane.height * plane.width
    var (missing, held) = (0, 0)
    for t in 0..<samples.frames {
      let states = plane.states[t * area..<(t + 1) * area]
      func isMostly(_ state: UInt8) -> Bool {
        Double(states.count { $0 == state }) >= Self.whole * Double(area)
      }
      missing = isMostly(SampleState.missing) ? missing + 1 : 0
      held = isMostly(SampleState.heldOut) ? held + 1 : 0
      if held == 1 { heldOut += 1 }
      (longestMissing, longestHeldOut) = (max(longestMissing, missing), max(longestHeldOut, held))
    }
  }
}
