/// The parts of a path.
///
/// Not Foundation's, whose `deletingLastPathComponent` traps on a name of a single character on Linux.
public enum PathName {
  private static func parts(_ path: String) -> (folder: Substring, name: Substring) {
    var rest = Substring(path)
    while rest.count > 1, rest.last == "/" { rest.removeLast() }
    guard let slash = rest.lastIndex(of: "/") else { return ("", rest) }
    let folder = slash == rest.startIndex ? rest[...slash] : rest[..<slash]
    return (folder, rest[rest.index(after: slash)...])
  }

  /// What a file lies in, without a slash at its end; empty for a name alone.
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
}
