import Foundation

/// A pattern of paths: `*`, `?` and `[abc]` within a name, `**` for any number of folders.
struct PathPattern {
  let text: String
  /// The folder up to the first name that is a pattern; empty for the current one, with its last slash otherwise.
  let base: String
  private let parts: [String]

  init(_ text: String) {
    self.text = text
    var names = text.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
    var fixed = text.hasPrefix("/") ? "/" : ""
    while let first = names.first, !Self.isPattern(first), names.count > 1 {
      fixed += names.removeFirst() + "/"
    }
    base = fixed
    parts = names
  }

  static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// The files that match, in a fixed order. Hidden ones only match names that begin with a dot, and folders that
  /// are links are not looked into by `**`.
  func files() -> [String] {
    var found: [String] = []
    search(base, parts[...], into: &found)
    return Array(Set(found)).sorted()
  }

  private func search(_ folder: String, _ rest: ArraySlice<String>, into found: inout [String]) {
    guard let part = rest.first else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    if part == "**" {
      let following = rest.dropFirst()
      search(folder, following.isEmpty ? ["*"] : following, into: &found)
      for name in names where !name.hasPrefix(".") && Self.isFolder(folder + name, throughLinks: false) {
        search(folder + name + "/", rest, into: &found)
      }
      return
    }
    for name in names where Self.matches(name, part) {
      if rest.count > 1 {
        if Self.isFolder(folder + name, throughLinks: true) {
          search(folder + name + "/", rest.dropFirst(), into: &found)
        }
      } else if !Self.isFolder(folder + name, throughLinks: true) {
        found.append(folder + name)
      }
    }
  }

  private static func isFolder(_ path: String, throughLinks: Bool) -> Bool {
    var status = stat()
    let result = throughLinks ? stat(path, &status) : lstat(path, &status)
    return result == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func matches(_ name: String, _ pattern: String) -> Bool {
    fnmatch(pattern, name, FNM_PERIOD) == 0
  }

  /// Whether a path is one of the pattern's: its name alone where the pattern has no slash.
  func matches(path: String) -> Bool {
    let names = path.split(separator: "/").map(String.init)
    guard text.contains("/") else { return names.last.map { Self.matches($0, text) } ?? false }
    return Self.matches(names[...], text.split(separator: "/").map(String.init)[...])
  }

  private static func matches(_ names: ArraySlice<String>, _ parts: ArraySlice<String>) -> Bool {
    guard let part = parts.first else { return names.isEmpty }
    if part == "**" {
      let following = parts.dropFirst()
      if following.isEmpty { return !names.isEmpty }
      return names.indices.contains { matches(names[$0...], following) }
    }
    guard let name = names.first, matches(name, part) else { return false }
    return matches(names.dropFirst(), parts.dropFirst())
  }
}
