/// Whether one file name stands before another to a person: numbers by value, `frame9` before `frame10`.
func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  var a = Substring(left)
  var b = Substring(right)
  while let x = a.first, let y = b.first {
    if isDigit(x) && isDigit(y) {
      let m = takeNumber(&a)
      let n = takeNumber(&b)
      if m.count != n.count { return m.count < n.count }
      if m != n { return m < n }
    } else {
      if x != y { return x < y }
      a.removeFirst()
      b.removeFirst()
    }
  }
  if a.isEmpty != b.isEmpty { return a.isEmpty }
  // The same but for leading zeros: any fixed order will do.
  return left < right
}

private func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

/// The digits of a number without its leading zeros, so that the longer one is the larger.
private func takeNumber(_ text: inout Substring) -> Substring {
  let digits = text.prefix(while: isDigit)
  text = text.dropFirst(digits.count)
  return digits.drop { $0 == "0" }
}
