import ArgumentParser
import Fitting
import Foundation
import Pipelines
import Reconstruction

/// The options of the reconstruction.
struct SolverArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp("How much time to take: fast, balanced or best; paper is the paper's method alone."))
  var preset = "balanced"

  @Option(help: ArgumentHelp("The representation: tucker, siren, fourier or dmf (default: tucker)."))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "What is represented at once: volume, all frames of a window, or frame, each by itself (default: volume)."
    ))
  var coordinates: String?

  @Option(
    help: ArgumentHelp(
      "Penalties (inrr, air, tv, sstv, l2, de) and weights, auto or none; left out, the preset chooses.",
      valueName: "inrr=W,tv=W,..."))
  var regularizer: String?

  @Option(help: ArgumentHelp("Iterations of the fit (default: the preset's).", valueName: "number"))
  var iterations: Int?

  @Option(
    help: ArgumentHelp(
      "How much of the noise that holes lack is added, so that they do not show: 0 to 1; 0 errs least (default: 1).",
      valueName: "share"))
  var grain: Double?

  @Option(help: ArgumentHelp("Frames that are solved together.", valueName: "frames"))
  var window: Int?

  @Option(help: ArgumentHelp("Frames that successive windows share.", valueName: "frames"))
  var overlap: Int?

  @Option(help: ArgumentHelp("Largest side of a tile; left out, the holes decide.", valueName: "pixels"))
  var tile: Int?

  @Option(help: ArgumentHelp("Worker threads (default: all cores); the result does not depend on it."))
  var threads: Int?

  @Option(
    parsing: .unconditional, help: "Start of the random numbers: the same seed gives the same output.",
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
    guard SolverLimits.threads.contains(count) else {
      throw ValidationError("--threads \(count) lies outside 1 ... \(SolverLimits.threads.upperBound)")
    }
    return count
  }

  /// - Throws: `ValidationError`.
  func settings() throws -> RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = try Self.choice(preset, "--preset", default: .balanced)
    settings.model = try Self.choice(model, "--model", default: .tucker)
    settings.coordinates = try Self.choice(coordinates, "--coordinates", default: .volume)
    if settings.preset == .paper {
      guard settings.model == .siren || model == nil, settings.coordinates == .frame || coordinates == nil
      else {
        throw ValidationError(
          "--preset paper is --model siren --coordinates frame: leave those out, or choose another preset")
      }
      (settings.model, settings.coordinates) = (.siren, .frame)
    }
    do {
      settings.regularizers = try regularizer.map {
        try RegularizerSettings.list(parsing: $0, coordinates: settings.coordinates)
      }
    } catch let error as RegularizerTextError {
      throw ValidationError("--regularizer: \(error)")
    }
    if let iterations {
      guard SolverLimits.iterations.contains(iterations) else {
        throw ValidationError(
          "--iterations \(iterations) lies outside 1 ... \(SolverLimits.iterations.upperBound)")
      }
      settings.iterations = iterations
    }
    if let grain {
      guard SolverLimits.grain.contains(grain) else {
        throw ValidationError("--grain \(grain) lies outside 0 ... 1")
      }
      settings.grain = grain
    }
    if let window {
      guard SolverLimits.window.contains(window) else {
        throw ValidationError(
          "--window \(window) lies outside 2 ... \(SolverLimits.window.upperBound) frames")
      }
      settings.windowFrames = window
      settings.overlap = min(settings.overlap, window / 4)
    }
    if let overlap {
      guard (0..<settings.windowFrames).contains(overlap) else {
        throw ValidationError("--overlap \(overlap) lies outside 0 ..< \(settings.windowFrames), the window")
      }
      settings.overlap = overlap
    }
    if let tile {
      let sides = SolverLimits.tile
      guard sides.contains(tile) else {
        throw ValidationError(
          "--tile \(tile) lies outside \(sides.lowerBound) ... \(sides.upperBound) pixels")
      }
      settings.tile = tile
    }
    settings.seed = seed
    settings.maximumMemory = try maxMemory.map(ByteCount.parse)
    return settings
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String?, _ option: String, default standard: Choice
  ) throws -> Choice where Choice.RawValue == String {
    guard let text else { return standard }
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("\(option) \(text) is not available: choose one of \(known)")
  }
}
