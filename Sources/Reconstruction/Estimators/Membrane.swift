import Foundation

/// The harmonic interpolation of a plane's missing samples: a membrane stretched over the known ones.
///
/// Minimises the sum of squared differences between neighbours, so that each missing sample is the mean of its
/// neighbours (at the frame's edge, of those it has), by successive over-relaxation from a good start. The factor is
/// that for a hole as wide as the widest one: 2 / (1 + sin(pi / (2 radius + 1))) (Young, "Iterative Solution of Large
/// Linear Systems", 1971).
///
/// - Complexity: O(missing samples x sweeps), sweeps growing with the radius of the widest hole, at most 400.
struct Membrane {
  private let height: Int
  private let width: Int
  /// Indices of missing samples in row order.
  private let missing: [Int32]
  private let relaxation: Float

  /// Values closer than this to the last sweep's are final: a tenth of an 8-bit step.
  private static let tolerance: Float = 0.0004
  private static let sweeps = 400

  /// Stiffness between rows, against 1 between columns.
  private let rowWeight: Float

  /// - Parameter rowDistance: of rows, against that of columns.
  init(known: UnsafeBufferPointer<UInt8>, height: Int, width: Int, rowDistance: Double = 1) {
    rowWeight = Float(1 / (rowDistance * rowDistance))
    self.height = height
    self.width = width
    missing = known.indices.filter { known[$0] != SampleState.known }.map { Int32($0) }
    let radius = Self.radius(known: known, height: height, width: width)
    relaxation = Float(2 / (1 + sin(Double.pi / Double(2 * radius + 1))))
  }

  /// Replaces the missing samples of `plane`, which hold the start.
  func relax(_ plane: UnsafeMutableBufferPointer<Float>) {
    if missing.isEmpty || missing.count == plane.count { return }
    for _ in 0..<Self.sweeps {
      var change: Float = 0
      for index in missing {
        let i = Int(index)
        let x = i % width
        var sum: Float = 0
        var count: Float = 0
        if x > 0 {
          sum += plane[i - 1]
          count += 1
        }
        if x + 1 < width {
          sum += plane[i + 1]
          count += 1
        }
        if i >= width {
          sum += rowWeight * plane[i - width]
          count += rowWeight
        }
        if i + width < plane.count {
          sum += rowWeight * plane[i + width]
          count += rowWeight
        }
        let step = sum / count - plane[i]
        plane[i] += relaxation * step
        change = max(change, abs(step))
      }
      if change < Self.tolerance { return }
    }
  }

  /// Largest distance, in steps along rows and columns, of a missing sample from a known one.
  private static func radius(known: UnsafeBufferPointer<UInt8>, height: Int, width: Int) -> Int {
    var distance = known.map { $0 == SampleState.known ? Int32(0) : Int32(height + width) }
    for y in 0..<height {
      for x in 0..<width {
        let i = y * width + x
        if x > 0 { distance[i] = min(distance[i], distance[i - 1] + 1) }
        if y > 0 { distance[i] = min(distance[i], distance[i - width] + 1) }
      }
    }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() {
        let i = y * width + x
        if x + 1 < width { distance[i] = min(distance[i], distance[i + 1] + 1) }
        if y + 1 < height { distance[i] = min(distance[i], distance[i + width] + 1) }
      }
    }
    return Int(max(1, distance.max() ?? 1))
  }
}
