import Fitting
import Frames

/// The time that sites take to solve, measured on this machine with the settings' own recipe.
public struct SolverPace: Sendable, Equatable {
  /// Seconds per sample of a site, without the iterations of the fit.
  var perSample: Double
  /// Seconds of an iteration: per sample, or in total if it takes a fixed number of samples.
  var perIteration: Double
  var isFixedPerIteration: Bool
  var iterations: Int
  /// Iterations of each frame after the first if frames are fitted one by one, else nil.
  var laterIterations: Int?

  /// The estimated time to solve a site.
  public func seconds(for site: ExpectedSite) -> Double {
    let samples = Double(site.samples)
    var size = isFixedPerIteration ? 1 : samples
    var count = Double(iterations)
    if let laterIterations {
      size /= isFixedPerIteration ? 1 : Double(max(1, site.frames))
      count += Double(laterIterations) * Double(max(0, site.frames - 1))
    }
    return samples * perSample + size * count * perIteration
  }
}

/// Solves a small site around holes of the input to measure how long all of them will take.
public struct SolverTrial {
  /// The site has about this many samples at the frame's resolution, and at most this many frames: a second of work.
  private static let area = 120 * 120
  public static let mostFrames = 12
  /// Iterations of fits that are too slow to be done to their end.
  private static let slowIterations = (few: 4, more: 12)
  private static let mostIterations = 200

  let settings: RestorationSettings
  let threads: Int

  public init(settings: RestorationSettings, threads: Int) {
    (self.settings, self.threads) = (settings, threads)
  }

  /// - Parameters:
  ///   - frames: any frames of the input, up to `SolverTrial.mostFrames`.
  ///   - masks: the masks of as many frames of a window.
  ///   - box: the site's.
  /// - Throws: `RestorationError.cancelled`.
  public func measure(
    frames: [Frame], masks: [FrameMask], box: Box, isCancelled: @escaping () -> Bool = { false }
  ) throws -> SolverPace {
    var samples = Self.site(frames: frames, masks: masks, box: box)
    samples.spacing = settings.volume ?? .even
    let trial = Trial(
      settings: settings, samples: samples, training: samples.holdingOutLikeHoles(seed: settings.seed),
      context: EstimatorContext(threads: threads, seed: settings.seed, isCancelled: isCancelled))
    let count = Double(max(1, samples.planes.reduce(0) { $0 + $1.values.count }))
    switch Recipe(settings: settings).representation.fit {
    case .fused(let fit):
      var short = fit
      short.iterations = min(fit.iterations, Self.mostIterations)
      let times = try trial.solve(.fused(short))
      return SolverPace(
        perSample: times.rest / count, perIteration: times.fit / count / Double(short.iterations),
        isFixedPerIteration: false, iterations: fit.iterations)
    case .general(let fit):
      return try measure(fit, trial, count: count)
    }
  }

  /// Times two short fits of different length: their difference gives the time of an iteration, the rest is the overhead.
  private func measure(_ fit: GeneralFitSettings, _ trial: Trial, count: Double) throws -> SolverPace {
    func shortened(_ iterations: Int) -> GeneralFitSettings {
      var short = fit
      short.iterations = iterations
      short.laterIterations = fit.laterIterations.map { _ in iterations }
      // As many observations as the whole fit has.
      short.observationPeriod = max(1, iterations * fit.observationPeriod / max(1, fit.iterations))
      return short
    }
    let (few, more) = Self.slowIterations
    let first = try trial.solve(.general(shortened(few)))
    let second = try trial.fit(.general(shortened(more)))
    let isByFrame = fit.coordinates == .frame
    let fits = isByFrame ? Double(trial.samples.frames) : 1
    let step = max(0, second - first.fit) / Double(more - few) / fits
    let besides = max(0, first.fit - step * Double(few) * fits)
    let isFixed = fit.samplesPerStep != nil
    return SolverPace(
      perSample: (first.rest + besides) / count, perIteration: isFixed ? step : step * fits / count,
      isFixedPerIteration: isFixed, iterations: fit.iterations,
      laterIterations: isByFrame ? fit.laterIterations ?? fit.iterations : nil)
  }

  private struct Trial {
    let settings: RestorationSettings
    let samples: MaskedSamples
    let training: MaskedSamples?
    let context: EstimatorContext

    /// Seconds of the fit, and of everything else.
    func solve(_ fit: FitSettings) throws -> (fit: Double, rest: Double) {
      let recipe = Recipe(settings: settings, fit: fit)
      let whole = try time {
        _ = try SiteSolver(recipe: recipe, context: context).solve(samples, training: training) { _ in }
      }
      let alone = try self.fit(fit)
      return (alone, max(0, whole - alone))
    }

    /// Seconds of the fit.
    func fit(_ fit: FitSettings) throws -> Double {
      try time { _ = try RepresentationEstimator(fit: fit).run(training ?? samples, context: context) }
    }

    private func time(_ body: () throws -> Void) rethrows -> Double {
      let start = ContinuousClock.now
      try body()
      return (ContinuousClock.now - start) / .seconds(1)
    }
  }

  // MARK: The site

  /// A part of the site around its holes in which something is known; with a hole of its own if there is none.
  private static func site(frames: [Frame], masks: [FrameMask], box: Box) -> MaskedSamples {
    precondition(!frames.isEmpty && frames.count == masks.count, "a trial needs frames, each with its mask")
    let format = frames[0].format
    let part = part(of: box, around: masks)
    let given = MaskedSamples(frames: frames, masks: masks, box: part, format: format)
    let isUseful =
      given.count(of: SampleState.missing) > 0
      && given.planes.allSatisfy { $0.states.contains(SampleState.known) }
    if isUseful { return given }
    // A quarter of the part's sides, in its middle.
    var mask = FrameMask(
      width: format.width, height: format.height,
      missing: [UInt8](repeating: 0, count: format.width * format.height))
    func middle(_ start: Int, _ length: Int) -> Range<Int> {
      start + length * 3 / 8..<start + max(length * 3 / 8 + 1, length * 5 / 8)
    }
    for y in middle(part.y, part.height) {
      for x in middle(part.x, part.width) { mask.missing[y * format.width + x] = 1 }
    }
    return MaskedSamples(frames: frames, masks: frames.map { _ in mask }, box: part, format: format)
  }

  /// A box of about `area` within another, centred on the holes of the first mask that has any.
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
}
