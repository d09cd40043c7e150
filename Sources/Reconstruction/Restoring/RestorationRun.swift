import Foundation
import Frames

/// One pass over a source: frames come into a buffer, windows of them are solved, finished ones go to the
/// sink.
final class RestorationRun {
  private let settings: RestorationSettings
  private let store: (any SolutionStore)?
  private let recorder: (any FitRecorder)?
  private let source: any FrameSource
  private let masks: any MaskSource
  private let sink: any FrameSink
  private let observe: (RestorationProgress) -> Void
  private let isStopping: () -> Bool
  private let isCancelled: () -> Bool

  private let planner: WindowPlanner
  private let recipe: Recipe
  /// Frames read and not yet written, in order; the first is the next window's first.
  private var pending: [PendingFrame] = []
  private var sourceEnded = false
  /// True where the next window continues the scene of the one before.
  private var continues = false
  private var lastWritten: Frame?
  private var framesWritten = 0
  /// What the missing samples of all windows probably err by, squared, and their number, as far as they could be judged.
  private var expectedError = 0.0
  private var judgedSamples = 0.0
  private var summary = RestorationSummary()

  init(
    settings: RestorationSettings, store: (any SolutionStore)?, recorder: (any FitRecorder)?,
    source: any FrameSource,
    masks: any MaskSource, sink: any FrameSink, observe: @escaping (RestorationProgress) -> Void,
    isStopping: @escaping () -> Bool, isCancelled: @escaping () -> Bool
  ) {
    self.settings = settings
    self.store = store
    self.recorder = recorder
    self.isStopping = isStopping
    self.source = source
    self.masks = masks
    self.sink = sink
    self.observe = observe
    self.isCancelled = isCancelled
    planner = WindowPlanner(settings: settings, format: source.format)
    recipe = Recipe(settings: settings)
  }

  func restore() throws -> RestorationSummary {
    try planner.checkMemory()
    while true {
      try readAhead()
      if pending.isEmpty { break }
      let end = planner.end(of: pending.map(\.signature))
      let isLast = sourceEnded && end.count == pending.count
      let shared = end.isCut || isLast ? 0 : planner.overlap
      try solve(count: end.count, fadesIn: continues, fadesOut: shared > 0)
      try write(end.count - shared)
      if end.isCut {
        // A cut may show only when more frames are there; what came from before it must not reach across.
        for i in pending.indices { pending[i].patches = [] }
      }
      continues = shared > 0
      if isLast { break }
    }
    report(solved: Double(summary.frames))
    return summary
  }

  /// Reads frames until the next window, and what follows it closely, is there.
  private func readAhead() throws {
    // A cut just behind the window's end is judged by its neighbours too.
    while !sourceEnded && pending.count < planner.windowFrames + 1 {
      if isCancelled() { throw RestorationError.cancelled }
      guard let frame = try source.nextFrame() else {
        sourceEnded = true
        return
      }
      let mask = try masks.mask(for: frame)
      for plane in frame.format.planes {
        summary.samples += plane.count
        summary.missingSamples += mask.missingCount(in: plane)
      }
      summary.frames += 1
      pending.append(PendingFrame(frame: frame, mask: mask, signature: FrameSignature(frame, mask: mask)))
    }
  }

  private func write(_ count: Int) throws {
    for i in 0..<count {
      pending[i].composite()
      try sink.write(pending[i].frame)
      framesWritten += 1
    }
    if count > 0 { lastWritten = pending[count - 1].frame }
    pending.removeFirst(count)
    report(solved: Double(framesWritten))
  }

  private func report(solved: Double) {
    observe(
      RestorationProgress(
        framesRead: summary.frames, framesWritten: framesWritten, framesSolved: solved,
        holdoutPSNR: summary.holdoutPSNR))
  }

  /// Solves the first `count` pending frames, tile by tile.
  private func solve(count: Int, fadesIn: Bool, fadesOut: Bool) throws {
    let frames = pending[..<count]
    let tiles = planner.tiles(for: frames.map(\.mask))
    for (k, box) in tiles.enumerated() {
      let began = Date()
      // Work in units of frames that this window adds.
      let base = Double(framesWritten)
      let share = Double(fadesOut ? count - planner.overlap : count) / Double(tiles.count)
      if isStopping() { throw RestorationError.cancelled }
      let first = pending[0].frame.index
      recorder?.windowBegins(first: first, count: count, box: box)
      let (solution, isKept) = try solve(box, count: count) {
        self.report(solved: base + share * (Double(k) + $0))
      }
      for t in 0..<count where !pending[t].mask.isEmpty {
        let planes = solution.estimate.planes.map { values in
          Array(values[values.count / count * t..<values.count / count * (t + 1)])
        }
        let weight = fade(t, count: count, fadesIn: fadesIn, fadesOut: fadesOut)
        pending[t].patches.append(Patch(box: box, planes: planes, weight: weight))
      }
      // Each window judges its own holes, however many samples it could hold out.
      if solution.heldOutSamples > 0 {
        let missing = Double(frames.reduce(0) { $0 + $1.mask.missingCount(in: box) })
        expectedError += missing * solution.heldOutError / Double(solution.heldOutSamples)
        judgedSamples += missing
      }
      let seconds = Date().timeIntervalSince(began)
      summary.fitSeconds += seconds
      let report = SiteReport(
        firstFrame: first, lastFrame: first + count - 1, box: box, iterations: solution.iterations,
        holdoutPSNR: psnr(error: solution.heldOutError, samples: Double(solution.heldOutSamples)),
        holdoutSamples: solution.heldOutSamples, stopReason: solution.stopReason, weights: solution.weights,
        seconds: seconds, isKept: isKept)
      summary.windows.append(report)
      recorder?.windowEnds(report)
      summary.holdoutPSNR = psnr(error: expectedError, samples: judgedSamples)
    }
  }

  private func solve(
    _ box: Box, count: Int, observe: (Double) -> Void
  ) throws -> (solution: SiteSolution, isKept: Bool) {
    let frames = pending[..<count]
    let format = source.format
    var window = MaskedSamples(
      frames: frames.map(\.frame), masks: frames.map(\.mask), box: box, format: format)
    window.spacing = settings.volume ?? .even
    if window.planes.contains(where: { !$0.states.contains(SampleState.known) }) {
      return (try fillHole(box, count: count), false)
    }
    let missing = frames.flatMap { $0.mask.missing(in: box) }
    let request = SolutionRequest(
      firstFrame: pending[0].frame.index, box: box, window: window, missing: missing, settings: settings)
    if let kept = store?.solution(for: request) { return (kept, true) }
    // Each tile draws its own numbers, wherever it lies in the job.
    let seed = settings.seed &+ UInt64(pending[0].frame.index) &* 0x9E37_79B9 &+ UInt64(box.y << 20 ^ box.x)
    let training = HoldOut(allowsWiderGaps: settings.volume != nil).choose(
      missing: missing, values: window.structure, frames: count, height: box.height, width: box.width,
      seed: seed
    ).map { window.holdingOut($0, box: box, format: format) }
    var context = EstimatorContext(threads: settings.threads, seed: seed, isCancelled: isCancelled)
    context.recorder = recorder
    var solver = SiteSolver(recipe: recipe, context: context)
    if settings.grain > 0 && settings.volume == nil {
      solver.grain = Grain(
        strength: settings.grain, seed: settings.seed, firstFrame: pending[0].frame.index, box: box,
        format: format)
    }
    let solution = try solver.solve(window, training: training, observe: observe)
    try store?.save(solution, for: request)
    return (solution, false)
  }

  private func fillHole(_ box: Box, count: Int) throws -> SiteSolution {
    let context = EstimatorContext(threads: settings.threads, seed: settings.seed, isCancelled: isCancelled)
    let frames = pending[..<count]
    let fill = HoleFill(format: source.format, context: context)
    guard
      let estimate = try fill.estimate(
        box: box, frames: frames.map(\.frame), masks: frames.map(\.mask), previous: lastWritten)
    else {
      throw RestorationError.nothingKnown(
        first: pending[0].frame.index, last: pending[0].frame.index + count - 1)
    }
    return SiteSolution(
      estimate: estimate, iterations: 0, stopReason: .interpolation, heldOutError: 0, heldOutSamples: 0,
      weights: [EstimatorID.spatial.name: 1])
  }

  /// Weight in time of a window's frame: frames shared with a neighbouring window pass from one to the other.
  private func fade(_ t: Int, count: Int, fadesIn: Bool, fadesOut: Bool) -> Float {
    let steps = Float(planner.overlap + 1)
    let before = fadesIn ? Float(t + 1) / steps : 1
    let after = fadesOut ? Float(count - t) / steps : 1
    return min(1, before, after)
  }

  private func psnr(error: Double, samples: Double) -> Double? {
    samples > 0 ? min(100, -10 * log10(max(error / samples, 1e-10))) : nil
  }
}

extension FrameMask {
  func missingCount(in box: Box) -> Int {
    if missing.isEmpty { return 0 }
    return (box.y..<box.y + box.height).reduce(0) { count, y in
      missing[y * width + box.x..<y * width + box.x + box.width].reduce(count) { $0 + Int($1) }
    }
  }

  /// The part of the mask within a box, 1 where missing.
  func missing(in box: Box) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: box.area) }
    return (box.y..<box.y + box.height).flatMap { y in
      missing[y * width + box.x..<y * width + box.x + box.width]
    }
  }
}
