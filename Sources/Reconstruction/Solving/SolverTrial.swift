import Fitting
import Frames

/// How long windows take to solve, measured on this machine with the settings' own solver.
public struct SolverPace: Sendable, Equatable {
  /// Seconds for each sample of a window, all but the fit's iterations.
  var perSample: Double
  /// Seconds of an iteration: for each sample, or of the whole where an iteration looks at a fixed number of them.
  var perIteration: Double
  var isFixedPerIteration: Bool
  var iterations: Int
  /// Iterations of each frame after the first, where frames are fitted one by one.
  var laterIterations: Int?

  /// An estimate of what solving a window takes.
  public func seconds(for window: ExpectedWindow) -> Double {
    let samples = Double(window.samples)
    var size = isFixedPerIteration ? 1 : samples
    var count = Double(iterations)
    if let laterIterations {
      size /= isFixedPerIteration ? 1 : Double(max(1, window.frames))
      count += Double(laterIterations) * Double(max(0, window.frames - 1))
    }
    return samples * perSample + size * count * perIteration
  }
}

/// Solves a small piece of a window, to find out how long all of them will take.
public struct SolverTrial {
  /// A piece has about so many samples at the frame's resolution, of so many frames at most: work of about a second.
  private static let area = 120 * 120
  public static let frames = 12
  /// Iterations of fits too slow to be done to their end.
  private static let slowIterations = (few: 4, more: 12)
  private static let mostIterations = 200

  let settings: RestorationSettings

  public init(settings: RestorationSettings) { self.settings = settings }

  /// - Parameters:
  ///   - frames: some frames of the input, up to `SolverTrial.frames`; which ones does not matter.
  ///   - masks: the masks of as many frames of a window.
  ///   - box: the window's.
  /// - Throws: `RestorationError.cancelled`.
  public func measure(
    frames: [Frame], masks: [FrameMask], box: Box, isCancelled: @escaping () -> Bool = { false }
  ) throws -> SolverPace {
    let context = EstimatorContext(threads: settings.threads, seed: settings.seed, isCancelled: isCancelled)
    let window = Self.piece(frames: frames, masks: masks, box: box)
    let missing = window.missing
    let training = HoldOut().choose(
      missing: missing, values: window.window.structure, frames: window.window.frames,
      height: window.box.height, width: window.box.width,
      seed: settings.seed
    ).map { window.window.holdingOut($0, box: window.box, format: frames[0].format) }
    let samples = Double(max(1, window.window.planes.reduce(0) { $0 + $1.values.count }))
    switch Recipe(settings: settings).representation.fit {
    case .tucker(let fit):
      var short = fit
      short.iterations = min(fit.iterations, Self.mostIterations)
      let times = try solve(.tucker(short), window.window, training, context)
      return SolverPace(
        perSample: times.rest / samples, perIteration: times.fit / samples / Double(short.iterations),
        isFixedPerIteration: false, iterations: fit.iterations)
    case .signal(let fit):
      return try measure(fit, window.window, training, context, samples: samples)
    }
  }

  /// Two short fits tell what an iteration takes, and what a fit takes besides.
  private func measure(
    _ fit: SignalFitSettings, _ window: MaskedSamples, _ training: MaskedSamples?,
    _ context: EstimatorContext, samples: Double
  ) throws -> SolverPace {
    func shortened(_ iterations: Int) -> SignalFitSettings {
      var short = fit
      short.iterations = iterations
      short.laterIterations = fit.laterIterations.map { _ in iterations }
      // As often as the whole fit is observed.
      short.observationPeriod = max(1, iterations * fit.observationPeriod / max(1, fit.iterations))
      return short
    }
    let (few, more) = Self.slowIterations
    let first = try solve(.signal(shortened(few)), window, training, context)
    let second = try time {
      _ = try RepresentationEstimator(fit: .signal(shortened(more))).run(training ?? window, context: context)
    }
    let isByFrame = fit.coordinates == .frame
    let fits = isByFrame ? Double(window.frames) : 1
    let step = max(0, second - first.fit) / Double(more - few) / fits
    let besides = max(0, first.fit - step * Double(few) * fits)
    let isFixed = fit.samplesPerStep != nil
    let size = isFixed ? 1 : samples / fits
    return SolverPace(
      perSample: (first.rest + besides) / samples, perIteration: step / size, isFixedPerIteration: isFixed,
      iterations: fit.iterations, laterIterations: isByFrame ? fit.laterIterations ?? fit.iterations : nil)
  }

  /// Seconds of the fit, and of everything else.
  private func solve(
    _ fit: Recipe.Fit, _ window: MaskedSamples, _ training: MaskedSamples?, _ context: EstimatorContext
  ) throws -> (fit: Double, rest: Double) {
    let recipe = Recipe(settings: settings, fit: fit)
    let whole = try time {
      _ = try SiteSolver(recipe: recipe, context: context).solve(window, training: training) { _ in }
    }
    let alone = try time {
      _ = try recipe.representation.run(training ?? window, context: context)
    }
    return (alone, max(0, whole - alone))
  }

  private func time(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let took = (ContinuousClock.now - start).components
    return Double(took.seconds) + Double(took.attoseconds) * 1e-18
  }

  // MARK: The piece

  private struct Piece {
    var window: MaskedSamples
    var box: Box
    var missing: [UInt8]
  }

  /// A part of the window around its holes in which something is known; with a hole of its own where there is none.
  private static func piece(frames: [Frame], masks: [FrameMask], box: Box) -> Piece {
    precondition(!frames.isEmpty && frames.count == masks.count, "a trial needs frames, each with its mask")
    let format = frames[0].format
    let part = part(of: box, around: masks)
    let missing = masks.map { $0.missing(in: part) }
    let given = piece(missing, of: frames, in: part, format: format)
    let isUseful =
      given.missing.contains(1) && given.window.planes.allSatisfy { $0.states.contains(SampleState.known) }
    if isUseful { return given }
    let hole = hole(in: part)
    return piece(masks.map { _ in hole }, of: frames, in: part, format: format)
  }

  private static func piece(_ missing: [[UInt8]], of frames: [Frame], in part: Box, format: FrameFormat)
    -> Piece
  {
    let (width, height) = (format.width, format.height)
    let drawn = missing.map { missing in
      var whole = FrameMask(
        width: width, height: height, missing: Array(repeating: 0, count: width * height))
      for y in 0..<part.height {
        let row = (part.y + y) * width + part.x
        whole.missing.replaceSubrange(
          row..<row + part.width, with: missing[y * part.width..<(y + 1) * part.width])
      }
      return whole
    }
    return Piece(
      window: MaskedSamples(frames: frames, masks: drawn, box: part, format: format), box: part,
      missing: missing.flatMap { $0 })
  }

  /// A box of about `area` within another, its middle where most is missing in the first mask that has holes.
  private static func part(of box: Box, around masks: [FrameMask]) -> Box {
    let side = Int(Double(area).squareRoot())
    let width = min(box.width, max(side, area / max(1, min(side, box.height))))
    let height = min(box.height, max(1, area / max(1, width)))
    var (sumX, sumY, count) = (0, 0, 0)
    for mask in masks where count == 0 && !mask.missing.isEmpty {
      for y in box.y..<box.y + box.height {
        for x in box.x..<box.x + box.width where mask.missing[y * mask.width + x] != 0 {
          (sumX, sumY, count) = (sumX + x, sumY + y, count + 1)
        }
      }
    }
    let middle: (x: Int, y: Int) =
      count > 0 ? (sumX / count, sumY / count) : (box.x + box.width / 2, box.y + box.height / 2)
    // On whole chroma samples, as tiles are.
    func start(_ middle: Int, _ length: Int, _ lower: Int, _ whole: Int) -> Int {
      let wanted = max(lower, min(lower + whole - length, middle - length / 2))
      return max(lower, lower + (wanted - lower) / 4 * 4)
    }
    return Box(
      x: start(middle.x, width, box.x, box.width), y: start(middle.y, height, box.y, box.height),
      width: width,
      height: height)
  }

  /// A quarter of a part's sides, in its middle.
  private static func hole(in part: Box) -> [UInt8] {
    var hole = [UInt8](repeating: 0, count: part.area)
    for y in part.height * 3 / 8..<max(part.height * 3 / 8 + 1, part.height * 5 / 8) {
      for x in part.width * 3 / 8..<max(part.width * 3 / 8 + 1, part.width * 5 / 8) {
        hole[y * part.width + x] = 1
      }
    }
    return hole
  }
}
