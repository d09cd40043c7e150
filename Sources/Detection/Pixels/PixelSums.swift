import Kernels

/// Sums over frames for each place of the picture: how often and how far it stands out, and how its surroundings change.
struct PixelSums: Sendable {
  /// In steps of 8 bits; less is noise and rounding.
  private static let least: Float = 2
  /// Rows and columns on each side that are a place's surroundings.
  private static let reach = 2

  let width: Int
  let height: Int
  private var count = 0
  private var places: [Place]

  private struct Place {
    /// Frames in which it stands out.
    var hits: UInt32 = 0
    /// By how much, in steps of 8 bits, in all.
    var distance: Float = 0
    /// The mean of its surroundings over frames, and the sum of squared differences from it. (B. Welford, "Note on a method
    /// for calculating corrected sums of squares and products", Technometrics 4, 1962, doi:10.1080/00401706.1962.10490022.)
    var mean: Float = 0
    var squares: Float = 0
  }

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    places = Array(repeating: Place(), count: width * height)
  }

  func share(x: Int, y: Int) -> Float { Float(places[y * width + x].hits) / Float(max(1, count)) }

  func distance(x: Int, y: Int) -> Float { places[y * width + x].distance / Float(max(1, count)) }

  /// The standard deviation of the surroundings' mean over frames, in steps of 8 bits.
  func change(x: Int, y: Int) -> Float { (places[y * width + x].squares / Float(max(1, count))).squareRoot() }

  mutating func add(_ plane: BrightnessPlane, threads: Int) {
    precondition(plane.width == width && plane.height == height, "frames have one size")
    count += 1
    let (width, height, weight) = (width, height, 1 / Float(count))
    parallelFor(height, threads: threads, writing: &places) { y, places in
      let row = places[y * width..<(y + 1) * width]
      switch plane.samples {
      case .bytes(let samples):
        Self.add(samples, y: y, height: height, step: plane.step, weight: weight, to: row)
      case .words(let samples):
        Self.add(samples, y: y, height: height, step: plane.step, weight: weight, to: row)
      }
    }
  }

  /// Adds a row of a frame.
  ///
  /// - Parameter weight: of this frame in means.
  private static func add<Sample: UnsignedInteger & FixedWidthInteger>(
    _ samples: [Sample], y: Int, height: Int, step: Float, weight: Float,
    to places: UnsafeMutableBufferPointer<Place>
  ) {
    let width = places.count
    precondition(samples.count == width * height, "a sample for each place")
    samples.withUnsafeBufferPointer { samples in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 4 * width + 4) { memory in
        guard let lines = memory.baseAddress, let first = samples.baseAddress else { return }
        memory.initialize(repeating: 0)
        let (high, low, middle, sums) = (lines, lines + width, lines + 2 * width, lines + 3 * width)
        // Of the rows above and below: highest and lowest. Of the surroundings: sums of columns.
        let above = first + max(0, y - 1) * width
        let below = first + min(height - 1, y + 1) * width
        for x in 0..<width {
          let (a, b) = (Int32(truncatingIfNeeded: above[x]), Int32(truncatingIfNeeded: below[x]))
          // At the picture's top and bottom the row itself takes no part.
          let (up, down) = (y > 0 ? a : b, y + 1 < height ? b : a)
          (high[x], low[x]) = (max(up, down), min(up, down))
          middle[x] = Int32(truncatingIfNeeded: first[y * width + x])
        }
        let rows = max(0, y - reach)...min(height - 1, y + reach)
        for row in rows {
          let line = first + row * width
          for x in 0..<width { sums[x] &+= Int32(truncatingIfNeeded: line[x]) }
        }
        for x in 0..<width {
          let (left, right) = (x > 0 ? x - 1 : x + 1, x + 1 < width ? x + 1 : x - 1)
          if left < 0 || left >= width || right < 0 || height < 2 { continue }
          let top = max(max(high[x], max(high[left], high[right])), max(middle[left], middle[right]))
          let bottom = min(min(low[x], min(low[left], low[right])), min(middle[left], middle[right]))
          let distance = step * Float(max(0, max(middle[x] - top, bottom - middle[x])))
          let columns = max(0, x - reach)...min(width - 1, x + reach)
          var sum: Int32 = 0
          for column in columns { sum += sums[column] }
          let mean = step * Float(sum) / Float(columns.count * rows.count)

          var place = places[x]
          if distance > least { place.hits += 1 }
          place.distance += distance
          let change = mean - place.mean
          place.mean += weight * change
          place.squares += change * (mean - place.mean)
          places[x] = place
        }
      }
    }
  }
}
