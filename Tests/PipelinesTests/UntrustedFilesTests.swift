import Foundation
import TestSupport
import Testing

@testable import Pipelines

/// Files and names that somebody else chose.
@Suite struct UntrustedFilesTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  // MARK: Names that lead out of a folder

  @Test func aStemOfTwoDotsDoesNotLeadOutOfTheOutputsFolder() throws {
    let fixture = try BatchYAMLFixture()
    try fixture.folder.write([1], to: "sub/...mkv")
    func jobs(_ output: String, metrics: String = "m/{relpath}/{name}.json") -> String {
      """
      version: 1
      jobs:
        - {inputs: "sub/.*", output: "\(output)", metrics: "\(metrics)", mask: {rects: ["1,2,3,4"]}}
      """
    }
    #expect(
      try fixture.plan(jobs("out/{stem}.mkv")).tasks.first?.restore.output.hasSuffix("out/...mkv") == true)
    #expect(throws: Never.self) { try fixture.plan(jobs("out/a{stem}/x.mkv")) }
    for output in ["out/{stem}/x.mkv", "{stem}/{stem}/x.mkv", "{dir}/{stem}/x.mkv"] {
      let complaints = fixture.complaints(jobs(output))
      #expect(
        complaints.contains { $0.contains("output: {stem} is .. for sub/...mkv") }, "\(output): \(complaints)"
      )
    }
    let complaints = fixture.complaints(jobs("out/{name}", metrics: "m/{stem}/m.json"))
    #expect(complaints.contains { $0.contains("metrics: {stem} is ..") }, "\(complaints)")
  }

  @Test func whatThePersonWroteIsFollowed() throws {
    let fixture = try BatchYAMLFixture()
    let jobs = """
      version: 1
      jobs:
        - {inputs: [a.mkv], output: "../{name}", mask: {rects: ["1,2,3,4"]}}
      """
    #expect(try fixture.plan(jobs).tasks.first?.restore.output.hasSuffix("/../a.mkv") == true)
  }

  // MARK: Files of other users

  @Test func plansAndFoldersOfOtherUsersAreNotFollowed() throws {
    let path = try folder.write(Array("{}".utf8), to: "plan.json")
    // Seen from another user's side: the file is this process's.
    let owner = geteuid() == 0 ? 12345 : geteuid()
    if geteuid() == 0 { #expect(chown(path, owner, owner) == 0) }
    func check(trusted: String? = nil) throws {
      try FileOwner.check(path, "a plan", advice: "make one", me: owner + 1, trusted: trusted)
    }
    let error = #expect(throws: JobError.self) { try check() }
    #expect(error?.kind == .configuration)
    #expect(error?.description.hasPrefix("\(path) is a plan of another user (") == true)
    #expect(error?.description.contains("INRR_TRUSTED_USERS=") == true)
    #expect(throws: JobError.self) { try check(trusted: "nobody-by-this-name,1") }
    for trusted in ["*", "\(owner)", "someone, \(owner)"] {
      #expect(throws: Never.self) { try check(trusted: trusted) }
    }
    // The user's own, and what is not there.
    try FileOwner.check(path, "a plan", advice: "", me: owner, trusted: nil)
    try FileOwner.check(folder.file("none"), "a plan", advice: "", me: owner + 1, trusted: nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func rootFollowsNobodysPlansAndWorkFolders() throws {
    let plan = try folder.write(Array("{}".utf8), to: "plan.json")
    #expect(chown(plan, 12345, 12345) == 0)
    let error = #expect(throws: JobError.self) { try ShardPlan(path: plan) }
    #expect(error?.description.contains("of another user (12345)") == true, "\(String(describing: error))")
    try AtomicFile.makeFolder(folder.file("work"))
    #expect(chown(folder.file("work"), 12345, 12345) == 0)
    let refused = #expect(throws: JobError.self) {
      _ = try WorkLock(.alone, folder: folder.file("work"), purpose: "a test")
    }
    #expect(refused?.description.contains("a work folder of another user") == true)
    #expect(folder.contents == ["plan.json", "work"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("work")).isEmpty)
  }

  // MARK: Links in the way

  @Test func aLinkInAFilesPlaceIsNotWrittenThrough() throws {
    let victim = try folder.write(Array("mine".utf8), to: "victim")
    func isUntouched() -> Bool { FileManager.default.contents(atPath: victim) == Data("mine".utf8) }
    try AtomicFile.makeFolder(folder.file("work"))
    #expect(symlink(victim, folder.file("work/lock")) == 0)
    #expect(throws: JobError.self) {
      _ = try WorkLock(.alone, folder: folder.file("work"), purpose: "a test")
    }
    #expect(isUntouched())
    #expect(symlink(victim, folder.file("units")) == 0)
    #expect(throws: JobError.self) { _ = try PlanData(adding: folder.file("units")) }
    #expect(isUntouched())
    #expect(symlink(victim, folder.file("small")) == 0)
    #expect(AtomicFile.makeAnew(folder.file("small"), Data("other".utf8)))
    #expect(isUntouched())
    #expect(FileManager.default.contents(atPath: folder.file("small")) == Data("other".utf8))
  }
}
