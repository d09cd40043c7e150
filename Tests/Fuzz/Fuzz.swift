import ArgumentParser
import Foundation
import TestSupport

/// Changes sound files at random and reads them, as often as asked, in processes that may crash. What a run does follows from
/// its seed, format and number.
@main struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "Fuzz",
    abstract: "Reads files that are changed at random, and tells of those that the tool falls over.")

  @Argument(help: "Formats to read; all where none is given. --list shows them.") var formats: [String] = []
  @Option(help: "Files of each format.") var executions = 1_000_000
  @Option(
    help: """
      Seconds of a processor for each format, on average: those whose files take little get less, so that others' are read as often. \
      Ten times as many go by at most.
      """) var seconds = 60.0
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
    var fuzzing = FuzzRun(chosen, command: self)
    if try fuzzing.run() > 0 { throw ExitCode(1) }
  }

  private var bounds: Executions.Bounds { Executions.Bounds(seconds: limit) }

  /// Reads file after file in this process; ends at the first find.
  private func work(_ format: FuzzFormat, progress path: String) throws {
    let reading = try Executions(format, bounds: bounds)
    try Data("\(reading.scratch.path)\n".utf8).write(to: URL(fileURLWithPath: path + ".scratch"))
    if from == 0 { try reading.readSeeds() }
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    defer { close(file) }
    var progress = Progress(number: from)
    let (start, processor) = (ContinuousClock.now, ProcessTime.now)
    func note() {
      progress.microseconds = Int((ProcessTime.now - processor) * 1e6)
      progress.write(to: file)
    }
    while progress.number < executions, Double(progress.microseconds) < seconds * 1e6,
      ContinuousClock.now - start < .seconds(10 * seconds)
    {
      note()
      do {
        try reading.run(campaign: seed, execution: progress.number)
      } catch {
        note()
        try Data("\(error)".utf8).write(to: URL(fileURLWithPath: path + ".find"))
        // The file stays where the parent takes it from.
        _exit(70)
      }
      progress.number += 1
    }
    progress.isAtEnd = true
    note()
  }
}
