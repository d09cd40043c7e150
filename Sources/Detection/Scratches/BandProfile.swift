import Frames
import Kernels

/// A frame's brightness, averaged over the rows of horizontal bands: grain and detail of the scene fade in the mean, and a
/// vertical line stays.
struct BandProfile: Sendable {
  /// Rows of a band: a line that leans by a fifteenth still falls into one column of it.
  private static let rowsPerBand = 16
  /// At least so many bands, in small pictures too: lines are found by how they go on from band to band.
  private static let fewest = 8

  let bands: Int
  let width: Int
  let height: Int
  /// Steps of 8 bits, (bands, width).
  let values: [Float]

  init(_ plane: BrightnessPlane, threads: Int) {
    (width, height) = (plane.width, plane.height)
    bands = Self.count(ofHeight: height)
    let (bands, width, height) = (bands, width, height)
    var values = [Float](repeating: 0, count: bands * width)
    parallelFor(bands, threads: threads, writing: &values) { band, values in
      let rows = Self.rows(of: band, bands: bands, height: height)
      let means = values[band * width..<(band + 1) * width]
      switch plane.samples {
      case .bytes(let samples): Self.average(samples, rows: rows, step: plane.step, into: means)
      case .words(let samples): Self.average(samples, rows: rows, step: plane.step, into: means)
      }
    }
    self.values = values
  }

  static func count(ofHeight height: Int) -> Int {
    min(height, max(fewest, (2 * height + rowsPerBand) / (2 * rowsPerBand)))
  }

  /// The rows of a band, which differ by one at most in number.
  static func rows(of band: Int, bands: Int, height: Int) -> Range<Int> {
    (band * height + bands / 2) / bands..<((band + 1) * height + bands / 2) / bands
  }

  func rows(of band: Int) -> Range<Int> { Self.rows(of: band, bands: bands, height: height) }

  /// The mean of each column over some rows; sums of samples are whole numbers, and exact.
  private static func average<Sample: UnsignedInteger & FixedWidthInteger>(
    _ samples: [Sample], rows: Range<Int>, step: Float, into means: UnsafeMutableBufferPointer<Float>
  ) {
    let width = means.count
    precondition(rows.upperBound * width <= samples.count, "rows of the picture")
    samples.withUnsafeBufferPointer { samples in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: width) { sums in
        guard let sum = sums.baseAddress, let first = samples.baseAddress else { return }
        sums.initialize(repeating: 0)
        for y in rows {
          let row = first + y * width
          for x in 0..<width { sum[x] &+= UInt32(truncatingIfNeeded: row[x]) }
        }
        let scale = step / Float(rows.count)
        for x in 0..<width { means[x] = scale * Float(sum[x]) }
      }
    }
  }
}
