import Yams

/// What is wrong with a file, collected so that all of it can be said at once.
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
  /// False for a text so short that nobody needs to be told where in it.
  private let tellsPlaces: Bool
  private(set) var entries: [Entry] = []
  private var known: Set<Entry> = []
  /// Where a value stands that nobody knows, and that can't be right or wrong in any further way.
  private var unknown: Set<Place> = []

  init(file: String, tellsPlaces: Bool = true) {
    self.file = file
    self.tellsPlaces = tellsPlaces
  }

  func add(_ message: String, at mark: Mark?) {
    let entry = Entry(
      line: mark?.line ?? 1, column: mark?.column ?? 1, message: MessageText.tidied(message))
    if unknown.contains(Place(line: entry.line, column: entry.column)) { return }
    // A place that several jobs come from is complained about once.
    if known.insert(entry).inserted { entries.append(entry) }
  }

  /// Notes a value that can't be found out; what is said of it afterwards is left out.
  func addUnknown(_ message: String, at mark: Mark) {
    let place = Place(line: mark.line, column: mark.column)
    unknown.remove(place)
    add(message, at: mark)
    unknown.insert(place)
  }

  /// Whether so much is wrong that nobody reads what else there is.
  var isFull: Bool { entries.count >= YAMLLimits.enoughComplaints }

  /// Leaves out whatever is said of a value from now on.
  func silence(_ mark: Mark) { unknown.insert(Place(line: mark.line, column: mark.column)) }

  /// Ends with what was found: `FILE:LINE:COLUMN: sentence`, a line each, in the file's order.
  ///
  /// - Throws: `JobError` of kind `.configuration` where anything was.
  func check() throws {
    if !entries.isEmpty { throw error }
  }

  /// All that was found.
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
    return JobError(.configuration, lines.joined(separator: "\n"))
  }
}
