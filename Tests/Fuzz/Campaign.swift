import Foundation
import TestSupport

/// The files of one format, read by child after child: one that crashes or hangs names its file, and the next goes on behind it.
struct Campaign {
  let format: FuzzFormat
  let command: Fuzz
  private(set) var finds = 0
  private var done = 0

  /// Finds after which a format is given up: they are mostly the same.
  private static let mostFinds = 20

  init(format: FuzzFormat, command: Fuzz) { (self.format, self.command) = (format, command) }

  mutating func run() throws {
    let start = ContinuousClock.now
    var next = command.from
    while next < command.executions, finds < Self.mostFinds {
      let left = command.seconds - (ContinuousClock.now - start) / .seconds(1)
      if left <= 0 { break }
      next = try runChild(from: next, seconds: left)
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("\(format.name): \(done) files, \(finds) finds, \(Int(seconds)) s")
    fflush(nil)
  }

  /// - Returns: the number of the file to go on with.
  private mutating func runChild(from: Int, seconds: Double) throws -> Int {
    let folder = try ScratchFolder()
    let progress = folder.file("progress")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      format.name, "--progress", progress, "--from", "\(from)", "--executions", "\(command.executions)",
      "--seed",
      "\(command.seed)", "--seconds", "\(seconds)", "--limit", "\(command.limit)",
    ]
    // Swift's backtraces of a child can outlive it and keep it from being seen to end; `--read` of a find shows one.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    try folder.write([], to: "log")
    let log = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.file("log")))
    (process.standardOutput, process.standardError, process.standardInput) = (log, log, FileHandle.nullDevice)
    try process.run()
    var (seen, since, hangs) = (Int?.none, ContinuousClock.now, false)
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.1)
      let now = Self.number(progress)
      if now != seen { (seen, since) = (now, .now) }
      // Twice: the child itself tells of files that are only slow.
      if ContinuousClock.now - since > .seconds(2 * command.limit + 20) {
        hangs = true
        kill(process.processIdentifier, SIGKILL)
        break
      }
    }
    process.waitUntilExit()
    let last = Self.number(progress)
    let scratch = (try? String(contentsOfFile: progress + ".scratch", encoding: .utf8))?.dropLast() ?? ""
    defer { if !scratch.isEmpty { try? FileManager.default.removeItem(atPath: String(scratch)) } }
    if process.terminationStatus == 0 && !hangs, let last, last < 0 {
      // Time or files have run out.
      done += -1 - last
      return command.executions
    }
    guard let reached = last, reached >= 0 else {
      let words = (try? String(contentsOfFile: folder.file("log"), encoding: .utf8)) ?? ""
      throw Executions.Find(
        description: "\(format.name): the first files can't be read: \(words.suffix(2000))")
    }
    let found = try? String(contentsOfFile: progress + ".find", encoding: .utf8)
    try keep(
      reached, scratch: String(scratch), log: folder.file("log"), hangs ? "it hangs" : found ?? "it crashes")
    done += reached - from + 1
    return reached + 1
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

  /// The number of the file that is being read, or -1 - n after n files; nil before the first.
  private static func number(_ path: String) -> Int? {
    guard let data = FileManager.default.contents(atPath: path), data.count == 8 else { return nil }
    return data.withUnsafeBytes { Int($0.loadUnaligned(as: Int64.self)) }
  }
}
