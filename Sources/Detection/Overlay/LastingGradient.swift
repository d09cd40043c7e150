import Foundation
import Kernels

/// The gradient that an overlay adds to whatever it lies over, from views of different contents; and how much each place
/// changes.
///
/// The median over contents leaves a mark's own edges and takes away those of the pictures below. (T. Dekel et al., "On the
/// Effectiveness of Visible Watermarks", CVPR 2017, doi:10.1109/CVPR.2017.726.)
struct LastingGradient {
  /// A median counts from so many of its standard errors on; half as many are enough beside one that counts.
  private static let certain: Float = 2.5
  private static let likely: Float = 1.5
  /// Steps of 8 bits.
  private static let least: Float = 1
  private static let rounding: Float = 0.15
  private static let deviationOfMedian: Float = 1.48
  private static let errorOfMedian: Float = 1.25

  let width: Int
  let height: Int
  /// To the next sample on the right, and below; steps of 8 bits.
  private(set) var x: [Float]
  private(set) var y: [Float]
  /// Standard deviation over views, steps of 8 bits.
  let deviation: [Float]

  /// - Parameter views: of `width` x `height` samples each.
  init(_ views: [[UInt8]], width: Int, height: Int, threads: Int) {
    (self.width, self.height) = (width, height)
    let rows = parallelMap(height, threads: threads) { y in
      Row(views, y: y, width: width, height: height)
    }
    x = Self.kept(rows.flatMap(\.x), width: width, height: height)
    y = Self.kept(rows.flatMap(\.y), width: width, height: height)
    deviation = rows.flatMap(\.deviation)
  }

  func isEdge(_ i: Int) -> Bool { x[i] != 0 || y[i] != 0 }

  /// A row's medians with their standard errors.
  private struct Row: Sendable {
    var x: [(median: Float, error: Float)] = []
    var y: [(median: Float, error: Float)] = []
    var deviation: [Float] = []

    init(_ views: [[UInt8]], y row: Int, width: Int, height: Int) {
      var values = [Float](repeating: 0, count: views.count)
      for column in 0..<width {
        let i = row * width + column
        x.append(column + 1 < width ? Self.median(views, from: i, to: i + 1, values: &values) : (0, 1))
        y.append(row + 1 < height ? Self.median(views, from: i, to: i + width, values: &values) : (0, 1))
        var (sum, squares) = (0, 0)
        for view in views {
          let value = Int(view[i])
          sum += value
          squares += value * value
        }
        let count = Float(views.count)
        let mean = Float(sum) / count
        deviation.append(max(0, Float(squares) / count - mean * mean).squareRoot())
      }
    }

    private static func median(
      _ views: [[UInt8]], from: Int, to: Int, values: inout [Float]
    ) -> (median: Float, error: Float) {
      for k in views.indices { values[k] = Float(Int(views[k][to]) - Int(views[k][from])) }
      let middle = middle(&values)
      for k in values.indices { values[k] = abs(values[k] - middle) }
      let spread = deviationOfMedian * Self.middle(&values)
      return (middle, errorOfMedian * spread / Float(values.count).squareRoot() + rounding)
    }

    private static func middle(_ values: inout [Float]) -> Float {
      values.sort()
      let half = values.count / 2
      return values.count % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2
    }
  }

  private static func kept(_ medians: [(median: Float, error: Float)], width: Int, height: Int) -> [Float] {
    func counts(_ i: Int, _ factor: Float) -> Bool {
      abs(medians[i].median) >= least && abs(medians[i].median) > factor * medians[i].error
    }
    let certain = medians.indices.map { counts($0, Self.certain) }
    return medians.indices.map { i in
      if certain[i] { return medians[i].median }
      if !counts(i, likely) { return 0 }
      let (column, row) = (i % width, i / width)
      for v in max(0, row - 1)...min(height - 1, row + 1) {
        for u in max(0, column - 1)...min(width - 1, column + 1) where certain[v * width + u] {
          return medians[i].median
        }
      }
      return 0
    }
  }

  /// What has this gradient and is 0 at the border: how much brighter or darker the mark makes each place, on the whole.
  ///
  /// Poisson's equation, by successive over-relaxation.
  func integrated() -> [Float] {
    var values = [Float](repeating: 0, count: width * height)
    if width < 3 || height < 3 { return values }
    var divergence = values
    for row in 1..<height - 1 {
      for i in row * width + 1..<(row + 1) * width - 1 {
        divergence[i] = x[i] - x[i - 1] + y[i] - y[i - width]
      }
    }
    let size = max(width, height)
    let relaxation = 2 / (1 + sin(Float.pi / Float(size)))
    values.withUnsafeMutableBufferPointer { values in
      divergence.withUnsafeBufferPointer { divergence in
        for _ in 0..<3 * size {
          for row in 1..<height - 1 {
            for i in row * width + 1..<(row + 1) * width - 1 {
              let next =
                0.25 * (values[i - 1] + values[i + 1] + values[i - width] + values[i + width] - divergence[i])
              values[i] += relaxation * (next - values[i])
            }
          }
        }
      }
    }
    return values
  }
}
