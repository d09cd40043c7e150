import Foundation
import Frames
import Kernels
import Overlays

/// Reconstructs the missing samples of a stream.
///
/// Holds at most a window's frames, whatever the length of the stream. Frames come out in order, one for each frame in,
/// with their attachments; known samples are never touched.
public struct Restorer {
  public let settings: RestorationSettings
  public let execution: Execution
  /// Overlays that let the picture through.
  public let overlays: [SeeThroughOverlay]

  public init(
    settings: RestorationSettings, execution: Execution = Execution(), overlays: [SeeThroughOverlay] = []
  ) {
    (self.settings, self.execution, self.overlays) = (settings, execution, overlays)
  }

  /// Walks the stream window by window, and each window site by site.
  ///
  /// - Throws: `RestorationError`, or what the stream or the store throw.
  public func restore(_ stream: any MaskedStream) throws -> RestorationSummary {
    let planner = Planner(settings: settings, format: stream.format, threads: execution.threads)
    try planner.checkMemory()
    let solver = UnitSolver(settings: settings, execution: execution, format: stream.format)
    var reader = WindowReader(stream, planner: planner, isCancelled: execution.isCancelled)
    var compositor = Compositor(stream)
    var summary = RestorationSummary()
    var stacking = OverlayStacking(overlays, format: stream.format)
    func report(solved: Double) {
      execution.observe(
        RestorationProgress(
          framesRead: reader.frames, framesWritten: compositor.framesWritten, framesSolved: solved,
          holdoutPSNR: summary.holdoutPSNR))
    }
    while let window = try reader.next() {
      // Work in units of frames that this window adds.
      let base = Double(compositor.framesWritten)
      let share = Double(window.finished) / Double(max(window.parts.count, 1))
      let content = window.content
      for (k, part) in window.parts.enumerated() {
        let began = Date()
        if execution.isStopping() { throw RestorationError.cancelled }
        let (box, masks) = (part.box(in: stream.format), part.masks(of: content))
        let spots = part.spots(threads: execution.threads)
        // Spots have no fit that could be recorded.
        let recorder = spots == nil ? execution.recorder : nil
        recorder?.siteBegins(first: window.first, count: window.frames.count, box: box)
        var (solution, isKept) = try solver.solve(part, of: content, after: compositor.last) {
          report(solved: base + share * (Double(k) + $0))
        }
        stacking.stack(
          &solution.values, at: box, masks: masks, of: window,
          expected: (solution.expected?.error ?? solution.heldOut).mean)
        compositor.add(solution.values, at: box, masks: masks, of: window)
        let kept = execution.store?.carriedFrames(first: window.first, frames: window.frames.count, box: box)
        let site = SiteReport(
          firstFrame: window.first, lastFrame: window.last, box: box, solution: solution,
          seconds: Date().timeIntervalSince(began), isKept: isKept, spots: spots,
          carried: spots == nil ? kept ?? content.carried[box]?.count ?? 0 : 0)
        summary.add(site, missing: masks.reduce(0) { $0 + $1.missingCount(in: box) })
        recorder?.siteEnds(site)
      }
      // What solving took, before the next window's frames are read.
      returnFreeMemory()
      try compositor.write(window)
      report(solved: base + Double(window.finished))
    }
    (summary.frames, summary.samples) = (reader.frames, reader.samples)
    summary.missingSamples = reader.missingSamples
    report(solved: Double(summary.frames))
    return summary
  }
}
