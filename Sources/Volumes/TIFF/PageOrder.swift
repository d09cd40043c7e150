/// What a stack's pages are counted along.
public enum PageAxis: String, Sendable, CaseIterable {
  case slice = "z"
  case channel = "c"
  case time = "t"
}

/// The order of a stack's pages as the user gives it, slowest axis first as in NumPy: `z`, `t`, `z,c` or `t=5,z=12`.
public struct PageOrder: Sendable, Equatable {
  public struct Part: Sendable, Equatable {
    public var axis: PageAxis
    /// Nil where the file's description or the number of pages tells it.
    public var count: Int?
  }

  public var parts: [Part]

  /// - Throws: `VolumeError` of kind `.mismatch`.
  public init(parsing text: String) throws {
    let words = text.filter { !$0.isWhitespace }
    parts = try words.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let count = words.count == 2 ? Int(words[1]) : nil
      guard let axis = PageAxis(rawValue: words[0].lowercased()), words.count == 1 || (count ?? 0) > 0 else {
        throw VolumeError(.mismatch, "'\(text.prefix(60))' is no order of pages: \(Self.advice)")
      }
      return Part(axis: axis, count: count)
    }
    guard Set(parts.map(\.axis)).count == parts.count else {
      throw VolumeError(.mismatch, "'\(text.prefix(60))' names an axis twice: \(Self.advice)")
    }
  }

  private static let advice =
    "write z (slices), c (channels) or t (time points), the slowest first, with counts where the file does not say "
    + "them, such as z, z,c or t=5,z=12"

  /// As `init(parsing:)` reads it.
  public var text: String {
    parts.map { $0.axis.rawValue + ($0.count.map { "=\($0)" } ?? "") }.joined(separator: ",")
  }

  /// The lengths of all axes for a file of `pages` pages.
  ///
  /// - Throws: `VolumeError` of kind `.mismatch` where they do not multiply to the pages.
  func counts(pages: Int, _ metadata: TIFFMetadata, path: String) throws -> [(axis: PageAxis, count: Int)] {
    func said(_ axis: PageAxis) -> Int? {
      switch axis {
      case .slice: metadata.slices
      case .channel: metadata.channels
      case .time: metadata.frames
      }
    }
    var counts = parts.map { $0.count }
    if counts.count(where: { $0 == nil }) > 1 {
      counts = parts.map { $0.count ?? said($0.axis) }
    }
    let known = counts.compactMap { $0 }.product ?? 0
    if let open = counts.firstIndex(of: nil), counts.count(where: { $0 == nil }) == 1, known > 0,
      pages % known == 0
    {
      counts[open] = pages / known
    }
    let all = counts.compactMap { $0 }
    guard all.count == counts.count, known > 0, all.product == pages else {
      throw VolumeError(
        .mismatch,
        "\(path) has \(pages) pages, which \(text) does not divide: give counts whose product they are, such as "
          + "z=\(pages)")
    }
    return zip(parts, all).map { ($0.axis, $1) }
  }
}
