import Foundation
import Reconstruction

/// How the jobs of a batch are run. Of these settings results depend on `maximumMemory` alone.
public struct BatchRunSettings: Sendable, Equatable {
  public enum OnError: String, Sendable, CaseIterable {
    case `continue`, stop
  }

  public enum SkipExisting: String, Sendable, CaseIterable {
    /// Skips outputs whose content, input, masks and settings are as recorded.
    case verified
    /// Skips outputs that exist.
    case always
    /// Does everything again.
    case never
  }

  /// The number of inputs that are restored at the same time.
  public var parallel = 1
  /// Worker threads of all of them together.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  public var retries = 1
  public var onError = OnError.continue
  public var skipExisting = SkipExisting.verified
  /// The report's path; nil for `report.json` in the work folder.
  public var report: String?
  public var maximumMemory: Int?
  /// The folder of the journal and of solved windows.
  public var work = ".inrr-video"

  public init() {}

  var threadsEach: Int { max(1, threads / max(1, parallel)) }

  public var reportPath: String { report ?? "\(work)/report.json" }
}

/// Bounds of a reconstruction's numbers: beyond anything useful, and far from where sums overflow or threads take all memory.
public enum SolverLimits {
  public static let window = 2...1_000_000
  public static let tile = RestorationSettings.smallestTile...1_000_000
  public static let threads = 1...1024
  public static let iterations = 1...1_000_000_000
  public static let grain = 0.0...1.0
}
