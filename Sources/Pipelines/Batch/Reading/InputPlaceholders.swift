import Spelling

/// The values of `{stem}` and other placeholders in the paths that belong to an input.
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

  func replaced(_ text: String) -> String {
    // In one pass: braces in the input's own name are not replaced.
    text.replacing(/\{([a-z]+)\}/) { values[String($0.1)] ?? String($0.0) }
  }

  /// The first name in a path that becomes `..` by the input's name, as `{stem}` does for a file called "...mkv": the path would
  /// lead out of the folder that it names. Nil where there is none. `{dir}` by itself is where the input is, wherever that is.
  func wayOut(in text: String) -> String? {
    text.split(separator: "/").map(String.init).first { name in
      Self.areIn(name) && name != "{dir}" && replaced(name).split(separator: "/").contains("..")
    }
  }

  static func areIn(_ text: String) -> Bool { names.contains { text.contains("{\($0)}") } }

  /// Notes unknown placeholders; returns whether there are none.
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
