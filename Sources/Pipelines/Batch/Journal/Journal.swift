import Foundation
import Reconstruction

/// Records of the outputs of a batch: a small file each in the work folder.
struct Journal {
  /// The input and settings of an output, and its hash once complete.
  struct Record: Codable, Equatable {
    var output: String
    var input: String
    var tool: String
    /// Hashes of contents, SHA-256.
    var inputHash: String
    var maskHash: String?
    var settingsHash: String
    /// Nil until the output is complete.
    var result: Result?

    struct Result: Codable, Equatable {
      var size: Int
      var hash: String
      var holdoutPSNR: Double?
      /// Nil where it can't be told, and in records of older versions.
      var expectedPSNR: PSNRRange?
      /// What was wrong with the input, of which only a part could be restored; nil for a sound one.
      var damage: String?
      /// Warnings of the restoration; nil in records of older versions.
      var warnings: [String]?
    }
  }

  let folder: String

  private func key(_ output: String) -> String {
    String(ContentHash.text(of: PathName.absolute(output)).prefix(32))
  }

  private func path(_ output: String) -> String { "\(folder)/journal/\(key(output)).json" }

  /// The solved windows of an unfinished output.
  func windows(of output: String) -> FileSolutionStore {
    FileSolutionStore(folder: "\(folder)/windows/\(key(output))")
  }

  /// The record of an output; nil where there is none, or none that can be read.
  func record(of output: String) -> Record? {
    let path = path(output)
    // Of most outputs of a large plan there is none.
    guard access(path, F_OK) == 0, let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(Record.self, from: data)
  }

  /// The number of solved windows of an output that an earlier run began with these settings and did not finish.
  func keptWindows(of job: RestoreJob) -> Int {
    guard let found = record(of: job.output), found.result == nil, found.tool == ToolVersion.current,
      found.settingsHash == (try? ResolvedSettings(job: job).digest)
    else { return 0 }
    return windows(of: job.output).count
  }

  /// Whether an earlier run made the output, or began it.
  func owns(_ output: String) -> Bool { FileManager.default.fileExists(atPath: path(output)) }

  func write(_ record: Record, of output: String) throws {
    try AtomicFile.makeFolder("\(folder)/journal")
    try AtomicFile.write(try ReportJSON.encoder().encode(record), to: path(output))
  }

  func removeWindows(of output: String) {
    try? FileManager.default.removeItem(atPath: windows(of: output).folder)
  }
}
