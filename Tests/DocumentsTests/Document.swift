import Foundation

/// A Markdown file of the repository, as far as its links and its references to code go.
struct Document: Sendable, CustomStringConvertible {
  /// From the repository's root on.
  let path: String
  /// Without blocks of code.
  let lines: [String]

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// All of them but those that were built, downloaded or written by the tool.
  static let all: [Document] = {
    let passedOver: Set = [".build", ".git", ".data", "out", "node_modules"]
    var found: [Document] = []
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      if passedOver.contains(file.lastPathComponent) {
        files?.skipDescendants()
      } else if file.pathExtension == "md", let text = try? String(contentsOf: file, encoding: .utf8) {
        found.append(Document(path: String(file.path.dropFirst(root.path.count + 1)), text: text))
      }
    }
    return found.sorted { $0.path < $1.path }
  }()

  var description: String { path }

  init(path: String, text: String) {
    self.path = path
    var isCode = false
    lines = text.components(separatedBy: "\n").filter { line in
      if line.hasPrefix("```") {
        isCode.toggle()
        return false
      }
      return !isCode
    }
  }

  /// What links lead to that are no addresses of the web: a path from this file's folder on, and an anchor.
  var links: [(path: String, anchor: String?)] {
    lines.flatMap { line in line.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) } }
      .filter { !$0.contains("://") }
      .map { link in
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(
          String.init)
        return (parts[0], parts.count > 1 ? parts[1] : nil)
      }
  }

  /// Headings as GitHub makes anchors of them: small letters, figures, hyphens for spaces, nothing else.
  var anchors: Set<String> {
    Set(
      lines.filter { $0.hasPrefix("#") }.map { line in
        let heading = line.drop { $0 == "#" }.drop { $0 == " " }
        return String(
          heading.lowercased().compactMap { character in
            character == " "
              ? "-" : character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
          })
      })
  }

  /// Places in the code, `Module/File.swift:name`, in backticks.
  var references: [(file: String, name: String)] {
    lines.flatMap { line in
      line.matches(of: /`([\w\/+.-]+\.(?:swift|c|h|inc|cpp|js)):(\w+)`/).map { (String($0.1), String($0.2)) }
    }
  }
}
