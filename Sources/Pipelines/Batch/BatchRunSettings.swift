import Foundation

/// How the jobs of a batch are run: nothing that their results depend on, but for `maximumMemory`.
public struct BatchRunSettings: Sendable, Equatable {
  public enum OnError: String, Sendable, CaseIterable {
    case `continue`, stop
  }

  public enum SkipExisting: String, Sendable, CaseIterable {
    /// Skips outputs whose content, input, masks and settings are as they were recorded.
    case verified
    /// Skips any output that is there.
    case always
    /// Does everything again.
    case never
  }

  /// Inputs that are restored at the same time.
  public var parallel = 1
  /// Worker threads of all of them together.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  public var retries = 1
  public var onError = OnError.continue
  public var skipExisting = SkipExisting.verified
  /// Where the report goes; nil for `report.json` in the work folder.
  public var report: String?
  public var maximumMemory: Int?
  /// The folder of the journal and of solved windows.
  public var work = ".inrr-video"

  public init() {}

  /// Threads of each restoration.
  var threadsEach: Int { max(1, threads / max(1, parallel)) }

  public var reportPath: String { report ?? "\(work)/report.json" }
}
