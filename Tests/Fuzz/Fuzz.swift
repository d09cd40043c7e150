import ArgumentParser
import Foundation
import Synchronization
import TestSupport

/// Changes sound files at random and reads them, as often as asked, in processes that may crash. What a run does follows from
/// its seed, format and number.
@main struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Fuzz",
    abstract: "Reads files that are changed at random, and tells of those that the tool falls over.")

  @Argument(help: "Formats to read; all where none is given. --list shows them.") var formats: [String] = []
  @Option(help: "Files of each format.") var executions = 1_000_000
  @Option(help: "Seconds for each format, if its files take longer.") var seconds = 60.0
  @Option(help: "Another number, other files.") var seed: UInt64 = 1
  @Option(help: "The number of the first file.") var from = 0
  @Option(help: "Seconds that a file may take.") var limit = 10.0
  @Option(help: "Formats that are read side by side.") var jobs = ProcessInfo.processInfo.activeProcessorCount
  @Option(help: "The folder for files that the tool falls over.") var out = "out/fuzz"
  @Option(help: "Reads a file as the one format that is given, and nothing else.") var read: String?
  @Flag(help: "Shows the formats.") var list = false
  /// Where a child says how far it is.
  @Option(help: .hidden) var progress: String?

  func run() throws {
    if list { return print(FuzzFormat.all.map(\.name).joined(separator: "\n")) }
    let chosen = try (formats.isEmpty ? FuzzFormat.all.map(\.name) : formats).map { name in
      guard let format = FuzzFormat.named(name) else { throw ValidationError("there is no format \(name)") }
      return format
    }
    if let progress { return try work(chosen[0], progress: progress) }
    if let read {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: read)))
      return try Executions(chosen[0], bounds: bounds).read(bytes)
    }
    if try finds(in: chosen) > 0 { throw ExitCode(1) }
  }

  /// Reads files of all formats, of as many at once as `jobs` says. Which files are read does not depend on it.
  private func finds(in formats: [FuzzFormat]) throws -> Int {
    let state = Mutex((next: 0, finds: 0, failure: (any Error)?.none))
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, formats.count))) { _ in
      while let format = state.withLock({ state -> FuzzFormat? in
        guard state.failure == nil, state.next < formats.count else { return nil }
        defer { state.next += 1 }
        return formats[state.next]
      }) {
        var campaign = Campaign(format: format, command: self)
        do { try campaign.run() } catch { state.withLock { $0.failure = error } }
        state.withLock { $0.finds += campaign.finds }
      }
    }
    return try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.finds
    }
  }

  private var bounds: Executions.Bounds { Executions.Bounds(seconds: limit) }

  /// Reads file after file in this process; ends at the first find.
  private func work(_ format: FuzzFormat, progress: String) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    let reading = try Executions(format, bounds: bounds)
    try Data("\(reading.scratch.path)\n".utf8).write(to: URL(fileURLWithPath: progress + ".scratch"))
    if from == 0 { try reading.readSeeds() }
    let file = open(progress, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    var done = 0
    for execution in from..<max(from, executions) {
      if ContinuousClock.now > end { break }
      done += 1
      var number = Int64(execution)
      pwrite(file, &number, 8, 0)
      do {
        try reading.run(campaign: seed, execution: execution)
      } catch {
        try Data("\(error)".utf8).write(to: URL(fileURLWithPath: progress + ".find"))
        // The file stays where the parent takes it from.
        _exit(70)
      }
    }
    var number = Int64(-1 - done)
    pwrite(file, &number, 8, 0)
  }
}
