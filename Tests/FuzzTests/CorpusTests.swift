import Foundation
import TestSupport
import Testing

@testable import Fuzz

/// Files that the tool once fell over, and some that are changed at random: every one is read or refused.
@Suite struct CorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Corpus").path

  private static func files(_ format: FuzzFormat) -> [String] {
    let folder = "\(corpus)/\(format.name)"
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().map {
      "\(folder)/\($0)"
    }
  }

  @Test(arguments: FuzzFormat.all.map(\.name)) func filesAreReadOrRefused(name: String) throws {
    let format = try #require(FuzzFormat.named(name))
    let reading = try Executions(format, bounds: .init(seconds: 60))
    try reading.readSeeds()
    for file in Self.files(format) {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
      #expect(throws: Never.self, "\(file)") { try reading.read(bytes) }
    }
    // Restorations take some hundredths of a second each.
    for execution in 0..<(name.hasPrefix("restored") || name == "plan" ? 5 : 60) {
      #expect(throws: Never.self, "\(name) \(execution)") {
        try reading.run(campaign: 7, execution: execution)
      }
    }
  }

  @Test func everyFolderIsOfAFormat() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus)
    #expect(
      Set(folders.filter { !$0.hasPrefix(".") && $0 != "README.md" }).isSubset(of: FuzzFormat.all.map(\.name))
    )
  }

  @Test func theSameNumbersMakeTheSameFile() throws {
    let format = try #require(FuzzFormat.named("numpy"))
    let seeds = try format.seeds(ScratchFolder())
    func file(_ number: Int) -> [UInt8] { FuzzFormat.file(seeds, campaign: 3, execution: number) }
    #expect((0..<50).allSatisfy { file($0) == file($0) })
    #expect(Set((0..<50).map(file)).count > 40)
  }
}
