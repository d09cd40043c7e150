import Media
import Testing

@testable import Pipelines

/// What is missing is named, with what can't be done without it.
@Suite struct SystemReportTests {
  private let gibibyte = 1 << 30
  private let home = MachineState.Folder(path: "/home", use: "outputs", free: 9 << 30, isWritable: true)
  private let usual = ["h264", "ffv1"].map {
    FFmpegBuild.Codec(name: $0, decoder: $0, encoder: $0, encoders: [$0])
  }

  private func missing(
    _ codecs: [FFmpegBuild.Codec], memory: Int = 8 << 30, _ folders: [MachineState.Folder] = []
  ) -> [String] {
    SystemReport.missing(codecs: codecs, memory: memory, folders: folders)
  }

  @Test func nothing() { #expect(missing(usual, [home]) == []) }

  @Test func encodersAndDecoders() {
    let hevc = FFmpegBuild.Codec(name: "hevc", decoder: nil, encoder: nil, encoders: ["libx265"])
    let said = missing(usual + [hevc])
    #expect(said.count == 2 && said[0].contains("decoder for hevc") && said[1].contains("libx265"))
    #expect(said[1].contains("H.264 or FFV1"))
    let poor = usual.map {
      FFmpegBuild.Codec(name: $0.name, decoder: $0.name, encoder: nil, encoders: [$0.name])
    }
    #expect(
      missing(poor).contains { $0.contains("--lossless") }
        && missing(poor).contains { $0.contains("libx264") })
    #expect(missing(poor + [hevc]).contains { $0.hasSuffix("FFV1 instead") && !$0.contains("H.264 or") })
  }

  @Test func memoryAndDisk() {
    #expect(
      missing(usual, memory: gibibyte).contains { $0.contains("1.0 GiB") && $0.contains("--max-memory") })
    var full = home
    full.free = 5 << 20
    #expect(missing(usual, [full]) == ["disk: 5 MiB are free in /home for outputs"])
    full.isWritable = false
    #expect(missing(usual, [full]) == ["a right to write into /home: no outputs there"])
  }

  @Test func theMachineHasAll() {
    let report = SystemReport(folder: "/")
    #expect(report.codecs.allSatisfy { $0.decoder != nil }, "Debian's FFmpeg reads all of them")
    #expect(report.codecs.allSatisfy { !$0.encoders.isEmpty })
    #expect(MachineState.folder("/nowhere/at/all", use: "").free == nil)
  }
}
