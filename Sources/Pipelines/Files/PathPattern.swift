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
    parts = Self.withoutRepeats(names)
  }

  /// `**/**` means the same as `**`.
  private static func withoutRepeats(_ names: [String]) -> [String] {
    names.indices.filter { $0 == 0 || names[$0] != "**" || names[$0 - 1] != "**" }.map { names[$0] }
  }

  static func isPattern(_ text: String) -> Bool { text.contains { "*?[".contains($0) } }

  /// The files that match, in a fixed order. Hidden files match only names that begin with a dot, and `**` does not follow
  /// links to folders.
  func files() -> [String] {
    var search = Search()
    self.search(base, parts[...], into: &search)
    return search.found.sorted()
  }

  private struct Search {
    var found: Set<String> = []
    /// Folders with the number of parts that were left: several `**` lead to the same folder in many ways.
    var visited: Set<Visit> = []
  }

  private struct Visit: Hashable {
    var folder: String
    var left: Int
  }

  private func search(_ folder: String, _ rest: ArraySlice<String>, into search: inout Search) {
    guard let part = rest.first,
      search.visited.insert(Visit(folder: folder, left: rest.count)).inserted
    else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    if part == "**" {
      let following = rest.dropFirst()
      if following.isEmpty {
        for name in names where Self.matches(name, "*") && !Self.isFolder(folder + name, throughLinks: true) {
          search.found.insert(folder + name)
        }
      } else {
        self.search(folder, following, into: &search)
      }
      for name in names where !name.hasPrefix(".") && Self.isFolder(folder + name, throughLinks: false) {
        self.search(folder + name + "/", rest, into: &search)
      }
      return
    }
    for name in names where Self.matches(name, part) {
      if rest.count > 1 {
        if Self.isFolder(folder + name, throughLinks: true) {
          self.search(folder + name + "/", rest.dropFirst(), into: &search)
        }
      } else if !Self.isFolder(folder + name, throughLinks: true) {
        search.found.insert(folder + name)
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

  /// Whether a path matches; a pattern without a slash is compared with the name alone.
  func matches(path: String) -> Bool {
    let names = path.split(separator: "/").map(String.init)
    guard text.contains("/") else { return names.last.map { Self.matches($0, text) } ?? false }
    return Self.matches(names, Self.withoutRepeats(text.split(separator: "/").map(String.init)))
  }

  /// - Complexity: O(m n) for m names and n parts, whatever the number of `**`.
  private static func matches(_ names: [String], _ parts: [String]) -> Bool {
    // rest[i]: whether the names from i on match the parts looked at so far, which are taken from the end.
    var rest = [Bool](repeating: false, count: names.count) + [true]
    for (number, part) in parts.enumerated().reversed() {
      var now = [Bool](repeating: false, count: names.count + 1)
      for start in names.indices.reversed() {
        if part == "**" {
          now[start] = now[start + 1] || rest[start] || number == parts.count - 1
        } else {
          now[start] = rest[start + 1] && matches(names[start], part)
        }
      }
      rest = now
    }
    return rest[0]
  }
}
