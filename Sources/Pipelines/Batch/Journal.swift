import Foundation
import Media

/// What is known of outputs that were made: a small file each in the work folder.
struct Journal {
  /// What an output was made from, and what it was when it was complete.
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
      /// What was wrong with the input, of which what could be restored is there; nil for a sound one.
      var damage: String?
      /// What was told while it was made; nil in records of older versions.
      var warnings: [String]?
    }
  }

  let folder: String

  private func key(_ output: String) -> String {
    let hash = ContentHash()
    hash.add(Folders.absolute(output))
    return String(hash.finishText().prefix(32))
  }

  private func path(_ output: String) -> String { "\(folder)/journal/\(key(output)).json" }

  /// Where the solved windows of an unfinished output are kept.
  func windows(of output: String) -> String { "\(folder)/windows/\(key(output))" }

  /// What is recorded of an output; nil where nothing is, or nothing that can be read.
  func record(of output: String) -> Record? {
    guard let data = FileManager.default.contents(atPath: path(output)) else { return nil }
    return try? JSONDecoder().decode(Record.self, from: data)
  }

  /// Solved windows of an output that an earlier run began, with these settings, and did not finish.
  func keptWindows(of job: RestoreJob) -> Int {
    guard let found = record(of: job.output), found.result == nil, found.tool == ToolVersion.current,
      found.settingsHash == (try? ResolvedSettings(job: job).digest)
    else { return 0 }
    return FileSolutionStore(folder: windows(of: job.output)).count
  }

  /// Whether an output was made, or begun, by an earlier run.
  func owns(_ output: String) -> Bool { FileManager.default.fileExists(atPath: path(output)) }

  func write(_ record: Record, of output: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try Folders.make("\(folder)/journal")
    try AtomicFile.write(try encoder.encode(record), to: path(output))
  }

  func removeWindows(of output: String) { try? FileManager.default.removeItem(atPath: windows(of: output)) }
}
