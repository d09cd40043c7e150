/// Text that quotes files, names and tags, without what would control the terminal that shows it.
extension String {
  /// Control characters, and those that turn the direction of writing, become `\u001b` and the like, which JSON reads as
  /// the same character; line feeds and tabs stay.
  var printable: String { escaped { $0 == "\n" || $0 == "\t" } }

  /// The same for one line: line feeds are replaced too.
  var printableLine: String { escaped { $0 == "\t" } }

  private func escaped(except stays: (Unicode.Scalar) -> Bool) -> String {
    if !unicodeScalars.contains(where: { $0.controlsTerminals && !stays($0) }) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if scalar.controlsTerminals && !stays(scalar) {
        let digits = String(scalar.value, radix: 16)
        result.append(
          contentsOf: ("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
            .unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }
}

extension Unicode.Scalar {
  /// C0 and C1, the line and paragraph separators, and marks of direction.
  fileprivate var controlsTerminals: Bool {
    switch value {
    case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069, 0x200e, 0x200f: true
    default: false
    }
  }
}

/// Takes the standard library's place in this module, so that everything on standard output is printable.
func print(_ text: String) { Swift.print(text.printable) }
