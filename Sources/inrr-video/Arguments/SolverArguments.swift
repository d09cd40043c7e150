import ArgumentParser
import Foundation
import Pipelines
import Reconstruction

/// The options of the reconstruction.
struct SolverArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("How much time to take: fast, balanced or best; paper is the paper's method alone."),
    completion: .list(["fast", "balanced", "best", "paper"]))
  var preset = "balanced"

  @Option(
    help: ArgumentHelp("The representation: tucker, siren, fourier or dmf (default: tucker)."),
    completion: .list(["tucker", "siren", "fourier", "dmf"]))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "What is represented at once: volume, all frames of a window, or frame, each by itself (default: volume)."
    ), completion: .list(["volume", "frame"]))
  var coordinates: String?

  @Option(
    help: ArgumentHelp(
      "Penalties (inrr, air, tv, sstv, l2, de), each with a number or auto, such as inrr=auto,tv=1e-3; or none (default: the preset's).",
      valueName: "inrr=W,tv=W,..."))
  var regularizer: String?

  @Option(help: ArgumentHelp("Iterations of the fit (default: the preset's).", valueName: "number"))
  var iterations: Int?

  @Option(
    help: ArgumentHelp(
      "Share of the surroundings' noise added to compact holes and missing frames, 0 to 1 (default: 1); 0 gives the smallest error; preset fast and volumes add none.",
      valueName: "share"))
  var grain: Double?

  @Option(help: ArgumentHelp("Frames that are solved together (default: 32).", valueName: "frames"))
  var window: Int?

  @Option(help: ArgumentHelp("Frames that successive windows share (default: 4).", valueName: "frames"))
  var overlap: Int?

  @Option(help: ArgumentHelp("Largest side of a tile; left out, the holes decide.", valueName: "pixels"))
  var tile: Int?

  @Option(help: ArgumentHelp("Worker threads (default: all cores); the result does not depend on it."))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: "Start of the random numbers (default: 0): the same seed gives the same output.",
    transform: SolverArguments.seed(parsing:))
  var seed: UInt64 = 0

  @Option(help: ArgumentHelp("Bound on the memory of the reconstruction, such as 2GiB.", valueName: "size"))
  var maxMemory: String?

  @Flag(help: "Solves interlaced frames as whole pictures instead of field by field.")
  var interlacedAsFrames = false

  private static func seed(parsing text: String) throws -> UInt64 {
    if let seed = UInt64(text) { return seed }
    throw ValidationError("give a whole number from 0 to \(UInt64.max)")
  }

  mutating func validate() throws {
    _ = try settings()
    _ = try threadCount()
  }

  /// - Throws: `ValidationError`.
  func threadCount() throws -> Int {
    let count = threads ?? ProcessInfo.processInfo.activeProcessorCount
    try Self.check(threads: count)
    return count
  }

  /// - Throws: `ValidationError` for a number that is out of bounds.
  static func check(threads: Int?) throws {
    if let threads, !SolverLimits.threads.contains(threads) {
      throw ValidationError("--threads \(threads) lies outside 1 ... \(SolverLimits.threads.upperBound)")
    }
  }

  /// - Throws: `JobError` or `ValidationError`.
  func settings() throws -> RestorationSettings {
    var settings = try OptionSettings([
      .init("solve.preset", "--preset", preset), .init("solve.model", "--model", model),
      .init("solve.coordinates", "--coordinates", coordinates),
      .init("solve.regularizers", "--regularizer", regularizer),
      .init("solve.iterations", "--iterations", iterations), .init("solve.grain", "--grain", grain),
      .init("solve.window.frames", "--window", window), .init("solve.window.overlap", "--overlap", overlap),
      .init("solve.window.tile", "--tile", tile),
    ]).restoration()
    settings.seed = seed
    settings.maximumMemory = try maxMemory.map(ByteCount.parse)
    return settings
  }
}
