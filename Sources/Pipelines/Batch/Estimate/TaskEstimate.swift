import Frames
import Media
import Reconstruction

/// What a task will take, estimated from short trials.
public struct TaskEstimate: Sendable, Equatable {
  public var frames: Int
  /// Windows, counted site by site.
  public var windows: Int
  /// Those of them that an earlier run has solved.
  public var windowsKept: Int
  public var seconds: Double
  /// Bytes that the process takes while it works on this task alone.
  public var memory: Int
  /// Warnings that the restoration would give, as far as they are known beforehand.
  public var warnings: [String] = []
}

/// Estimates tasks one after the other. A trial serves all tasks that are alike.
public final class BatchEstimator {
  private let run: BatchRunSettings
  private var solverPaces: [String: SolverPace] = [:]
  private var framePaces: [String: Double] = [:]

  public init(plan: BatchPlan) { run = plan.run }

  /// - Parameter kept: the number of windows that an earlier run has solved.
  /// - Throws: `JobError` where the input or its mask can't be read, or the settings do not fit them.
  public func estimate(
    _ task: BatchTask, kept: Int = 0, isCancelled: @escaping () -> Bool = { false }
  ) throws -> TaskEstimate {
    var job = task.restore
    job.surveyed = try JobError.during(.reading) { try job.surveyedDamage(isCancelled) }
    let scan = try InputScan(job, isCancelled: isCancelled)
    let trial = InputTrial(job: job, scan: scan, isCancelled: isCancelled)
    return try JobError.during(.reading) {
      var seconds = Double(scan.frames) * (try framePace(trial))
      if scan.sites.contains(where: { !$0.areSpots }) {
        let pace = try solverPace(trial)
        let solving = scan.sites.reduce(0) { $0 + pace.seconds(for: $1) }
        seconds += solving * (1 - Double(min(kept, scan.sites.count)) / Double(scan.sites.count))
      }
      return TaskEstimate(
        frames: scan.frames, windows: scan.sites.count, windowsKept: min(kept, scan.sites.count),
        seconds: seconds, memory: Int(scan.memory), warnings: scan.warnings)
    }
  }

  /// Seconds for all tasks, as many at a time as the run does.
  public func seconds(of estimates: [TaskEstimate]) -> Double {
    let all = estimates.reduce(0) { $0 + $1.seconds }
    // No run is faster than its longest task.
    return max(all / Double(max(1, run.parallel)), estimates.map(\.seconds).max() ?? 0)
  }

  /// Bytes while the largest of them are at work at the same time.
  public func memory(of estimates: [TaskEstimate]) -> Int {
    estimates.map(\.memory).sorted(by: >).prefix(max(1, run.parallel)).reduce(0, +)
  }

  private func solverPace(_ trial: InputTrial) throws -> SolverPace {
    let key = try trial.solverKey()
    if let pace = solverPaces[key] { return pace }
    let pace = try trial.solverPace()
    solverPaces[key] = pace
    return pace
  }

  private func framePace(_ trial: InputTrial) throws -> Double {
    if let pace = framePaces[trial.frameKey] { return pace }
    let pace = try trial.framePace()
    framePaces[trial.frameKey] = pace
    return pace
  }
}

/// The memory of decoder and encoder, which the reconstruction's bound does not include.
enum CodecMemory {
  /// Frames that a decoder holds for reference, and that encoders hold: without and with a look ahead.
  private static let decoded = 20.0
  private static let encoded = (losslessly: 8.0, looking: 100.0)

  static func bytes(format: FrameFormat, encoding: EncodeSettings) -> Double {
    let samples = Double(format.planes.reduce(0) { $0 + $1.count })
    let bytes = samples * (format.bitDepth > 8 ? 2 : 1)
    return bytes * (decoded + (encoding.lossless ? encoded.losslessly : encoded.looking))
  }
}
