import Foundation
import TestSupport

/// The files of one format, read by child after child: one that crashes or hangs names its file, and the next goes on behind it.
struct Campaign {
  let format: FuzzFormat
  let command: Fuzz
  private(set) var finds = 0
  private(set) var tally = Tally()
  /// The number of the next file.
  private var next: Int

  /// Finds after which a format is given up: they are mostly the same.
  private static let mostFinds = 20

  init(format: FuzzFormat, command: Fuzz) {
    (self.format, self.command) = (format, command)
    next = command.from
  }

  /// Reads files for some seconds of a processor, behind those that were read before.
  mutating func run(seconds: Double) throws {
    let end = tally.seconds + seconds
    while next < command.executions, finds < Self.mostFinds, tally.seconds < end {
      if try runChild(seconds: end - tally.seconds) { break }
    }
  }

  /// - Returns: whether its time or the files have run out, and nothing was found.
  private mutating func runChild(seconds: Double) throws -> Bool {
    let folder = try ScratchFolder()
    let progress = folder.file("progress")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      format.name, "--progress", progress, "--from", "\(next)", "--executions", "\(command.executions)",
      "--seed",
      "\(command.seed)", "--seconds", "\(seconds)", "--limit", "\(command.limit)",
    ]
    // Swift's backtraces of a child can outlive it and keep it from being seen to end; `--read` of a find shows one.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    try folder.write([], to: "log")
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("log")))
    (process.standardOutput, process.standardError, process.standardInput) = (log, log, FileHandle.nullDevice)
    try process.run()
    let child = process.processIdentifier
    var (seen, since, spent, hangs) = (Progress?.none, ContinuousClock.now, 0.0, false)
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.1)
      let now = Progress(path: progress)
      if now != seen { (seen, since, spent) = (now, .now, ProcessTime.of(child)) }
      // Twice: the child itself tells of files that are only slow. By the clock it may be a machine that is busy with other things.
      if ProcessTime.of(child) - spent > 2 * command.limit + 20
        || ContinuousClock.now - since > .seconds(60 * command.limit)
      {
        hangs = true
        kill(child, SIGKILL)
        break
      }
    }
    process.waitUntilExit()
    let last = Progress(path: progress)
    let scratch = (try? String(contentsOfFile: progress + ".scratch", encoding: .utf8))?.dropLast() ?? ""
    defer { if !scratch.isEmpty { try? FileManager.default.removeItem(atPath: String(scratch)) } }
    guard let last else {
      let words = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
      throw Executions.Find(
        description: "\(format.name): the first files can't be read: \(words.suffix(2000))")
    }
    let read = last.tally(from: next)
    tally += read
    next += read.files
    if last.isAtEnd && process.terminationStatus == 0 && !hangs { return true }
    let found = try? String(contentsOfFile: progress + ".find", encoding: .utf8)
    try keep(
      last.number, scratch: String(scratch), log: folder.file("log"),
      hangs ? "it hangs" : found ?? "it crashes")
    return false
  }

  private mutating func keep(_ number: Int, scratch: String, log: String, _ reason: String) throws {
    finds += 1
    let name = "\(command.out)/\(format.name)-\(command.seed)-\(number)"
    try FileManager.default.createDirectory(atPath: command.out, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: name + format.suffix)
    try FileManager.default.copyItem(atPath: "\(scratch)/input\(format.suffix)", toPath: name + format.suffix)
    let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    try Data("\(reason)\n\n\(words.suffix(20000))".utf8).write(to: URL(fileURLWithPath: name + ".find.txt"))
    print("\(name)\(format.suffix): \(reason)")
    fflush(nil)
  }
}
