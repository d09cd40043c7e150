/// Something of each of a few successive frames, by the frames' positions.
struct FrameWindow<Element: Sendable>: Sendable {
  private var elements: [Element] = []
  /// Position of the first that is kept.
  private(set) var start = 0

  /// Position that the next one gets.
  var end: Int { start + elements.count }

  var range: Range<Int> { start..<end }

  mutating func append(_ element: Element) { elements.append(element) }

  /// Forgets all before a position.
  mutating func forget(before position: Int) {
    let count = min(elements.count, position - start)
    if count <= 0 { return }
    elements.removeFirst(count)
    start += count
  }

  subscript(position: Int) -> Element {
    precondition(range.contains(position), "no longer, or not yet, kept")
    return elements[position - start]
  }

  /// Those at most `reach` frames away from a position, as far as there are any.
  func around(_ position: Int, reach: Int) -> Range<Int> {
    max(start, position - reach)..<min(end, position + reach + 1)
  }
}
