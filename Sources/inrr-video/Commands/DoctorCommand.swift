import ArgumentParser
import Foundation
import Pipelines

/// `inrr-video doctor [--json]`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Tells what can be done on this machine, and what is missing for what.",
    discussion: """
      Encoders and decoders of the FFmpeg that is used, instruction set, threads, memory, and free disk. Nothing that is \
      missing is an error: the exit code is 0.
      """)

  @Option(
    help: ArgumentHelp("Where outputs would be written (default: the current folder).", valueName: "dir"))
  var folder: String?

  @Flag(help: "Prints JSON.")
  var json = false

  mutating func validate() throws {
    if folder?.isEmpty == true { throw ValidationError("--folder is empty: name a folder, or leave it out") }
  }

  mutating func run() throws {
    let folder = folder ?? FileManager.default.currentDirectoryPath
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw JobError.configuration("\(folder) is no folder: name one that outputs could be written into")
    }
    let report = SystemReport(folder: folder)
    print(json ? String(decoding: try report.json(), as: UTF8.self) : DoctorText.text(report))
  }
}
