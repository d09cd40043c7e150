/// Means over a square around each pixel, three times over, which is close to a Gaussian; beyond the picture everything is zero.
struct BoxBlur {
  let width: Int
  let height: Int
  /// How far a square reaches from its middle.
  let radius: Int

  func blur(_ picture: inout [Float]) {
    var line = [Float](repeating: 0, count: max(width, height))
    for _ in 0..<3 {
      for y in 0..<height { run(&picture, &line, start: y * width, step: 1, count: width) }
      for x in 0..<width { run(&picture, &line, start: x, step: width, count: height) }
    }
  }

  private func run(_ picture: inout [Float], _ line: inout [Float], start: Int, step: Int, count: Int) {
    let scale = 1 / Float(2 * radius + 1)
    for i in 0..<count { line[i] = picture[start + i * step] }
    var sum: Float = 0
    for i in 0..<min(radius, count) { sum += line[i] }
    for i in 0..<count {
      if i + radius < count { sum += line[i + radius] }
      if i > radius { sum -= line[i - radius - 1] }
      // Sums that run may end a little below zero.
      picture[start + i * step] = max(0, sum) * scale
    }
  }
}
