import TestSupport
import Testing
import Yams

@testable import Pipelines

/// Files of settings that are small and stand for much, or are rubbish: each is refused at once, in few words.
@Suite struct YAMLBoundsTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    for name in ["a.mkv", "b.mkv"] { try folder.write([1], to: name) }
  }

  private static let job = "jobs: [{inputs: a.mkv, mask: {value: 0}, output: 'o/{name}'}]\n"

  private func plan(_ text: String) throws -> BatchPlan {
    try BatchPlan(YAMLDocument(text: text, file: "p.yaml"), path: folder.file("p.yaml"))
  }

  private func complaint(_ text: String) -> String {
    do {
      _ = try plan(text)
      return ""
    } catch {
      return "\(error)"
    }
  }

  /// Nine aliases of nine aliases, ten deep: 3.5 thousand million values.
  private static let laughs =
    "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
    + (1..<10).map { level in
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ",")
      return "a\(level): &a\(level) [\(aliases)]\n"
    }.joined()

  private static let doubling =
    "vars:\n  v0: abcdefghij\n"
    + (1...40).map { "  v\($0): \"${v\($0 - 1)}${v\($0 - 1)}\"\n" }.joined()

  private static let matrix =
    "jobs:\n  - {inputs: a.mkv, mask: {value: 0}, output: o.mkv, matrix: {"
    + (0..<6).map { "m\($0): [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]" }.joined(separator: ", ") + "}}\n"

  static let bombs: [(text: String, words: String)] = [
    (laughs + job, "p.yaml:1:1: more than 200000 values"),
    // In keys, which the parser compares.
    (laughs + "? *a9\n: x\n" + job, "more than 200000 values"),
    (laughs + "{*a9, *a8}: x\n" + job, "more than 200000 values"),
    (doubling + job.replacing("a.mkv", with: "'${v40}'"), "bytes by its variables"),
    (matrix, "matrix has more than 10000 combinations"),
    (job.replacing("a.mkv", with: String(repeating: "x", count: 2_000_000)), "a value of 2000000 bytes"),
    (job.replacing("value: 0", with: "value: " + String(repeating: "1", count: 60_000)), "whole number"),
    ("? \(String(repeating: "k", count: 70_000))\n: 1\n" + job, "a value of 70000 bytes"),
    ("? \(String(repeating: "k", count: 60_000))\n: 1\n" + job, "more characters)…"),
    ("x: \(String(repeating: "[", count: 900))\(String(repeating: "]", count: 900))\n" + job, "100 deep"),
    ("x: \(String(repeating: "[", count: 50_000))\n" + job, "this is no YAML"),
    ("x: &a [*a]\n" + job, "undefined alias"),
    ("\tx: 1\n" + job, "tab"),
    (job + job, "given twice in one place: 'jobs'"),
    ("x: \u{0}\n" + job, "control characters"),
    ("\"\\e[31mred\": 1\n" + job, "no key '\\u001b[31mred'"),
    ("<<: 1\n" + job, "<< takes over the keys of a mapping"),
  ]

  @Test(arguments: 0..<bombs.count)
  func whatStandsForTooMuchIsRefusedAtOnce(number: Int) {
    let bomb = Self.bombs[number]
    let start = ContinuousClock.now
    let found = complaint("version: 1\n" + bomb.text)
    #expect(found.contains(bomb.words), "\(found.prefix(1000))")
    #expect(found.utf8.count < 2500, "\(found.prefix(1000))")
    #expect(!found.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    // Far more than it takes, for machines that are busy.
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func variablesThatCannotBeFoundOutAreSaidOnce() {
    let found = complaint("version: 1\n" + Self.doubling + Self.job.replacing("a.mkv", with: "'${v40}'"))
    #expect(found.split(separator: "\n").count == 1, "\(found)")
    #expect(found.hasPrefix("p.yaml:16:8: '${v12}${v12}' becomes longer"), "\(found)")
  }

  @Test func allJobsTogetherHaveABound() {
    let long = String(repeating: "x", count: 60_000)
    let values = (0..<2000).map { "'${long}\($0)'" }.joined(separator: ", ")
    let text = "version: 1\nvars: {long: \(long)}\njobs: [{inputs: [\(values)], mask: {value: 0}}]\n"
    let found = complaint(text)
    #expect(found.contains("the jobs come to more than can be read"), "\(found.prefix(500))")
  }

  @Test func thousandsOfComplaintsAreCounted() {
    let jobs = (0..<3000).map { "  - {inputs: a.mkv, mask: {value: x\($0)}}\n" }.joined()
    let lines = complaint("version: 1\njobs:\n" + jobs).split(separator: "\n")
    #expect(lines.count == 101 && lines.last == "p.yaml: and at least 900 more", "\(lines.suffix(2))")
    #expect(lines.first?.hasPrefix("p.yaml:3:") == true)
  }

  @Test func aLargeFileIsNotRead() throws {
    try folder.write(Array(repeating: UInt8(ascii: "#"), count: YAMLLimits.bytes + 1), to: "large.yaml")
    let error = #expect(throws: JobError.self) { try BatchPlan(yaml: folder.file("large.yaml")) }
    #expect(error?.description.contains("is larger than 8") == true, "\(String(describing: error))")
  }

  @Test func aliasesAndMergedKeysAreTakenOver() throws {
    let plan = try plan(
      """
      version: 1
      defaults:
        mask: &mask {value: 3, dilate: 1}
        solve: &solve {preset: fast, seed: 7}
      jobs:
        - {inputs: a.mkv, mask: {<<: *mask, dilate: 2}, solve: *solve}
        - {inputs: b.mkv, mask: {<<: [{value: 9}, *mask]}, solve: {preset: best, <<: *solve}}
      """)
    let jobs = plan.tasks.map(\.restore)
    #expect(jobs.map(\.masks.value) == [3, 9] && jobs.map(\.masks.dilation) == [2, 1])
    #expect(jobs.map(\.restoration.preset) == [.fast, .best] && jobs.map(\.restoration.seed) == [7, 7])
  }

  @Test func settingsOfTheCommandLineHaveBoundsToo() {
    let deep = Array(repeating: "a", count: 5000).joined(separator: ".") + "=1"
    for set in [deep, "solve.preset=" + String(repeating: "[", count: 5000)] {
      let error = #expect(throws: JobError.self) { try SettingOverride(parsing: set) }
      #expect((error?.description.utf8.count ?? .max) < 2500)
    }
  }

  /// Many ways through many folders lead to the same files.
  @Test func patternsOfManyFoldersTakeNoLonger() throws {
    for name in ["a/b/c/a/b/c/a/b/c/a/b/c/x.mkv", "a/x.mkv"] {
      try AtomicFile.makeFolder(PathName.folder(of: folder.file(name)))
      try folder.write([1], to: name)
    }
    let many = Array(repeating: "**", count: 30).joined(separator: "/")
    let start = ContinuousClock.now
    let twice = PathPattern(folder.file("\(many)/a/**/a/**/a/**/*.mkv")).files()
    #expect(twice == [folder.file("a/b/c/a/b/c/a/b/c/a/b/c/x.mkv")])
    #expect(PathPattern(folder.file("\(many)/x.mkv")).files().count == 2)
    let path = Array(repeating: "a", count: 60).joined(separator: "/")
    let pattern = Array(repeating: "**/a", count: 25).joined(separator: "/")
    #expect(!PathPattern(pattern + "/b").matches(path: path))
    #expect(PathPattern(pattern).matches(path: path))
    #expect(!PathPattern("**/a").matches(path: "b") && PathPattern("a/**").matches(path: "a/b/c"))
    #expect(!PathPattern("a/**").matches(path: "a") && PathPattern("a/**/b").matches(path: "a/b"))
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func messagesAreShortAndCannotSteerATerminal() {
    #expect(MessageText.tidied("a.mkv: there is no 'x'") == "a.mkv: there is no 'x'")
    #expect(
      MessageText.tidied("\u{1B}[2J\u{7}\u{202E}é\tx\r\nb") == "\\u001b[2J\\u0007\\u202eé\tx\\u000d\nb")
    let long = MessageText.tidied("not '\(String(repeating: "7", count: 200_000))', but 3")
    #expect(long.count < 400 && long.hasPrefix("not '777") && long.hasSuffix("77', but 3"), "\(long)")
    let words = MessageText.tidied(Array(repeating: "word", count: 100_000).joined(separator: " "))
    #expect(words.count < 2100 && words.contains("more characters)…"))
    #expect(JobError(.input, String(repeating: "x", count: 100_000)).description.count < 400)
  }
}
