import Foundation
import Frames
import Kernels

/// Standard deviations of noise in the cells of a `WeightField`, from values of which some are no noise.
///
/// The scale s of a block, a quarter of a cell, solves mean(min(|x|, c s)) = s E[min(|z|, c)], z normal: single values count
/// c scales at most, however far they are off. That of a cell solves mean(min(b, d s)) = s, over the scales b of blocks near
/// it: as long as half of these have the noise alone, what moves or shimmers in the others raises it by a sixth at most.
struct NoiseScale {
  /// c.
  private static let mostOfValue = 1.2
  /// d.
  private static let mostOfBlock = 1.15
  /// Bounds of values are at least half a step of 8 bits.
  private static let leastBound = 0.5 / 255
  private static let rounds = (values: 6, blocks: 24)
  /// Blocks with fewer values count for nothing.
  private static let fewest = 12
  /// Nothing is known of a brightness with fewer.
  private static let fewestOfBrightness = 48.0

  private let field: WeightField
  private let blocks: (y: Int, x: Int)
  /// The values' sizes and their blocks.
  private var values: [Float] = []
  private var places: [Int32] = []
  /// Of each block, the sum of its values' brightness.
  private var brightness: [Double]

  var count: Int { values.count }

  /// - Parameter field: has the cells.
  init(_ field: WeightField) {
    self.field = field
    blocks = (2 * field.grid.y, 2 * field.grid.x)
    brightness = Array(repeating: 0, count: field.grid.t * blocks.y * blocks.x)
  }

  /// - Parameter value: left out if it is not a number.
  mutating func add(_ value: Float, brightness: Float, t: Int, y: Int, x: Int) {
    let cell = WeightField.cell
    let block = (t / cell.t * blocks.y + y / (cell.y / 2)) * blocks.x + x / (cell.x / 2)
    guard value.isFinite, let block = Int32(exactly: block) else { return }
    values.append(abs(value))
    places.append(block)
    self.brightness[Int(block)] += Double(brightness)
  }

  /// E[min(|z|, c)].
  private static var expected: Double {
    (2 / Double.pi).squareRoot() * (1 - exp(-mostOfValue * mostOfValue / 2)) + mostOfValue
      * erfc(mostOfValue / 2.0.squareRoot())
  }

  /// The scale of each block, and how many values it has.
  private var blockScales: [(scale: Double, count: Double)] {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(max(1, values.count))
    var result = Array(
      repeating: (scale: mean * (Double.pi / 2).squareRoot(), count: 0.0),
      count: field.grid.t * blocks.y * blocks.x)
    for _ in 0..<Self.rounds.values {
      let bounds = result.map { Float(max(Self.leastBound, Self.mostOfValue * $0.scale)) }
      var sums = [(sum: Double, count: Double)](repeating: (0, 0), count: result.count)
      for (value, place) in zip(values, places) {
        let block = Int(place)
        sums[block] = (sums[block].sum + Double(min(value, bounds[block])), sums[block].count + 1)
      }
      result = sums.map { ($0.sum / max(1, $0.count) / Self.expected, $0.count) }
    }
    return result.map { $0.count < Double(Self.fewest) ? (0, 0) : $0 }
  }

  /// The scale of each cell, after the blocks in it and near it; nil where none is near.
  var scales: [Double?] {
    let found = blockScales
    let whole = found.reduce((sum: 0.0, count: 0.0)) { ($0.sum + $1.scale * $1.count, $0.count + $1.count) }
    var scales = [Double?](repeating: whole.sum / max(1, whole.count), count: field.cells)
    var isFirst = true
    for _ in 0..<Self.rounds.blocks {
      var sums = [Double](repeating: 0, count: 2 * field.cells)
      for (i, block) in found.enumerated() where block.count > 0 {
        let (row, x) = (i / blocks.x, i % blocks.x)
        let cell = (row / blocks.y * field.grid.y + row % blocks.y / 2) * field.grid.x + x / 2
        let most = isFirst ? Double.infinity : Self.mostOfBlock * (scales[cell] ?? .infinity)
        sums[2 * cell] += min(block.scale, most) * block.count
        sums[2 * cell + 1] += block.count
      }
      sums = WeightField.smoothed(sums, grid: field.grid, size: 2)
      scales = scales.indices.map {
        sums[2 * $0 + 1] > 0.5 ? sums[2 * $0] / sums[2 * $0 + 1] : nil
      }
      isFirst = false
    }
    return scales
  }

  /// The scale of what has a brightness, after all blocks; nil if there are none.
  var curve: BrightnessCurve? {
    let found = blockScales
    let count = BrightnessCurve.parts + 1
    var scales = [Double?](repeating: .infinity, count: count)
    for _ in 0..<Self.rounds.blocks {
      var sums = [(sum: Double, weight: Double)](repeating: (0, 0), count: count)
      for (block, brightness) in zip(found, brightness) where block.count > 0 {
        let (low, share) = BrightnessCurve.between(Float(brightness / block.count))
        for (i, weight) in [(low, 1 - share), (low + 1, share)] {
          let most = Self.mostOfBlock * (scales[i] ?? .infinity)
          sums[i].sum += weight * block.count * min(block.scale, most)
          sums[i].weight += weight * block.count
        }
      }
      scales = sums.map { $0.weight >= Self.fewestOfBrightness ? $0.sum / $0.weight : nil }
    }
    return BrightnessCurve(scales)
  }

  /// The scale of each cell, that of others of its frames where it has none, or the mean of all; nil if none has any.
  var filled: [Double]? {
    let scales = scales
    let some = scales.compactMap(\.self)
    if some.isEmpty { return nil }
    let mean = some.reduce(0, +) / Double(some.count)
    var result = scales.map { Float($0 ?? mean) }
    let known: [UInt8] = scales.map { $0 == nil ? SampleState.missing : SampleState.known }
    let grid = field.grid
    let area = grid.y * grid.x
    let pyramid = PullPush(height: grid.y, width: grid.x)
    for t in 0..<grid.t where known[t * area..<(t + 1) * area].contains(SampleState.known) {
      result.withUnsafeMutableBufferPointer { result in
        known.withUnsafeBufferPointer { known in
          pyramid.fill(
            .init(rebasing: result[t * area..<(t + 1) * area]),
            known: .init(rebasing: known[t * area..<(t + 1) * area]))
        }
      }
    }
    return result.map(Double.init)
  }
}
