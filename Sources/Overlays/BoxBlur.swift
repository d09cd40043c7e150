/// What can be blurred: a pixel's value, or several of them side by side.
protocol Blurrable {
  init()
  static func += (sum: inout Self, value: Self)
  static func -= (sum: inout Self, value: Self)
  /// Sums that run may end a little below zero, which counts as zero.
  func scaledAboveZero(_ scale: Float) -> Self
}

extension Float: Blurrable {
  func scaledAboveZero(_ scale: Float) -> Float { max(0, self) * scale }
}

extension FrameLanes: Blurrable {
  func scaledAboveZero(_ scale: Float) -> FrameLanes {
    replacing(with: FrameLanes(), where: self .< FrameLanes()) * scale
  }
}

/// Means over a square around each pixel, three times over, which is close to a Gaussian; beyond the picture everything is zero.
struct BoxBlur {
  let width: Int
  let height: Int
  /// How far a square reaches from its middle.
  let radius: Int

  func blur<Value: Blurrable>(_ picture: inout [Value]) {
    var source = picture
    var sums = [Value](repeating: Value(), count: width)
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

  private func blurRow<Value: Blurrable>(
    _ picture: UnsafeMutableBufferPointer<Value>, into result: UnsafeMutableBufferPointer<Value>, start: Int
  ) {
    let scale = scale
    var sum = Value()
    for x in 0..<min(radius, width) { sum += picture[start + x] }
    for x in 0..<width {
      if x + radius < width { sum += picture[start + x + radius] }
      if x > radius { sum -= picture[start + x - radius - 1] }
      result[start + x] = sum.scaledAboveZero(scale)
    }
  }

  /// All columns side by side, row by row.
  private func blurColumns<Value: Blurrable>(
    _ picture: UnsafeMutableBufferPointer<Value>, into result: UnsafeMutableBufferPointer<Value>,
    _ sums: UnsafeMutableBufferPointer<Value>
  ) {
    let scale = scale
    for x in 0..<width { sums[x] = Value() }
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
      for x in 0..<width { result[y * width + x] = sums[x].scaledAboveZero(scale) }
    }
  }
}
