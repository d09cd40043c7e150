import Foundation
import Reconstruction
import Spelling

/// What `{stem}` and its like stand for in the paths that go with an input.
struct InputPlaceholders {
  static let names = ["stem", "ext", "name", "relpath", "dir"]

  private let values: [String: String]

  /// - Parameter base: the folder that the input's pattern begins with.
  init(input: String, base: String) {
    let folder = PathName.folder(of: input)
    var relative = folder.hasPrefix(base) ? String(folder.dropFirst(base.count)) : ""
    if folder + "/" == base || relative.isEmpty { relative = "." }
    values = [
      "stem": PathName.stem(of: input), "ext": PathName.suffix(of: input), "name": PathName.name(of: input),
      "relpath": relative, "dir": folder.isEmpty ? "." : folder,
    ]
  }

  /// The text with everything replaced.
  func replaced(_ text: String) -> String {
    // In one pass: what an input's name brings along is no placeholder.
    text.replacing(/\{([a-z]+)\}/) { values[String($0.1)] ?? String($0.0) }
  }

  /// Whether a text has a placeholder.
  static func areIn(_ text: String) -> Bool { names.contains { text.contains("{\($0)}") } }

  /// Notes words in braces that stand for nothing; returns whether there are none.
  static func check(_ value: YAMLValue) -> Bool {
    guard let text = value.text() else { return false }
    let unknown = text.matches(of: /\{([A-Za-z_]+)\}/).map { String($0.1) }.filter { !names.contains($0) }
    for word in unknown {
      value.fail(
        "\(value.name) has no placeholder {\(word)}\(Spelling.hint(for: word, among: names)): "
          + "there are \(names.map { "{\($0)}" }.joined(separator: " "))")
    }
    return unknown.isEmpty
  }
}
