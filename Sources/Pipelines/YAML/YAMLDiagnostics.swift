import Yams

/// Collects the mistakes in a file, so that all are told at once.
final class YAMLDiagnostics {
  struct Entry: Hashable {
    var line: Int
    var column: Int
    var message: String
  }

  private struct Place: Hashable {
    var line: Int
    var column: Int
  }

  let file: String
  /// False for a short text, in which places need no telling.
  private let tellsPlaces: Bool
  private(set) var entries: [Entry] = []
  private var known: Set<Entry> = []
  /// Places of values that are unknown, about which nothing more is noted.
  private var unknown: Set<Place> = []

  init(file: String, tellsPlaces: Bool = true) {
    self.file = file
    self.tellsPlaces = tellsPlaces
  }

  func add(_ message: String, at mark: Mark?) {
    let entry = Entry(line: mark?.line ?? 1, column: mark?.column ?? 1, message: MessageText.tidied(message))
    if unknown.contains(Place(line: entry.line, column: entry.column)) { return }
    // A place from which several jobs are made is noted once.
    if known.insert(entry).inserted { entries.append(entry) }
  }

  /// Notes a value that is unknown; further messages about it are left out.
  func addUnknown(_ message: String, at mark: Mark) {
    let place = Place(line: mark.line, column: mark.column)
    unknown.remove(place)
    add(message, at: mark)
    unknown.insert(place)
  }

  /// Whether there are so many mistakes that the rest is not checked.
  var isFull: Bool { entries.count >= YAMLLimits.enoughComplaints }

  /// Leaves out further messages about a value.
  func silence(_ mark: Mark) { unknown.insert(Place(line: mark.line, column: mark.column)) }

  /// Throws all that was noted: `FILE:LINE:COLUMN: sentence`, a line each, in the file's order.
  ///
  /// - Throws: `JobError` of kind `.configuration` if anything was noted.
  func check() throws {
    if !entries.isEmpty { throw error }
  }

  var error: JobError {
    let sorted = entries.enumerated().sorted { a, b in
      (a.element.line, a.element.column, a.offset) < (b.element.line, b.element.column, b.offset)
    }
    var lines = sorted.prefix(YAMLLimits.complaints).map { entry in
      let place = tellsPlaces ? ":\(entry.element.line):\(entry.element.column)" : ""
      return "\(file)\(place): \(entry.element.message)"
    }
    let rest = sorted.count - lines.count
    if rest > 0 { lines.append("\(file): and \(isFull ? "at least " : "")\(rest) more") }
    return JobError.configuration(lines.joined(separator: "\n"))
  }
}
