/// A picture of 8 bits a sample: one channel of gray, or red, green and blue.
struct Picture: Equatable, Sendable {
  var width: Int
  var height: Int
  /// Row by row, without padding.
  var channels: [[UInt8]]

  init(width: Int, height: Int, channels: [[UInt8]]) {
    precondition(channels.count == 1 || channels.count == 3, "gray, or red, green and blue")
    precondition(channels.allSatisfy { $0.count == width * height }, "width x height samples a channel")
    (self.width, self.height, self.channels) = (width, height, channels)
  }

  /// Luma of ITU-R BT.601 in the whole numbers of OpenCV's cvtColor; a gray picture stays as it is.
  var gray: Picture {
    guard channels.count == 3 else { return self }
    let (red, green, blue) = (channels[0], channels[1], channels[2])
    let luma = red.indices.map { i -> UInt8 in
      // Weights 0.299, 0.587 and 0.114 in units of 2^-15.
      var sum = Int(red[i]) * 9798
      sum += Int(green[i]) * 19235
      sum += Int(blue[i]) * 3735
      return UInt8((sum + 16384) >> 15)
    }
    return Picture(width: width, height: height, channels: [luma])
  }

  /// Bilinear resampling like OpenCV's `resize` for 8 bits (INTER_LINEAR): centres of samples at halves, no smoothing
  /// before, weights in units of 2^-11.
  func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    if (newWidth, newHeight) == (width, height) { return self }
    let columns = Self.taps(from: width, to: newWidth)
    let rows = Self.taps(from: height, to: newHeight)
    let resampled = channels.map { channel -> [UInt8] in
      rows.flatMap { row -> [UInt8] in
        columns.map { column -> UInt8 in
          let above = column.mix(channel, offset: row.first * width) >> 4
          let below = column.mix(channel, offset: row.second * width) >> 4
          let upper = (above * row.firstWeight) >> 16
          let lower = (below * row.secondWeight) >> 16
          return UInt8(clamping: (upper + lower + 2) >> 2)
        }
      }
    }
    return Picture(width: newWidth, height: newHeight, channels: resampled)
  }

  /// The two neighbours of a new sample, and their weights, which add up to 2^11.
  private struct Tap {
    var first: Int
    var second: Int
    var firstWeight = 2048
    var secondWeight = 0

    func mix(_ samples: [UInt8], offset: Int) -> Int {
      Int(samples[offset + first]) * firstWeight + Int(samples[offset + second]) * secondWeight
    }
  }

  private static func taps(from size: Int, to newSize: Int) -> [Tap] {
    let scale = Double(size) / Double(newSize)
    return (0..<newSize).map { i -> Tap in
      let place = Float((Double(i) + 0.5) * scale - 0.5)
      let index = Int(place.rounded(.down))
      if index < 0 { return Tap(first: 0, second: 0) }
      if index >= size - 1 { return Tap(first: size - 1, second: size - 1) }
      let fraction = place - Float(index)
      return Tap(
        first: index, second: index + 1,
        firstWeight: Int(((1 - fraction) * 2048).rounded(.toNearestOrEven)),
        secondWeight: Int((fraction * 2048).rounded(.toNearestOrEven)))
    }
  }
}
