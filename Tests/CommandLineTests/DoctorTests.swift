import Foundation
import Pipelines
import TestSupport
import Testing

/// What the tool says of itself and of its machine.
@Suite struct DoctorTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  @Test func versionTellsWhatItRunsWith() throws {
    let result = try BuiltTool.run("--version", in: folder)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(result.status == 0 && lines.count == 4, "\(result.output)")
    #expect(lines.first == "inrr-video \(ToolVersion.current)")
    let words = try Command.run("ffmpeg", ["-version"], in: folder.path).output.split(separator: " ")
    let version = try #require(words.dropFirst(2).first)
    #expect(lines[1].hasPrefix("FFmpeg \(version) (") && lines[1].contains("GPL"), "\(lines[1])")
    let sets = ["baseline", "avx2", "avx512", "avx512-bf16"]
    #expect(sets.contains(String(lines[2].split(separator: " ")[1])), "\(lines[2])")
    #expect(lines[3] == "Apache License 2.0")
  }

  private struct Report: Decodable {
    struct Codec: Decodable {
      var name: String
      var decoder: String?
      var encoder: String?
    }
    struct Folder: Decodable {
      var path: String
      var free: Int?
      var is_writable: Bool
    }
    var version: String
    var executable: String
    var instructions: String
    var codecs: [Codec]
    var threads: Int
    var memory: Int
    var available_memory: Int?
    var folders: [Folder]
    var missing: [String]
  }

  @Test func doctorTellsWhatCanBeDone() throws {
    let result = try BuiltTool.run("doctor", "--json", in: folder)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let report = try JSONDecoder().decode(Report.self, from: result.outputData)
    #expect(report.version == ToolVersion.current && report.executable.hasSuffix("inrr-video"))
    let ffv1 = try #require(report.codecs.first { $0.name == "ffv1" })
    #expect(ffv1.decoder == "ffv1" && ffv1.encoder == "ffv1")
    #expect(report.threads == ProcessInfo.processInfo.activeProcessorCount)
    #expect(report.memory > 1 << 28 && (report.available_memory ?? 1) <= report.memory)
    #expect(
      report.folders.count == 2
        && report.folders[0].path.hasSuffix((folder.path as NSString).lastPathComponent))
    #expect(report.folders.allSatisfy { ($0.free ?? 0) > 0 && $0.is_writable })

    let text = try BuiltTool.run("doctor", in: folder).output
    for word in ["FFmpeg", "OpenBLAS", "h264: read by", "disk", "memory", report.instructions] {
      #expect(text.contains(word), "\(word): \(text)")
    }
    #expect(text.contains("\nmissing    nothing") == report.missing.isEmpty)
    for sentence in report.missing { #expect(text.contains("MISSING    \(sentence)")) }
  }

  @Test func aFolderThatIsNotThere() throws {
    try folder.expectFailure(2, ["none", "is no folder"], ["doctor", "--folder", "none"])
    try folder.expectFailure(
      2, ["'--forlder'", "--folder"].map { $0.replacing("'", with: "") }, ["doctor", "--forlder", "x"])
  }
}
