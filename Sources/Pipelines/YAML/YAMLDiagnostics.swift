import Yams

/// What is wrong with a file, collected so that all of it can be said at once.
final class YAMLDiagnostics {
  struct Entry: Equatable {
    var line: Int
    var column: Int
    var message: String
  }

  let file: String
  private(set) var entries: [Entry] = []

  init(file: String) { self.file = file }

  func add(_ message: String, at mark: Mark?) {
    entries.append(Entry(line: mark?.line ?? 1, column: mark?.column ?? 1, message: message))
  }

  /// Ends with what was found: `FILE:LINE:COLUMN: sentence`, a line each, in the file's order.
  ///
  /// - Throws: `JobError` of kind `.configuration` where anything was.
  func check() throws {
    if entries.isEmpty { return }
    let sorted = entries.enumerated().sorted { a, b in
      (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
    }
    let lines = sorted.map { "\(file):\($0.element.line):\($0.element.column): \($0.element.message)" }
    throw JobError(.configuration, lines.joined(separator: "\n"))
  }
}
