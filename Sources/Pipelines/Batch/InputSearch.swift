/// Finds the files of patterns, each pattern once: the combinations of a matrix ask for the same ones again and again.
///
/// A class, because what was found serves all jobs.
final class InputSearch {
  private let journal: Journal
  private var found: [String: [String]] = [:]

  init(journal: Journal) { self.journal = journal }

  /// The files that a pattern means: outputs of an earlier run are none of them.
  func files(_ pattern: PathPattern) -> [String] {
    if let files = found[pattern.text] { return files }
    let files = pattern.files().filter { !journal.owns($0) }
    found[pattern.text] = files
    return files
  }
}
