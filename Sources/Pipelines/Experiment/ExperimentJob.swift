import Fitting
import Frames
import Spelling

/// Compares methods, and writes the results to a folder.
///
/// Results are written after every method, so that an end in between loses one method at most.
public struct ExperimentJob: Sendable {
  /// Fits a window; tests use something else than `fit`.
  ///
  /// Where frames are fitted one by one, an observation's estimate is that of its frame.
  public typealias Solve = (
    _ window: MaskedSamples, _ settings: GeneralFitSettings, _ threads: Int, _ checkpoint: FitCheckpoint,
    _ observe: (FitObservation) -> Void, _ isCancelled: () -> Bool
  ) throws -> GeneralFitResult

  public static func fit(
    window: MaskedSamples, settings: GeneralFitSettings, threads: Int, checkpoint: FitCheckpoint,
    observe: (FitObservation) -> Void, isCancelled: () -> Bool
  ) throws -> GeneralFitResult {
    try GeneralFit(
      samples: window, settings: settings, threads: threads,
      holdingOut: { $0.holdingOutLikeHoles(seed: settings.seed) }
    ).run(observe: observe, checkpoint: checkpoint, isCancelled: isCancelled)
  }

  public var settings: ExperimentSettings
  /// The folder of the results.
  public var output: String
  /// Names of the methods to run; nil for all.
  public var only: [String]?
  /// Keeps results of an earlier run with the same settings, input and mask, and goes on in the middle of a fit.
  public var resumes = false
  /// Replaces results that are there already.
  public var overwrites = false

  public init(settings: ExperimentSettings, output: String) {
    (self.settings, self.output) = (settings, output)
  }

  /// Does the job. A method whose fit fails is noted in the results, and the others go on.
  ///
  /// - Parameters:
  ///   - warn: gets a sentence for each problem that is no reason to stop.
  ///   - observe: called at every observation, and as methods end.
  ///   - isCancelled: asked often; true ends the job with an error of kind `.cancelled`.
  /// - Throws: `JobError`.
  public func run(
    solve: @escaping Solve = ExperimentJob.fit, warn: (String) -> Void = { _ in },
    observe: (ExperimentEvent) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> ExperimentResults {
    let runs = settings.runs
    let chosen = try chosenNames(runs)
    let scene = try ExperimentScene(settings, isCancelled: isCancelled)
    if scene.missingCount == 0 {
      warn("nothing is missing by this mask: only the fit to all samples is compared")
    }
    let folder = try ExperimentFolder(path: output, mayHoldFiles: resumes || overwrites)
    let plans = try runs.map { try MethodRun($0, settings: settings, scene: scene) }
    let earlier = resumes ? try folder.earlierResults() : nil
    var finished: [String: MethodResult] = [:]
    for plan in plans {
      if let kept = plan.kept(from: earlier, folder: folder) {
        finished[plan.name] = kept
        if chosen.contains(plan.name) { observe(.kept(name: plan.name)) }
      }
    }
    try writeDamaged(scene, to: folder)
    try folder.write(results(plans, finished, scene))
    let waiting = plans.filter { chosen.contains($0.name) && finished[$0.name] == nil }
    for (index, plan) in waiting.enumerated() {
      if isCancelled() { throw JobError.stopped }
      let result = try plan.run(
        solve: solve, folder: folder, resumes: resumes,
        observe: { progress in
          var progress = progress
          progress.number = index + 1
          progress.methods = waiting.count
          observe(.observed(progress))
        }, isCancelled: isCancelled)
      finished[plan.name] = result
      try folder.write(results(plans, finished, scene))
      if let failure = result.failure { warn("\(plan.name) failed: \(failure)") }
      observe(.finished(result))
    }
    return results(plans, finished, scene)
  }

  private func chosenNames(_ runs: [ExperimentRun]) throws -> Set<String> {
    let names = runs.map(\.method.name)
    var lowercased: Set<String> = []
    for run in runs {
      if let complaint = ExperimentMethod.complaint(aboutName: run.method.name) {
        throw JobError.configuration(complaint)
      }
      if !lowercased.insert(run.method.name.lowercased()).inserted {
        throw JobError.configuration(
          "there are two methods called '\(run.method.name)': give each its own name")
      }
    }
    if names.isEmpty { throw JobError.configuration("there is no method to compare: name one") }
    guard let only else { return Set(names) }
    for name in only where !names.contains(name) {
      let hint = Spelling.hint(for: name, among: names)
      throw JobError.configuration(
        "there is no method '\(name)'\(hint): the experiment has \(names.joined(separator: ", "))")
    }
    return Set(only)
  }

  private func writeDamaged(_ scene: ExperimentScene, to folder: ExperimentFolder) throws {
    let damaged = scene.truth.map { zip($0, scene.missing).map { $1 == 0 ? $0 : 0 } }
    try folder.writePictures(damaged, name: "damaged", width: scene.width, height: scene.height)
  }

  private func results(
    _ plans: [MethodRun], _ finished: [String: MethodResult], _ scene: ExperimentScene
  ) -> ExperimentResults {
    var results = ExperimentResults(
      name: settings.name,
      input: .init(
        path: settings.input, width: scene.width, height: scene.height, channels: scene.channels,
        frames: scene.pictures.count, fingerprint: scene.fingerprint),
      mask: .init(
        pattern: settings.mask.description, seed: settings.mask.seed,
        missingFraction: Double(scene.missingCount) / Double(scene.missing.count)))
    results.methods = plans.filter { $0.frequency == nil }.compactMap { finished[$0.name] }
    results.sweep = plans.filter { $0.frequency != nil }.compactMap { finished[$0.name] }
    return results
  }
}

extension ExperimentSettings.Mask: CustomStringConvertible {
  public var description: String {
    switch source {
    case .pattern(let pattern): pattern.description
    case .file(let path, _): path
    }
  }
}

/// An event of an experiment.
public enum ExperimentEvent: Sendable {
  /// A method's result is that of an earlier run.
  case kept(name: String)
  case observed(ExperimentProgress)
  /// A method has ended, with figures or with a failure.
  case finished(MethodResult)
}

/// The progress of an experiment.
public struct ExperimentProgress: Sendable, Equatable {
  public var name: String
  /// The method's number among those of this run, from 1.
  public var number = 1
  public var methods = 1
  public var iteration: Int
  public var iterations: Int
  /// The frame that is fitted, from 0; nil where all frames are fitted at once.
  public var frame: Int?
  /// PSNR in dB of the raw output over all samples.
  public var psnr: Double?
  /// PSNR in dB over missing samples.
  public var missingPSNR: Double?
  /// Seconds until the method ends; nil while unknown.
  public var secondsLeft: Double?
}
