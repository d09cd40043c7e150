import Foundation

/// Folders that files are to go to.
enum Folders {
  /// Makes a folder and those it lies in, where they are not there yet.
  ///
  /// - Throws: `JobError` of kind `.output`.
  static func make(_ path: String) throws {
    if path.isEmpty { return }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw JobError(.output, "the folder \(path) can't be made: check the place and its permissions")
    }
  }

  /// A path in a folder; paths that begin at the root are left alone.
  static func path(_ text: String, in folder: String) -> String {
    text.hasPrefix("/") || folder.isEmpty || folder == "." ? text : "\(folder)/\(text)"
  }

  /// The path without `/./`, which an input right in its pattern's first folder brings along.
  static func withoutDots(_ path: String) -> String {
    let parts = path.components(separatedBy: "/")
    return parts.count > 1 ? parts.filter { $0 != "." }.joined(separator: "/") : path
  }

  /// The path from the root, without `.` and `..`, by which two names of one place are the same.
  static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
