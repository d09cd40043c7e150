/// Means over a square around each pixel, three times over, which is close to a Gaussian; beyond the picture everything is zero.
struct BoxBlur {
  let width: Int
  let height: Int
  /// How far a square reaches from its middle.
  let radius: Int

  func blur(_ picture: inout [Float]) {
    var source = picture
    var sums = [Float](repeating: 0, count: width)
    picture.withUnsafeMutableBufferPointer { picture in
      source.withUnsafeMutableBufferPointer { source in
        sums.withUnsafeMutableBufferPointer { sums in
          for _ in 0..<3 {
            for y in 0..<height { blurRow(picture, into: source, start: y * width) }
            blurColumns(source, into: picture, sums)
          }
        }
      }
    }
  }

  private var scale: Float { 1 / Float(2 * radius + 1) }

  private func blurRow(
    _ picture: UnsafeMutableBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>, start: Int
  ) {
    let scale = scale
    var sum: Float = 0
    for x in 0..<min(radius, width) { sum += picture[start + x] }
    for x in 0..<width {
      if x + radius < width { sum += picture[start + x + radius] }
      if x > radius { sum -= picture[start + x - radius - 1] }
      // Sums that run may end a little below zero.
      result[start + x] = max(0, sum) * scale
    }
  }

  /// All columns side by side, row by row.
  private func blurColumns(
    _ picture: UnsafeMutableBufferPointer<Float>, into result: UnsafeMutableBufferPointer<Float>,
    _ sums: UnsafeMutableBufferPointer<Float>
  ) {
    let scale = scale
    for x in 0..<width { sums[x] = 0 }
    for y in 0..<min(radius, height) {
      for x in 0..<width { sums[x] += picture[y * width + x] }
    }
    for y in 0..<height {
      if y + radius < height {
        let row = (y + radius) * width
        for x in 0..<width { sums[x] += picture[row + x] }
      }
      if y > radius {
        let row = (y - radius - 1) * width
        for x in 0..<width { sums[x] -= picture[row + x] }
      }
      for x in 0..<width { result[y * width + x] = max(0, sums[x]) * scale }
    }
  }
}
