import Foundation
import TestSupport
import Testing

/// Which modules the sanitizers run for after a change (`.ci/changed-modules`), in a repository of a few files.
@Suite(.enabled(if: (try? Command.run("git", ["--version"], in: "/"))?.status == 0))
struct ChangedModulesTests {
  private final class Repository {
    let folder: ScratchFolder

    init() throws {
      folder = try ScratchFolder()
      for (path, text) in [
        ("Package.swift", ""), ("README.md", ""), ("Sources/Plain/a.swift", "import Other"),
        ("Sources/Other/b.swift", ""), ("Sources/Using/c.swift", "internal import CThing\n"),
        ("Sources/CThing/thing.h", ""), ("Tests/OtherTests/d.swift", ""), ("Tests/Corpus/plan/e", ""),
      ] {
        try write(text, path)
      }
      try write(
        String(contentsOf: Document.root.appendingPathComponent(".ci/changed-modules"), encoding: .utf8),
        ".ci/changed-modules")
      try git("init", "-q", "-b", "main")
      try commit()
    }

    func write(_ text: String, _ path: String) throws {
      let file = URL(fileURLWithPath: folder.file(path))
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    func commit() throws {
      try git("add", ".")
      try git("-c", "user.name=n", "-c", "user.email=e", "commit", "-q", "-m", "m")
    }

    func git(_ arguments: String...) throws {
      let result = try Command.run("git", arguments, in: folder.path)
      try #require(result.status == 0, "\(result.errors)")
    }

    func modules(_ base: String...) throws -> [String] {
      let result = try Command.run("bash", [".ci/changed-modules"] + base, in: folder.path)
      try #require(result.status == 0, "\(result.errors)")
      return result.output.split(separator: "\n").map(String.init)
    }
  }

  @Test(arguments: [
    ("README.md", []), ("Sources/Other/b.swift", ["Other"]), ("Tests/OtherTests/d.swift", ["Other"]),
    ("Sources/Other/new.swift", ["Other"]), ("Sources/CThing/thing.h", ["CThing", "Using"]),
    ("Tests/Corpus/plan/e", ["Fuzz"]), ("Package.swift", ["all"]), ("Tests/TestSupport/f.swift", ["all"]),
    (".ci/changed-modules", ["all"]),
  ]) func modulesWhoseFoldersDiffer(path: String, expected: [String]) throws {
    let repository = try Repository()
    #expect(try repository.modules("HEAD") == [])
    let script = path == ".ci/changed-modules"
    let before = script ? try String(contentsOfFile: repository.folder.file(path), encoding: .utf8) : ""
    try repository.write(before + "\n# changed\n", path)
    #expect(try repository.modules("HEAD") == expected)
    try repository.commit()
    #expect(try repository.modules("HEAD") == [])
    #expect(try repository.modules("HEAD~1") == expected)
  }

  @Test func comparedWithWhatTheBranchWasMadeFrom() throws {
    let repository = try Repository()
    // Of the first commit there is none before.
    #expect(try repository.modules() == ["all"])
    try repository.write("// 1", "Sources/Plain/a.swift")
    try repository.commit()
    #expect(try repository.modules() == ["Plain"])
    try repository.git("checkout", "-q", "-b", "branch")
    for path in ["Sources/Other/b.swift", "Sources/Using/c.swift"] {
      try repository.write("// 2", path)
      try repository.commit()
    }
    #expect(try repository.modules() == ["Other", "Using"])
  }
}
