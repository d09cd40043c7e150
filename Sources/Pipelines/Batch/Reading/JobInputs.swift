/// Finds the files of patterns, each pattern once: the combinations of a matrix have the same patterns.
///
/// A class, because all jobs share what was found.
final class InputSearch {
  private let journal: Journal
  private var found: [String: [String]] = [:]
  /// The only files there are, where that is known.
  let known: [String]?
  private let knownNames: Set<String>

  init(journal: Journal, known: [String]? = nil) {
    (self.journal, self.known) = (journal, known)
    knownNames = Set(known ?? [])
  }

  /// Whether a path is one of the files that are looked for.
  func isWanted(_ path: String) -> Bool { known == nil || knownNames.contains(path) }

  /// The files that match a pattern, without outputs of earlier runs.
  func files(_ pattern: PathPattern) -> [String] {
    if let files = found[pattern.text] { return files }
    let files =
      known?.filter { pattern.matches(path: $0) } ?? pattern.files().filter { !journal.owns($0) }
    found[pattern.text] = files
    return files
  }
}

/// Collects masks that do not exist, for one message about all inputs of a job.
final class MissingMasks {
  private var found: [(value: YAMLValue, masks: [String])] = []

  func add(_ mask: String, of input: String, at value: YAMLValue) {
    let text = "\(mask) for \(input)"
    if let index = found.firstIndex(where: { $0.value.isAtPlace(of: value) }) {
      found[index].masks.append(text)
    } else {
      found.append((value, [text]))
    }
  }

  func tell() {
    for (value, masks) in found {
      // A few names are enough.
      let rest = masks.count - 5
      let more = rest > 0 ? " and for \(rest) more inputs" : ""
      value.fail("there is no mask \(masks.prefix(5).joined(separator: ", "))\(more)")
    }
    found = []
  }
}

extension YAMLValue {
  /// Whether two values stand at one place of a file.
  fileprivate func isAtPlace(of other: YAMLValue) -> Bool {
    node.mark?.line == other.node.mark?.line && node.mark?.column == other.node.mark?.column
  }
}
