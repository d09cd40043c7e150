import Foundation
import TestSupport
import Testing

@testable import Pipelines

@Suite struct OutputPathTests {
  @Test(arguments: [
    ("a/b.mp4", false, "a/b.restored.mp4"), ("b.tar.mov", false, "b.tar.restored.mov"),
    ("b.mp4", true, "b.restored.mkv"), ("b", false, "b.restored.mkv"),
  ])
  func standardName(input: String, lossless: Bool, output: String) throws {
    #expect(try OutputPath.standard(forInput: input, lossless: lossless) == output)
  }

  @Test func aPatternHasNone() {
    #expect(throws: JobError.self) { try OutputPath.standard(forInput: "f_%05d.png", lossless: false) }
  }

  @Test func linksLeadToTheSameFile() throws {
    let folder = try ScratchFolder()
    let file = try folder.write([1], to: "a")
    try FileManager.default.createSymbolicLink(atPath: folder.file("b"), withDestinationPath: file)
    #expect(OutputPath.isSame(folder.file("b"), file))
    #expect(!OutputPath.isSame(folder.file("c"), file))
  }

  @Test func smallFilesAreCompleteOrNotThere() throws {
    let folder = try ScratchFolder()
    try AtomicFile.write(Data("one".utf8), to: folder.file("m.json"))
    try AtomicFile.write(Data("two".utf8), to: folder.file("m.json"))
    #expect(folder.contents == ["m.json"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("m.json"))) == Data("two".utf8))
    #expect(throws: JobError.self) { try AtomicFile.write(Data(), to: folder.file("no/m.json")) }
    #expect(throws: JobError.self) { try AtomicFile.write(Data(), to: folder.path) }
    #expect(folder.contents == ["m.json"])
  }
}
