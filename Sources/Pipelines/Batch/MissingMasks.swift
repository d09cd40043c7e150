/// Masks that inputs should have each for itself and that are not there: said at once for all inputs of a job.
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
      // Hundreds of names would say no more than a few.
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
