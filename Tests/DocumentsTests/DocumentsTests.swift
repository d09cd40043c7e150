import Foundation
import Testing

/// What the documents say is there, is there.
@Suite struct DocumentsTests {
  @Test func readersAreNotOverwhelmed() throws {
    let attributes = try FileManager.default.attributesOfItem(
      atPath: Document.root.appendingPathComponent("README.md").path)
    let size = try #require(attributes[.size] as? Int)
    #expect(size <= 15_000, "README.md has \(size) bytes: what is long goes to docs/")
  }

  @Test(arguments: Document.all)
  func linksLeadSomewhere(document: Document) throws {
    let folder = Document.root.appendingPathComponent(document.path).deletingLastPathComponent()
    for link in document.links {
      let target =
        link.path.isEmpty
        ? Document.root.appendingPathComponent(document.path)
        : folder.appendingPathComponent(link.path).standardizedFileURL
      #expect(FileManager.default.fileExists(atPath: target.path), "\(document): there is no \(link.path)")
      guard let anchor = link.anchor else { continue }
      let path = String(target.path.dropFirst(Document.root.path.count + 1))
      let other = try #require(
        Document.all.first { $0.path == path }, "\(document): \(path) has no headings to lead to")
      #expect(other.anchors.contains(anchor), "\(document): \(path) has no heading #\(anchor)")
    }
  }

  @Test(arguments: Document.all)
  func referencesToCodeAreRight(document: Document) throws {
    for reference in document.references {
      let file = Document.root.appendingPathComponent("Sources/" + reference.file)
      guard let code = try? String(contentsOf: file, encoding: .utf8) else {
        Issue.record("\(document): there is no Sources/\(reference.file)")
        continue
      }
      let isSwift = reference.file.hasSuffix(".swift")
      let declaration =
        isSwift
        ? "\\b(?:func|struct|class|enum|protocol|actor|extension|typealias|let|var|case) +\(reference.name)\\b"
        : "\\b\(reference.name)\\("
      #expect(
        code.range(of: declaration, options: .regularExpression) != nil,
        "\(document): Sources/\(reference.file) has no \(reference.name)")
    }
  }

  /// At least the way of a frame, the way of a unit, and the equations.
  @Test(arguments: [("docs/architecture.md", 40), ("docs/method.md", 30), ("CONTRIBUTING.md", 8)])
  func codeIsReferredTo(path: String, least: Int) throws {
    let document = try #require(Document.all.first { $0.path == path })
    #expect(document.references.count >= least)
  }

  @Test func documentsThatCodeNamesAreThere() throws {
    var named = 0
    for folder in ["Sources", "Tests", "Benchmarks", "pipelines", ".ci", "packaging", "Python"] {
      let files = FileManager.default.enumerator(
        at: Document.root.appendingPathComponent(folder), includingPropertiesForKeys: nil)
      while let file = files?.nextObject() as? URL {
        if file.lastPathComponent == ".build" || file.lastPathComponent == ".data" {
          files?.skipDescendants()
        } else if let text = try? String(contentsOf: file, encoding: .utf8) {
          for match in text.matches(of: /\b(?:docs|pipelines)\/[A-Za-z-]+\.md\b/) {
            named += 1
            let path = Document.root.appendingPathComponent(String(match.output)).path
            #expect(FileManager.default.fileExists(atPath: path), "\(file.path) names \(match.output)")
          }
        }
      }
    }
    #expect(named > 0)
  }

  /// Whatever `make` and the continuous checks are said to do is a target, and what these run is described.
  @Test func commandsAreKnown() throws {
    let makefile = try text("Makefile")
    let described = Document.all.flatMap(\.lines).joined(separator: "\n")
    for match in described.matches(of: /`make ([a-z0-9-]+)`/) {
      #expect(makefile.contains("\n\(match.1):"), "the Makefile has no target \(match.1)")
    }
    let run = try text(".ci/run").matches(of: /(?:make |\.ci\/)([a-z][a-z0-9-]+)/).map { String($0.1) }
    #expect(run.count > 6)
    for target in run where target != "run" {
      #expect(described.contains("`make \(target)`"), "no document says what make \(target) does")
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Document.root.appendingPathComponent(path), encoding: .utf8)
  }
}
