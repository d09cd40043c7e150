/// The palette of an animation: at most 256 colours, by median cut (P. Heckbert, SIGGRAPH 1982) of a histogram of its
/// pictures with 5 bits a channel.
struct ColourTable {
  /// The number of pixels of each colour of 15 bits.
  struct Histogram {
    fileprivate(set) var counts = [Int](repeating: 0, count: 1 << 15)

    /// - Parameter samples: red, green and blue by turns.
    mutating func add(_ samples: [UInt8]) {
      for i in stride(from: 0, to: samples.count - 2, by: 3) {
        counts[ColourTable.cell(Int(samples[i]), Int(samples[i + 1]), Int(samples[i + 2]))] += 1
      }
    }
  }

  let colours: [Ink]
  /// For each colour of 15 bits, the index of the nearest one of `colours`.
  private let nearest: [UInt8]

  private static func cell(_ red: Int, _ green: Int, _ blue: Int) -> Int {
    (red >> 3) << 10 | (green >> 3) << 5 | blue >> 3
  }

  init(_ histogram: Histogram) {
    let counts = histogram.counts
    var boxes = [counts.indices.filter { counts[$0] > 0 }]
    while boxes.count < 256 {
      // The box to divide: the one with the widest range of colours, weighed by the root of its number of pixels.
      let spreads = boxes.map { box in
        (0..<3).map { Self.spread(of: box, channel: $0) }
      }
      let scores = boxes.indices.map { i in
        (spreads[i].max() ?? 0) == 0
          ? 0
          : Double(spreads[i].max() ?? 0) * Double(boxes[i].reduce(0) { $0 + counts[$1] }).squareRoot()
      }
      guard let widest = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[widest] > 0 else {
        break
      }
      let channel = spreads[widest].firstIndex(of: spreads[widest].max() ?? 0) ?? 0
      let (low, high) = Self.halves(of: boxes[widest], channel: channel, counts: counts)
      boxes[widest] = low
      boxes.append(high)
    }
    let colours = boxes.map { Self.mean(of: $0, counts: counts) }
    self.colours = colours
    nearest = counts.indices.map { cell in
      let (r, g, b) = (Self.level(cell, 0), Self.level(cell, 1), Self.level(cell, 2))
      var best = (index: 0, distance: Int.max)
      for (i, colour) in colours.enumerated() {
        let (dr, dg, db) = (r - Int(colour.red), g - Int(colour.green), b - Int(colour.blue))
        let distance = 2 * dr * dr + 4 * dg * dg + 3 * db * db
        if distance < best.distance { best = (i, distance) }
      }
      return UInt8(best.index)
    }
  }

  /// The middle of a cell's channel, 0 ... 255.
  private static func level(_ cell: Int, _ channel: Int) -> Int {
    ((cell >> (10 - 5 * channel)) & 31) << 3 | 4
  }

  private static func spread(of box: [Int], channel: Int) -> Int {
    var (low, high) = (255, 0)
    for cell in box {
      let value = level(cell, channel)
      low = min(low, value)
      high = max(high, value)
    }
    return max(high - low, 0)
  }

  private static func halves(of box: [Int], channel: Int, counts: [Int]) -> ([Int], [Int]) {
    let sorted = box.sorted { (level($0, channel), $0) < (level($1, channel), $1) }
    let half = sorted.reduce(0) { $0 + counts[$1] } / 2
    var (sum, cut) = (0, 1)
    for (i, cell) in sorted.enumerated().dropLast() {
      sum += counts[cell]
      cut = i + 1
      if sum >= half { break }
    }
    return (Array(sorted[..<cut]), Array(sorted[cut...]))
  }

  private static func mean(of box: [Int], counts: [Int]) -> Ink {
    let total = max(box.reduce(0) { $0 + counts[$1] }, 1)
    func channel(_ c: Int) -> UInt8 {
      UInt8(min(box.reduce(0) { $0 + counts[$1] * level($1, c) } / total, 255))
    }
    return Ink(channel(0), channel(1), channel(2))
  }

  private static let bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]

  /// The picture as indices into `colours`, dithered with a fixed pattern, which stays still from frame to frame.
  func indices(of samples: [UInt8], width: Int) -> [UInt8] {
    (0..<samples.count / 3).map { i in
      let shift = Self.bayer[(i / width & 3) << 2 | i % width & 3] / 2 - 4
      func shifted(_ c: Int) -> Int { min(max(Int(samples[3 * i + c]) + shift, 0), 255) }
      return nearest[Self.cell(shifted(0), shifted(1), shifted(2))]
    }
  }
}
