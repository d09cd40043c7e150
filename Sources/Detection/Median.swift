/// The median; the mean of the middle two of an even number.
func median(_ values: [Float]) -> Float {
  precondition(!values.isEmpty, "the median of something")
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
