/// What someone may have meant by a name that is none.
public enum Spelling {
  private static let longest = 200

  /// The name that takes the fewest edits to get to, the first of equals; nil where none is near enough to be meant.
  public static func nearest(to text: String, among names: some Sequence<String>) -> String? {
    // What is so long is no slip of the pen, and comparing it would take a while.
    if text.utf8.count > longest { return nil }
    let typed = Array(text.lowercased())
    var best: (name: String, distance: Int)?
    for name in names {
      let distance = editDistance(typed, Array(name.lowercased()))
      if distance < best?.distance ?? .max { best = (name, distance) }
    }
    guard let best, best.distance <= max(2, best.name.count / 2), best.distance < max(typed.count, 2) else {
      return nil
    }
    return best.name
  }

  /// ` (did you mean 'width'?)`, or nothing.
  public static func hint(for text: String, among names: some Sequence<String>) -> String {
    nearest(to: text, among: names).map { " (did you mean '\($0)'?)" } ?? ""
  }

  /// Insertions, deletions and replacements that lead from one text to the other (Levenshtein 1966).
  ///
  /// - Complexity: O(m n) for texts of m and n characters.
  static func editDistance(_ first: [Character], _ second: [Character]) -> Int {
    var row = Array(0...second.count)
    for (i, character) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (character == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
