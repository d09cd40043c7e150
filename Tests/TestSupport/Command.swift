import Foundation

/// A program that a test runs.
public enum Command {
  public struct Result: Sendable {
    public var status: Int32
    public var outputData: Data
    public var errors: String

    public var output: String { String(decoding: outputData, as: UTF8.self) }
  }

  /// Runs a program to its end.
  ///
  /// - Parameter program: a path, or a name that is looked for as a shell does.
  public static func run(_ program: String, _ arguments: [String], in folder: String) throws -> Result {
    let running = try start(program, arguments, in: folder)
    return running.wait()
  }

  /// Something was waited for that did not happen.
  struct Waited: Error {
    var what: String
    /// What the program had said.
    var errors: String
  }

  /// A program that has been started.
  public final class Running {
    let process: Process
    private let folder: ScratchFolder
    private let output: FileHandle
    private let errors: FileHandle

    fileprivate init(process: Process, folder: ScratchFolder, output: FileHandle, errors: FileHandle) {
      self.process = process
      self.folder = folder
      self.output = output
      self.errors = errors
    }

    public var isRunning: Bool { process.isRunning }

    public var processIdentifier: Int32 { process.processIdentifier }

    public func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// The exit status; 128 + the signal's number where one ended the program.
    public func wait() -> Result {
      process.waitUntilExit()
      let status = process.terminationStatus + (process.terminationReason == .uncaughtSignal ? 128 : 0)
      return Result(
        status: status, outputData: read("out"), errors: String(decoding: read("err"), as: UTF8.self))
    }

    /// What the program has printed so far, and what of it went to the standard error.
    public var outputSoFar: String { String(decoding: read("out"), as: UTF8.self) }
    public var errorsSoFar: String { String(decoding: read("err"), as: UTF8.self) }

    /// Waits until something has happened while the program runs.
    ///
    /// - Throws: `Waited` where it has not when the program has ended, or after a minute.
    public func wait(for what: String, _ hasHappened: () -> Bool) throws {
      let end = ContinuousClock.now + .seconds(60)
      while !hasHappened() {
        // Looked at once more: it may have happened before the end.
        let isOver = !isRunning || ContinuousClock.now > end
        if isOver && !hasHappened() { throw Waited(what: what, errors: errorsSoFar) }
        Thread.sleep(forTimeInterval: 0.005)
      }
    }

    private func read(_ name: String) -> Data {
      (try? Data(contentsOf: URL(fileURLWithPath: folder.file(name)))) ?? Data()
    }
  }

  /// Starts a program. Its output goes to files: a pipe that nobody empties would block it.
  public static func start(_ program: String, _ arguments: [String], in folder: String) throws -> Running {
    let scratch = try ScratchFolder()
    for name in ["out", "err"] { try scratch.write([], to: name) }
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("out")))
    let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.file("err")))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program.contains("/") ? program : "/usr/bin/env")
    process.arguments = (program.contains("/") ? [] : [program]) + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    return Running(process: process, folder: scratch, output: output, errors: errors)
  }
}
