import Foundation
import Inspection
import Masks
import Media
import TestSupport
import Testing

@testable import Pipelines

@Suite struct ReportJobTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip(frames: 12)
    try folder.makeMask(frames: 12)
  }

  private func restore(_ change: (inout RestoreJob) -> Void) throws -> RestoreResult {
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    var job = RestoreJob(
      input: folder.file("in.mkv"), output: folder.file("out.mkv"), masks: masks,
      encoding: EncodeSettings(lossless: true))
    job.restoration.preset = .fast
    job.restoration.iterations = 40
    job.metrics = folder.file("metrics.json")
    change(&job)
    return try job.run()
  }

  private func data(of page: String) throws -> [String: Any] {
    let text = try String(contentsOfFile: folder.file(page), encoding: .utf8)
    let start = try #require(text.range(of: "id=\"data\">"))
    let end = try #require(text.range(of: "</script>", range: start.upperBound..<text.endIndex))
    let json = try JSONSerialization.jsonObject(with: Data(text[start.upperBound..<end.lowerBound].utf8))
    return try #require(json as? [String: Any])
  }

  @Test func aRestorationRecordsWhatItLearnedAndComesOutTheSame() throws {
    _ = try restore { $0.report = folder.file("with") }
    _ = try restore { $0.output = folder.file("plain.mkv") }
    #expect(try folder.frames(of: "out.mkv") == folder.frames(of: "plain.mkv"))
    let data = try data(of: "with/index.html")
    #expect((data["pictures"] as? [Any])?.count == 12)
    let learned = try #require((data["learned"] as? [[String: Any]])?.first)
    let axes = try #require(learned["axes"] as? [[String: Any]])
    #expect(axes.compactMap { $0["name"] as? String } == ["rows", "columns", "frames"])
    for axis in axes {
      let pictures = try #require(axis["affinities"] as? [[String: Any]])
      #expect(pictures.count >= 2)
    }
    let charts = try #require((data["learnedCharts"] as? [[String]])?.first)
    for title in ["Dirichlet energy along each axis", "Singular values of the Tucker core", "Loss"] {
      #expect(charts.count { $0.contains(title) } == 1)
    }
    let window = try #require((data["windows"] as? [[String: Any]])?.first)
    #expect(window["seconds"] is Double && window["iterations"] is Int)
  }

  @Test func aPageFromTheMetricsAndFromNothing() throws {
    _ = try restore { _ in }
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    let files = InspectedFiles(
      input: folder.file("in.mkv"), result: folder.file("out.mkv"), reference: folder.file("in.mkv"),
      masks: masks)
    try ReportJob(
      files: files, record: RestorationRecord(metrics: folder.file("metrics.json")), folder: folder.file("a"),
      frames: 3...5
    ).run()
    let known = try data(of: "a/index.html")
    #expect((known["pictures"] as? [[String: Any]])?.compactMap { $0["frame"] as? Int } == [3, 4, 5])
    #expect((known["windows"] as? [Any])?.isEmpty == false && known["restoration"] != nil)
    #expect(((known["frames"] as? [String: Any])?["psnrMissing"] as? [Any])?.count == 12)
    try ReportJob(files: files, folder: folder.file("b/c")).run()
    let unknown = try data(of: "b/c/index.html")
    #expect((unknown["windows"] as? [Any])?.isEmpty == true && unknown["restoration"] == nil)
    #expect((unknown["notes"] as? [String])?.contains { $0.contains("--metrics") } == true)
    #expect(throws: JobError.self) { try ReportJob(files: files, folder: folder.file("b/c")).run() }
    #expect(throws: JobError.self) {
      try ReportJob(files: files, folder: folder.file("d"), frames: 10...12).run()
    }
  }

  @Test func whatIsNoRecordIsRefused() throws {
    try folder.write(Array("{}".utf8), to: "empty.json")
    for name in ["empty.json", "absent.json", "in.mkv"] {
      #expect {
        try RestorationRecord(metrics: folder.file(name))
      } throws: { ($0 as? JobError)?.kind == .input }
    }
  }

  @Test(arguments: [("3", [3]), ("5,1-3,2", [1, 2, 3, 5])])
  func listsOfFrames(text: String, frames: [Int]) throws {
    #expect(try FrameList(parsing: text).frames == frames)
  }

  @Test(arguments: ["", "-1", "5-3", "1,,2", "a", "1-2-3", "0-9999999999", "99999999999999999999"])
  func noListsOfFrames(text: String) {
    #expect(throws: JobError.self) { try FrameList(parsing: text) }
  }
}
