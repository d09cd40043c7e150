import Fitting
import Foundation
import Frames
import Inspection
import Volumes

/// Runs one method of an experiment.
struct MethodRun {
  let name: String
  let frequency: Float?
  private let reported: MethodResult.Settings
  /// A hash of everything that the result depends on.
  private let fingerprint: String
  private let fit: GeneralFitSettings
  private let threads: Int
  private let holdout: Double
  private let record: ExperimentSettings.Record
  private let scene: ExperimentScene

  /// - Throws: `EncodingError` for settings that are no numbers.
  init(_ run: ExperimentRun, settings: ExperimentSettings, scene: ExperimentScene) throws {
    let method = run.method
    name = method.name
    frequency = run.frequency
    self.scene = scene
    record = settings.record
    fit = method.settings(
      iterations: settings.iterations(of: method), period: settings.observationPeriod(of: method),
      sampleCount: scene.sampleCount)
    threads = settings.threads
    // Only a sweep needs held-out samples in any case; other methods fit all known samples.
    holdout = method.holdout ?? (run.frequency != nil ? settings.holdout : 0)
    reported = Self.reported(fit, record: record, holdout: holdout)
    fingerprint = try Self.fingerprint(name: name, settings: reported, scene: scene)
  }

  private static func reported(
    _ fit: GeneralFitSettings, record: ExperimentSettings.Record, holdout: Double
  ) -> MethodResult.Settings {
    var recorded: [Int]?
    if case .at(let list) = record { recorded = list }
    return .init(
      model: fit.model.kind.rawValue, width: fit.model.width, layers: fit.model.layers,
      frequency: fit.model.frequency, hiddenFrequency: fit.model.hiddenFrequency,
      features: fit.model.features,
      featureDeviation: fit.model.featureDeviation, rank: fit.model.rank,
      regularizers: RegularizerSettings.text(fit.regularizers), coordinates: fit.coordinates.rawValue,
      iterations: fit.iterations, rate: fit.rate, schedule: fit.schedule.rawValue,
      samplesPerStep: fit.samplesPerStep, seed: fit.seed, holdout: holdout,
      observeEvery: fit.observationPeriod, record: recorded)
  }

  private static func fingerprint(
    name: String, settings: MethodResult.Settings, scene: ExperimentScene
  ) throws -> String {
    var hash = Fingerprint()
    hash.add(name)
    hash.add(Data(try ReportJSON.line(settings).utf8))
    hash.add(scene.fingerprint)
    return hash.text
  }

  /// The result of an earlier run with the same fingerprint, if its pictures exist.
  func kept(from earlier: ExperimentResults?, folder: ExperimentFolder) -> MethodResult? {
    let all = (earlier?.methods ?? []) + (earlier?.sweep ?? [])
    guard let found = all.first(where: { $0.name == name }), found.isComplete,
      found.fingerprint == fingerprint,
      folder.hasPictures(name: name, frames: scene.pictures.count)
    else { return nil }
    return found
  }

  /// Fits, measures and writes the pictures and similarities.
  ///
  /// - Throws: `JobError` where the whole job must end; a fit that fails is a result.
  func run(
    solve: @escaping ExperimentJob.Solve, folder: ExperimentFolder, resumes: Bool,
    observe: (ExperimentProgress) -> Void, isCancelled: () -> Bool
  ) throws -> MethodResult {
    var result = MethodResult(name: name, fingerprint: fingerprint, settings: reported, frequency: frequency)
    let window = scene.window(holdout: holdout, seed: fit.seed)
    let state = folder.file("\(name).state.safetensors")
    if !resumes { try? FileManager.default.removeItem(atPath: state) }
    let curve = Curve()
    let checkpoint = FitCheckpoint(path: state, note: { curve.text }, resumed: { curve.text = $0 })
    var failure: (any Error)?
    do {
      let solved = try solve(
        window, fit, threads, checkpoint,
        { observation in
          do {
            if failure != nil { return }
            let point = try self.point(observation, folder: folder)
            curve.points.append(point)
            observe(progress(observation, point))
          } catch {
            failure = error
          }
        }, { failure != nil || isCancelled() })
      if let failure { throw failure }
      result.iterations = solved.iterations
      result.seconds = solved.seconds
      result.usedRegularizers = RegularizerSettings.text(solved.regularizers)
      try folder.writePictures(solved.estimate.planes, name: name, width: scene.width, height: scene.height)
      result.figures = figures(solved.estimate, window: window)
      result.curve = curve.points
      try? FileManager.default.removeItem(atPath: state)
    } catch {
      if let failure { throw JobError(failure, while: .writing) }
      if isCancelled() { throw JobError.stopped }
      if error is CancellationError { throw JobError.stopped }
      if let error = error as? JobError { throw error }
      result.failure = "\(error)"
    }
    return result
  }

  /// The observations so far. A fit that goes on from a saved state begins with those of the state.
  private final class Curve {
    var points: [MethodResult.Point] = []

    var text: String {
      get { (try? JSONEncoder().encode(points)).map { String(decoding: $0, as: UTF8.self) } ?? "" }
      set { points = (try? JSONDecoder().decode([MethodResult.Point].self, from: Data(newValue.utf8))) ?? [] }
    }
  }

  private func progress(_ observation: FitObservation, _ point: MethodResult.Point)
    -> ExperimentProgress
  {
    let frames = observation.frame == nil ? 1 : scene.pictures.count
    let done = (observation.frame ?? 0) * fit.iterations + observation.iteration
    let left = max(0, frames * fit.iterations - done)
    var progress = ExperimentProgress(
      name: name, iteration: observation.iteration, iterations: fit.iterations, frame: observation.frame,
      psnr: point.raw.psnrDb, missingPSNR: point.raw.psnrMissingDb)
    if done > 0 { progress.secondsLeft = observation.seconds / Double(done) * Double(left) }
    return progress
  }

  private func point(_ observation: FitObservation, folder: ExperimentFolder) throws
    -> MethodResult.Point
  {
    let estimate = observation.estimate().planes
    let raw: RawQuality
    if let frame = observation.frame {
      let area = scene.width * scene.height
      let range = frame * area..<(frame + 1) * area
      raw = RawQuality(
        truth: scene.truth.map { Array($0[range]) }, estimate: estimate,
        missing: estimate.map { _ in Array(scene.missing[range]) })
    } else {
      raw = RawQuality(
        truth: scene.truth, estimate: estimate, missing: scene.truth.map { _ in scene.missing })
    }
    return .init(
      iteration: observation.iteration, frame: observation.frame, seconds: observation.seconds,
      loss: observation.loss.isFinite ? observation.loss : nil, raw: raw,
      energies: try observation.energies.map { try energy($0, of: observation, folder: folder) })
  }

  /// An energy's figures. At iterations that are recorded, also its effective rank, and its similarity matrix as a file.
  private func energy(
    _ energy: FitObservation.Energy, of observation: FitObservation, folder: ExperimentFolder
  ) throws -> MethodResult.Energy {
    var result = MethodResult.Energy(
      kind: energy.kind.rawValue, axis: energy.axis?.name, value: energy.value.isFinite ? energy.value : nil)
    if case .at(let iterations) = record, !iterations.contains(observation.iteration) { return result }
    result.effectiveRank = energy.effectiveRank().flatMap { $0.isFinite ? $0 : nil }
    guard let similarity = energy.similarity(), let axis = energy.axis else { return result }
    let digits = String(observation.iteration)
    let number = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    let frame = observation.frame.map { ".frame\($0)" } ?? ""
    let shared = observation.energies.filter { $0.axis == axis && $0.similarity() != nil }.count > 1
    let kind = shared ? ".\(energy.kind.rawValue)" : ""
    let file = "\(name)\(frame)\(kind).\(axis.name).\(number).npy"
    try folder.write(
      NumPyFile.data(shape: [similarity.rows, similarity.columns], values: similarity.values), to: file)
    result.file = file
    return result
  }

  private func figures(_ estimate: Estimate, window: MaskedSamples) -> MethodResult.Figures {
    let missing = scene.truth.map { _ in scene.missing }
    let similarity = PictureSimilarity(
      truth: scene.truth, estimate: estimate.planes, missing: missing, width: scene.width,
      height: scene.height)
    var figures = MethodResult.Figures(
      raw: RawQuality(truth: scene.truth, estimate: estimate.planes, missing: missing), ssim: similarity.all,
      ssimMissing: similarity.missing)
    if holdout > 0 {
      let held = RawQuality(
        truth: scene.truth, estimate: estimate.planes,
        missing: window.planes.map { $0.states.map { $0 == SampleState.heldOut ? 1 : 0 } })
      figures.holdoutPsnrDb = held.psnrMissingDb
      figures.holdoutNmae = held.nmaeMissing
    }
    return figures
  }
}
