import Foundation
import TestSupport
import Testing

import Masks
@testable import Media
@testable import Pipelines

/// What runs that were killed leave beside an output, and what others are writing there.
@Suite struct UnfinishedFileTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.makeClip(frames: 4)
  }

  /// Above what Linux gives out.
  private static let nobody = 999_999_999

  private func name(_ process: Int, machine: String = UnfinishedFile.machine, stem: String = "out") -> String
  {
    ".\(stem).\(machine).\(process)-1.partial.mkv"
  }

  @discardableResult
  private func restore(to name: String = "out.mkv", overwrite: Bool = false) throws -> [String] {
    var masks = MaskOptions()
    masks.rectangles = [MaskRectangle(x: 8, y: 8, width: 8, height: 8)]
    var job = RestoreJob(
      input: folder.file("in.mkv"), output: folder.file(name), masks: masks,
      encoding: name.hasSuffix(".png")
        ? EncodeSettings(pixelFormat: "rgb24") : EncodeSettings(lossless: true),
      overwrite: overwrite)
    job.restoration.preset = .fast
    job.restoration.iterations = 1
    var warnings: [String] = []
    _ = try job.run(warn: { warnings.append($0) })
    return warnings
  }

  @Test func whatKilledRunsLeftIsRemoved() throws {
    let stale = [name(Self.nobody), ".inrr-video.\(UnfinishedFile.machine).\(Self.nobody)-3.partial"]
    for name in stale { try folder.write([1], to: name) }
    let others = [
      // Of another output, of another machine, and of someone else altogether.
      name(Self.nobody, stem: "film"), name(Self.nobody, machine: "elsewhere"), ".out.mkv",
      ".out.partial.mkv",
      ".out.\(UnfinishedFile.machine).x-1.partial.mkv",
    ]
    for name in others { try folder.write([1], to: name) }
    let warnings = try restore()
    #expect(Set(folder.contents) == Set(others + ["in.mkv", "out.mkv"]))
    #expect(warnings.contains { $0.contains(stale[0]) && $0.contains("--resume") }, "\(warnings)")
    #expect(
      warnings.contains {
        $0.contains("was left unfinished by process \(Self.nobody) on elsewhere: delete it if")
      }, "\(warnings)")
  }

  @Test func theFolderOfASequenceIsRemoved() throws {
    let stale = ".f_%03d.\(UnfinishedFile.machine).\(Self.nobody)-1.partial"
    try FileManager.default.createDirectory(atPath: folder.file(stale), withIntermediateDirectories: true)
    try folder.write([1], to: "\(stale)/f_000.png")
    try restore(to: "f_%03d.png")
    #expect(folder.contents == ["f_001.png", "f_002.png", "f_003.png", "f_004.png", "in.mkv"])
  }

  @Test func whatIsBeingWrittenIsLeftAlone() throws {
    // A lock tells, whatever process the name says: numbers of another container mean nothing here.
    let living = name(Self.nobody)
    try folder.write([1], to: living)
    let descriptor = open(folder.file(living), O_RDWR)
    UnfinishedFile.lock(descriptor)
    let error = #expect(throws: JobError.self) { try restore() }
    #expect(error?.kind == .tryAgain)
    #expect(
      error?.description.contains("is being written by process \(Self.nobody) on \(UnfinishedFile.machine)")
        == true, "\(String(describing: error))")
    #expect(folder.contents == [living, "in.mkv"])
    // Another file of the same stem is no obstacle.
    try restore(to: "out.nut")
    #expect(folder.contents == [living, "in.mkv", "out.nut"])
    close(descriptor)
    try restore()
    #expect(folder.contents == ["in.mkv", "out.mkv", "out.nut"])
  }

  /// The number of a killed process may have been given to another one since.
  @Test func aNumberThatLivesAgainIsToldByTheFilesAge() throws {
    let stale = name(Int(getppid()))
    try folder.write([1], to: stale)
    #expect(throws: JobError.self) { try restore() }
    #expect(folder.contents.contains(stale))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: folder.file(stale))
    try restore()
    #expect(folder.contents == ["in.mkv", "out.mkv"])
  }

  /// The first process of a container has the same number every time that it is started again.
  @Test func ownNumberIsNobodyElse() throws {
    try folder.write([1], to: name(Int(getpid())))
    try restore()
    #expect(folder.contents == ["in.mkv", "out.mkv"])
  }

  @Test func aFileInTheMakingHasItsWriterInItsName() throws {
    let file = try OutputFile(path: folder.file("out.mkv"), isImages: false, overwrite: false)
    let name = try #require(folder.contents.first { $0.hasPrefix(".out.") })
    #expect(UnfinishedFile.writer(of: name) == .init(process: getpid(), machine: UnfinishedFile.machine))
    #expect(UnfinishedFile.inspect(beside: folder.file("out.mkv")).writers.count == 1)
    UnfinishedFile.removeOurs(beside: folder.file("out.mkv"))
    #expect(folder.contents == ["in.mkv"])
    withExtendedLifetime(file) {}
    let long = String(repeating: "é", count: 110)
    let prefixes = ["a", "b"].map { UnfinishedFile.prefix(for: long + $0) }
    #expect(prefixes[0] != prefixes[1] && prefixes.allSatisfy { $0.utf8.count < 110 })
  }

  @Test func linksLeadToWhatIsReplaced() throws {
    try AtomicFile.makeFolder(folder.file("disk"))
    try folder.write([7], to: "disk/film.mkv")
    let link = folder.file("out.mkv")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "disk/film.mkv")
    let refused = #expect(throws: JobError.self) { try restore() }
    #expect(refused?.kind == .output)
    try restore(overwrite: true)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "disk/film.mkv")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("disk")) == ["film.mkv"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: link)).count > 100)
    try FileManager.default.removeItem(atPath: folder.file("disk/film.mkv"))
    let error = #expect(throws: JobError.self) { try restore(overwrite: true) }
    #expect(error?.kind == .output && error?.description.contains("a link that leads nowhere") == true)
  }

  @Test func aFolderIsNoOutput() throws {
    try AtomicFile.makeFolder(folder.file("out.mkv"))
    let error = #expect(throws: JobError.self) { try restore() }
    #expect(error?.kind == .output && error?.description.contains("is a folder: give a file's name") == true)
  }

  /// Reports and volumes too: what has appeared meanwhile stays.
  @Test func whatAppearsMeanwhileIsNotReplaced() throws {
    let path = folder.file("x.json")
    let error = #expect(throws: JobError.self) {
      try AtomicFile.write(to: path, overwrite: false) { put in
        try put(Data([1]))
        try folder.write([2], to: "x.json")
      }
    }
    #expect(error?.kind == .output && folder.contents == ["in.mkv", "x.json"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data([2]))
  }
}
