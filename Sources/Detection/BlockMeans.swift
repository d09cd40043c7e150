import Frames
import Kernels

extension BrightnessPlane {
  /// The means of blocks of samples, in steps of 8 bits, (height / rows, width / columns): a smaller picture. What is left over at
  /// the right and at the bottom takes no part.
  ///
  /// - Parameters:
  ///   - columns: of a block, 1 at least.
  ///   - rows: of a block, 1 at least.
  func means(columns: Int, rows: Int, threads: Int) -> [Float] {
    precondition(columns > 0 && rows > 0, "blocks of samples")
    let (across, down) = (width / columns, height / rows)
    var means = [Float](repeating: 0, count: across * down)
    let (samples, width, step) = (samples, width, step)
    parallelFor(down, threads: threads, writing: &means) { y, means in
      let line = means[y * across..<(y + 1) * across]
      let (lines, factor) = (y * rows..<(y + 1) * rows, step / Float(columns * rows))
      switch samples {
      case .bytes(let all):
        Self.average(all, lines: lines, width: width, columns: columns, factor: factor, into: line)
      case .words(let all):
        Self.average(all, lines: lines, width: width, columns: columns, factor: factor, into: line)
      }
    }
    return means
  }

  /// Sums of samples are whole numbers, and exact: they are scaled at the end.
  private static func average<Sample: UnsignedInteger & FixedWidthInteger>(
    _ samples: [Sample], lines: Range<Int>, width: Int, columns: Int, factor: Float,
    into means: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(
      lines.upperBound * width <= samples.count && means.count * columns <= width, "rows of the picture")
    samples.withUnsafeBufferPointer { samples in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: width) { sums in
        guard let sum = sums.baseAddress, let first = samples.baseAddress else { return }
        sums.initialize(repeating: 0)
        for y in lines {
          let line = first + y * width
          for x in 0..<width { sum[x] &+= UInt32(truncatingIfNeeded: line[x]) }
        }
        switch columns {
        case 1: for x in 0..<means.count { means[x] = factor * Float(sum[x]) }
        case 2: for x in 0..<means.count { means[x] = factor * Float(sum[2 * x] &+ sum[2 * x + 1]) }
        default:
          for x in 0..<means.count {
            var all: UInt32 = 0
            for k in x * columns..<(x + 1) * columns { all &+= sum[k] }
            means[x] = factor * Float(all)
          }
        }
      }
    }
  }
}
