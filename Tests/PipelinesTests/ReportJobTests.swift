import Foundation
import Inspection
import Masks
import Media
import Reconstruction
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

  /// A video of film with blotches, a speck, a scratch and a logo.
  private func restoreFilm(interlaced: Bool) throws -> RestoreResult {
    let fields = interlaced ? ["-vf", "setfield=tff", "-field_order", "tt"] : []
    try folder.ffmpeg(
      ["-f", "lavfi", "-i", "testsrc2=s=420x304:r=25", "-frames:v", "6"] + fields
        + ["-c:v", "ffv1", "-pix_fmt", "yuv420p", folder.file("film.mkv")])
    try folder.ffmpeg(
      "-f", "lavfi", "-i",
      "nullsrc=s=420x304:r=25,format=gray,geq=lum='255*gt(lt(hypot(mod(X+37*N\\,140)-70\\,mod(Y+23*N\\,150)-75)\\,8)"
        + "+eq(X\\,215)*gt(N\\,2)+between(X\\,380\\,409)*between(Y\\,250\\,279)+eq(X+31*N\\,300)*eq(Y\\,9)\\,0)'",
      "-frames:v", "6", "-c:v", "ffv1", folder.file("mask.mkv"))
    return try restore {
      ($0.input, $0.overwrite, $0.report) = (folder.file("film.mkv"), true, folder.file("own"))
      $0.restoration.iterations = nil
    }
  }

  @Test(arguments: [false, true])
  func holesAreToldByKindAsTheyWereSolved(interlaced: Bool) throws {
    let metrics = try restoreFilm(interlaced: interlaced).metrics
    let solved = metrics.windows.compactMap(\.report.spots).reduce(SpotKinds(), +)
    try #require(solved.lines > 0 && solved.points > 0 && solved.blotches > 0)
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    let files = InspectedFiles(
      input: folder.file("film.mkv"), result: folder.file("out.mkv"), masks: masks)
    let record = try RestorationRecord(metrics: folder.file("metrics.json"))
    try ReportJob(files: files, record: record, folder: folder.file("later"), frames: 3...4).run()
    for page in ["own", "later"] {
      let data = try data(of: "\(page)/index.html")
      let holes = try #require(data["holes"] as? [String: [Int]])
      #expect(holes.values.allSatisfy { $0.count == 6 })
      #expect(holes["lines"]?.reduce(0, +) == solved.lines)
      #expect(holes["points"]?.reduce(0, +) == solved.points)
      #expect(holes["blotches"]?.reduce(0, +) == solved.blotches)
      // A logo in each of two fields.
      #expect(holes["others"] == [Int](repeating: interlaced ? 2 : 1, count: 6))
      let windows = try #require(data["windows"] as? [[String: Any]])
      let spots = windows.compactMap { $0["spots"] as? [String: Int] }
      #expect(spots.count == 1 && spots[0]["lines"] == solved.lines && windows.count > 1)
      #expect((data["notes"] as? [String])?.contains { $0.contains("spots") } == false)
      let pictures = try #require(data["pictures"] as? [[String: Any]])
      #expect(pictures.compactMap { $0["frame"] as? Int } == (page == "own" ? Array(0..<6) : [3, 4]))
      let frame = try #require(pictures.first { $0["frame"] as? Int == 4 })
      let map = try pixels(of: #require(frame["mask"] as? String))
      func colour(_ x: Int, _ y: Int) -> [UInt8] { Array(map[3 * (y * 420 + x)..<3 * (y * 420 + x) + 3]) }
      #expect(colour(395, 265) == [255, 255, 255], "a logo")
      #expect(colour(215, 100) == [255, 0, 0], "a scratch")
      #expect(colour(300 - 31 * 4, 9) == [255, 255, 0], "a speck")
      #expect(colour(70 + 140 - 8, 75 + 150 - 92) == [255, 0, 255], "a blotch")
      #expect(colour(5, 300) == [0, 0, 0], "nothing")
    }
  }

  @Test func otherMasksThanThoseOfTheRestorationAreNoticed() throws {
    _ = try restoreFilm(interlaced: false)
    var masks = MaskOptions()
    masks.file = folder.file("mask.mkv")
    masks.dilation = 3
    let files = InspectedFiles(
      input: folder.file("film.mkv"), result: folder.file("out.mkv"), masks: masks)
    let record = try RestorationRecord(metrics: folder.file("metrics.json"))
    try ReportJob(files: files, record: record, folder: folder.file("other")).run()
    let notes = try #require(try data(of: "other/index.html")["notes"] as? [String])
    #expect(notes.contains { $0.contains("other masks") })
    try ReportJob(files: files, folder: folder.file("unknown")).run()
    #expect(try data(of: "unknown/index.html")["holes"] == nil)
  }

  /// The samples of a picture in a page, as `ffmpeg` decodes it.
  private func pixels(of url: String) throws -> [UInt8] {
    let start = try #require(url.range(of: "base64,")).upperBound
    try folder.write(Array(#require(Data(base64Encoded: String(url[start...])))), to: "picture.png")
    try folder.ffmpeg(
      "-i", folder.file("picture.png"), "-f", "rawvideo", "-pix_fmt", "rgb24", folder.file("picture.raw"))
    return Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("picture.raw"))))
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
