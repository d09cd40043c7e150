import ArgumentParser
import Foundation
import Reconstruction

/// The options of the reconstruction.
struct SolverArguments: ParsableArguments {
  @Option(help: ArgumentHelp("How much time to take: fast, balanced or best."))
  var preset = "balanced"

  @Option(help: ArgumentHelp("The representation: tucker."))
  var model = "tucker"

  @Option(help: ArgumentHelp("What is represented at once: volume, all frames of a window."))
  var coordinates = "volume"

  @Option(
    help: ArgumentHelp(
      "Weights of the penalties, or none; left out, preset and hold-out samples choose.",
      valueName: "inrr=W,tv=W,sstv=W"))
  var regularizer: String?

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

  /// Beyond anything useful, and far from where sums overflow or threads take all memory.
  private static let longestWindow = 1_000_000
  private static let largestTile = 1_000_000
  private static let mostThreads = 1024

  private static func seed(parsing text: String) throws -> UInt64 {
    if let seed = UInt64(text) { return seed }
    throw ValidationError("give a whole number from 0 to \(UInt64.max)")
  }

  mutating func validate() throws { _ = try settings() }

  /// - Throws: `ValidationError`.
  func settings() throws -> RestorationSettings {
    var settings = RestorationSettings()
    settings.preset = try chosenPreset()
    guard model == "tucker" else {
      throw ValidationError("--model \(model) is not available: only tucker is")
    }
    guard coordinates == "volume" else {
      throw ValidationError("--coordinates \(coordinates) is not available: only volume is")
    }
    settings.penalties = try regularizer.map(Self.penalties(parsing:))
    if let window {
      guard (2...Self.longestWindow).contains(window) else {
        throw ValidationError("--window \(window) lies outside 2 ... \(Self.longestWindow) frames")
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
      let sides = RestorationSettings.smallestTile...Self.largestTile
      guard sides.contains(tile) else {
        throw ValidationError(
          "--tile \(tile) lies outside \(sides.lowerBound) ... \(Self.largestTile) pixels")
      }
      settings.tile = tile
    }
    settings.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    guard (1...Self.mostThreads).contains(settings.threads) else {
      throw ValidationError("--threads \(settings.threads) lies outside 1 ... \(Self.mostThreads)")
    }
    settings.seed = seed
    settings.maximumMemory = try maxMemory.map(ByteCount.parse)
    return settings
  }

  private func chosenPreset() throws -> Preset {
    if let preset = Preset(rawValue: preset) { return preset }
    let known = Preset.allCases.map(\.rawValue).joined(separator: ", ")
    throw ValidationError("--preset \(preset) is not available: choose one of \(known)")
  }

  /// Reads `inrr=0.1,tv=0.01` or `none`.
  static func penalties(parsing text: String) throws -> [Penalty: Float] {
    if text == "none" { return [:] }
    var penalties: [Penalty: Float] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let weight = Float(sides[1]), weight.isFinite, weight >= 0 else {
        throw ValidationError(
          "--regularizer '\(text)': write a weight for each, such as inrr=0.1,tv=0.01, or none")
      }
      guard let penalty = Penalty(rawValue: String(sides[0])) else {
        let known = Penalty.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--regularizer \(sides[0]) is not available: choose among \(known)")
      }
      guard penalties.updateValue(weight, forKey: penalty) == nil else {
        throw ValidationError("--regularizer '\(text)' gives \(penalty.rawValue) twice")
      }
    }
    return penalties
  }
}
