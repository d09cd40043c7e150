import Frames

/// The shape of a mask as it was drawn, with the distances around it, so that it can be moved and grown without blurring.
struct DrawnShape: Sendable {
  /// The size of frames.
  let width: Int
  let height: Int
  /// Around the mask, with as much as it grows at most; within the frame.
  let box: Box
  /// The number of samples that are drawn, at least one.
  let area: Int
  /// Distances to the mask in thirds of a sample, 0 inside and 255 for far away; of the box, row by row.
  private let distances: [UInt8]

  /// Samples by which it grows at most.
  static let largestGrowth = 60

  /// Nil for a mask of which nothing is missing.
  init?(_ mask: FrameMask) {
    let (width, height) = (mask.width, mask.height)
    var (left, right, top, bottom, area) = (Int.max, Int.min, Int.max, Int.min, 0)
    for y in 0..<height where !mask.isKnown(row: y) {
      (top, bottom) = (min(top, y), y)
      for x in 0..<width where mask.missing[y * width + x] != 0 {
        (left, right, area) = (min(left, x), max(right, x), area + 1)
      }
    }
    if area == 0 { return nil }
    (self.width, self.height, self.area) = (width, height, area)
    let margin = Self.largestGrowth
    let (x, y) = (max(0, left - margin), max(0, top - margin))
    box = Box(
      x: x, y: y, width: min(width, right + 1 + margin) - x, height: min(height, bottom + 1 + margin) - y)
    var distances = [UInt8](repeating: 255, count: box.area)
    for row in 0..<box.height {
      for column in 0..<box.width where mask.missing[(y + row) * width + x + column] != 0 {
        distances[row * box.width + column] = 0
      }
    }
    Self.spread(&distances, width: box.width, height: box.height)
    self.distances = distances
  }

  /// Distances by steps of 3 to the sides and 4 across, forward and backward over all samples.
  private static func spread(_ distances: inout [UInt8], width: Int, height: Int) {
    distances.withUnsafeMutableBufferPointer { d in
      func relax(_ i: Int, _ j: Int, _ step: UInt8) {
        let (sum, overflow) = d[j].addingReportingOverflow(step)
        if !overflow && sum < d[i] { d[i] = sum }
      }
      for backward in [false, true] {
        for r in 0..<height {
          let y = backward ? height - 1 - r : r
          let above = backward ? y + 1 : y - 1
          for c in 0..<width {
            let x = backward ? width - 1 - c : c
            let i = y * width + x
            let before = backward ? x + 1 : x - 1
            if (0..<width).contains(before) { relax(i, y * width + before, 3) }
            guard (0..<height).contains(above) else { continue }
            relax(i, above * width + x, 3)
            if x > 0 { relax(i, above * width + x - 1, 4) }
            if x + 1 < width { relax(i, above * width + x + 1, 4) }
          }
        }
      }
    }
  }

  /// The distance of a place to the mask, in samples; infinite where it is far away.
  @inline(__always)
  func distance(at place: SIMD2<Float>) -> Float {
    let rounded = place.rounded(.toNearestOrAwayFromZero) - SIMD2(Float(box.x), Float(box.y))
    guard rounded.x >= 0, rounded.y >= 0, rounded.x < Float(box.width), rounded.y < Float(box.height) else {
      return .infinity
    }
    let value = distances[Int(rounded.y) * box.width + Int(rounded.x)]
    return value == 255 ? .infinity : Float(value) / 3
  }

  /// Places in it and up to `margin` samples around it, about `most` of them on a regular grid.
  func places(most: Int, margin: Float) -> [(place: SIMD2<Float>, isInside: Bool)] {
    var step = max(1, Int((Double(area) / Double(max(1, most))).squareRoot()))
    while true {
      var places: [(SIMD2<Float>, Bool)] = []
      for y in stride(from: box.y, to: box.y + box.height, by: step) {
        for x in stride(from: box.x, to: box.x + box.width, by: step) {
          let place = SIMD2(Float(x), Float(y))
          let distance = distance(at: place)
          if distance <= margin { places.append((place, distance == 0)) }
        }
      }
      if step == 1 || places.count(where: \.1) >= min(area, most) / 4 { return places }
      // Thin shapes slip through a coarse grid.
      step = max(1, step / 2)
    }
  }

  /// Draws it into a mask of a frame, moved and grown.
  ///
  /// - Parameters:
  ///   - motion: from where it was drawn, in samples of frames.
  ///   - growth: samples by which it grows, 0 ... `largestGrowth`.
  func draw(into mask: inout FrameMask, moved motion: Similarity, growth: Float) {
    guard mask.width == width, mask.height == height, let back = motion.inverse else { return }
    let corners = [(0, 0), (box.width, 0), (0, box.height), (box.width, box.height)].map {
      motion(SIMD2(Float(box.x + $0.0), Float(box.y + $0.1)))
    }
    func range(_ values: [Float], _ size: Int) -> Range<Int> {
      let low = max(0, min(Float(size), (values.min() ?? 0) - growth - 1))
      let high = max(low, min(Float(size), (values.max() ?? 0) + growth + 2))
      return Int(low)..<Int(high)
    }
    let (columns, rows) = (range(corners.map(\.x), width), range(corners.map(\.y), height))
    if columns.isEmpty || rows.isEmpty { return }
    if mask.missing.isEmpty { mask.missing = Array(repeating: 0, count: width * height) }
    let reach = growth / max(0.01, motion.scale)
    mask.missing.withUnsafeMutableBufferPointer { missing in
      for y in rows {
        for x in columns where distance(at: back(SIMD2(Float(x), Float(y)))) <= reach {
          missing[y * width + x] = 1
        }
      }
    }
  }
}
