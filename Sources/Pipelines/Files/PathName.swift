import Foundation

/// Parts of a path, and paths put together.
///
/// Instead of Foundation's `deletingLastPathComponent`, which traps on a name of one character on Linux.
public enum PathName {
  private static func parts(_ path: String) -> (folder: Substring, name: Substring) {
    var rest = Substring(path)
    while rest.count > 1, rest.last == "/" { rest.removeLast() }
    guard let slash = rest.lastIndex(of: "/") else { return ("", rest) }
    let folder = slash == rest.startIndex ? rest[...slash] : rest[..<slash]
    return (folder, rest[rest.index(after: slash)...])
  }

  /// The folder of a file, without a slash at its end; empty for a name alone.
  public static func folder(of path: String) -> String { String(parts(path).folder) }

  /// The name without its folder.
  public static func name(of path: String) -> String { String(parts(path).name) }

  /// The name's end from its last dot on; empty where nothing stands before or behind the dot.
  public static func suffix(of path: String) -> String {
    let name = parts(path).name
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex, name.index(after: dot) < name.endIndex
    else { return "" }
    return String(name[dot...])
  }

  /// The name without folder and suffix.
  public static func stem(of path: String) -> String {
    String(parts(path).name.dropLast(suffix(of: path).count))
  }

  /// A path in a folder; paths that begin at the root stay as they are.
  static func path(_ text: String, in folder: String) -> String {
    text.hasPrefix("/") || folder.isEmpty || folder == "." ? text : "\(folder)/\(text)"
  }

  /// The path without `/./`, which inputs in the first folder of a pattern have.
  static func withoutDots(_ path: String) -> String {
    let parts = path.components(separatedBy: "/")
    return parts.count > 1 ? parts.filter { $0 != "." }.joined(separator: "/") : path
  }

  /// The path from the root, without `.` and `..`: the same for two names of one place.
  static func absolute(_ path: String) -> String {
    // Most are, and a URL looks at the disk to be made.
    if isAbsolute(path) { return path }
    return URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// Whether a path begins at the root and has no parts that lead nowhere else.
  static func isAbsolute(_ path: String) -> Bool {
    guard path.utf8.first == UInt8(ascii: "/") else { return false }
    return path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      .allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
  }
}
