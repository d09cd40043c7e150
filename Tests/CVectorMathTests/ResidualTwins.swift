import CVectorMath
import Foundation
import Kernels

/// Two pictures of waves, one of which has a spot, and motion between them.
private struct Pictures: Sendable {
  var height: Int
  var width: Int
  /// Rows that are written.
  var rows: Range<Int>
  var scale = 2
  /// Whether neighbours move alike, with places on both sides of whole samples; else each as it likes.
  var isSmooth = false

  var text: String {
    "\(height) x \(width), rows \(rows.lowerBound) to \(rows.upperBound), \(isSmooth ? "smooth" : "rough") motion"
  }
  var picture: [Float] { numbers(height * width, seed: 7).map { 100 + 20 * $0 } }
  var other: [Float] { numbers(height * width, seed: 8).map { 102 + 18 * $0 } }
  var third: [Float] { numbers(height * width, seed: 9).map { 98 + 15 * $0 } }
  var flowRows: Int { (height + scale - 1) / scale }
  var flowColumns: Int { (width + scale - 1) / scale }
  /// Some of it leads out of the picture.
  var dx: [Float] { motion(4, seed: 10) }
  var dy: [Float] { motion(3, seed: 11) }

  private func motion(_ most: Float, seed: UInt64) -> [Float] {
    let values = numbers(flowRows * flowColumns, seed: seed)
    if !isSmooth { return values.map { most * $0 } }
    return values.indices.map { i in
      let (y, x) = (Float(i / flowColumns), Float(i % flowColumns))
      return 1 + 0.02 * values[i] + 0.02 * most * (sin(y / 5 + Float(seed)) + x / 8)
    }
  }

  private var scratch: [Float] { [Float](repeating: .nan, count: 96 * (width + 16)) }

  /// The rows that are written.
  private func written(_ result: [Float]) -> [Double] {
    result[rows.lowerBound * width..<rows.upperBound * width].map(Double.init)
  }

  private func mirrored(_ i: Int, _ count: Int) -> Int {
    var i = abs(i)
    if i > count - 1 { i = 2 * (count - 1) - i }
    return max(0, min(count - 1, i))
  }

  func moved(_ kernels: residual_kernels) -> [Double] {
    var (result, memory) = ([Float](repeating: 0, count: height * width), scratch)
    var inside = [UInt8](repeating: 7, count: rows.count * width)
    let (dx, dy) = (dx, dy)
    dx.withUnsafeBufferPointer { dx in
      dy.withUnsafeBufferPointer { dy in
        guard let x = dx.baseAddress, let y = dy.baseAddress else { return }
        var flow = residual_flow(dx: x, dy: y, rows: flowRows, columns: flowColumns, scale: scale)
        kernels.move(
          picture, height, width, &flow, rows.lowerBound, rows.upperBound, &result, &inside, &memory)
      }
    }
    return written(result) + inside.map(Double.init)
  }

  func plainlyMoved() -> [Double] {
    let (picture, dx, dy) = (picture.map(Double.init), dx.map(Double.init), dy.map(Double.init))
    /// Keys' kernel, a = -1/2.
    func cubic(_ d: Double) -> Double {
      let d = abs(d)
      return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0
    }
    func flow(_ values: [Double], _ y: Int, _ x: Int) -> Double {
      let centre = Double(scale - 1) / 2
      let v = max(0, min(Double(flowRows - 1), (Double(y) - centre) / Double(scale)))
      let u = max(0, min(Double(flowColumns - 1), (Double(x) - centre) / Double(scale)))
      let (top, left) = (Int(v), Int(u))
      let (below, right) = (min(flowRows - 1, top + 1), min(flowColumns - 1, left + 1))
      func line(_ row: Int) -> Double {
        let (a, b) = (values[row * flowColumns + left], values[row * flowColumns + right])
        return a + (u - Double(left)) * (b - a)
      }
      return Double(scale) * (line(top) + (v - Double(top)) * (line(below) - line(top)))
    }
    var (result, inside): ([Double], [Double]) = ([], [])
    for y in rows {
      for x in 0..<width {
        let (py, px) = (Double(y) + flow(dy, y, x), Double(x) + flow(dx, y, x))
        let isInside =
          py >= -0.5 && px >= -0.5 && py <= Double(height) - 0.5 && px <= Double(width) - 0.5
        inside.append(isInside ? 1 : 0)
        let (vy, vx) = (max(-2, min(Double(height) + 2, py)), max(-2, min(Double(width) + 2, px)))
        let (top, left) = (Int(vy.rounded(.down)), Int(vx.rounded(.down)))
        var sum = 0.0
        for row in top - 1...top + 2 {
          for column in left - 1...left + 2 {
            let sample = picture[max(0, min(height - 1, row)) * width + max(0, min(width - 1, column))]
            sum += cubic(vy - Double(row)) * cubic(vx - Double(column)) * sample
          }
        }
        result.append(sum)
      }
    }
    return result + inside
  }

  func settled(_ kernels: residual_kernels) -> [Double] {
    var (result, memory) = ([Float](repeating: 0, count: height * width), scratch)
    kernels.settle(picture, other, height, width, rows.lowerBound, rows.upperBound, &result, &memory)
    return written(result)
  }

  /// The samples of the 5 x 5 cells of 2 x 2 samples around a sample's own.
  private func window(around y: Int, _ x: Int) -> [(Int, Int)] {
    let (rows, columns) = ((height + 1) / 2, (width + 1) / 2)
    return (y / 2 - 2...y / 2 + 2).flatMap { row in
      (x / 2 - 2...x / 2 + 2).flatMap { column in
        let (top, left) = (2 * mirrored(row, rows), 2 * mirrored(column, columns))
        return [(0, 0), (0, 1), (1, 0), (1, 1)].map { down, right in
          (mirrored(top + down, height), mirrored(left + right, width))
        }
      }
    }
  }

  func plainlySettled() -> [Double] {
    let (a, b) = (picture.map(Double.init), other.map(Double.init))
    func at(_ y: Int, _ x: Int) -> Double { b[mirrored(y, height) * width + mirrored(x, width)] }
    /// Slopes at a place within the picture.
    func slopes(_ y: Int, _ x: Int) -> (Double, Double) {
      var (gx, gy) = (0.0, 0.0)
      for k in -1...1 {
        let weight = k == 0 ? 2.0 : 1.0
        gx += weight * (at(y + k, x + 1) - at(y + k, x - 1)) / 8
        gy += weight * (at(y + 1, x + k) - at(y - 1, x + k)) / 8
      }
      return (gx, gy)
    }
    var result: [Double] = []
    for y in rows {
      for x in 0..<width {
        var (xx, xy, yy, xr, yr) = (0.25, 0.0, 0.25, 0.0, 0.0)
        for (v, u) in window(around: y, x) {
          let (gx, gy) = slopes(v, u)
          let r = a[v * width + u] - b[v * width + u]
          let weight = 1 / (1 + r * r / 16) / 100
          xx += weight * gx * gx
          xy += weight * gx * gy
          yy += weight * gy * gy
          xr += weight * gx * r
          yr += weight * gy * r
        }
        let determinant = xx * yy - xy * xy
        let dx = max(-1, min(1, (yy * xr - xy * yr) / determinant))
        let dy = max(-1, min(1, (xx * yr - xy * xr) / determinant))
        let (gx, gy) = slopes(y, x)
        result.append(b[y * width + x] + gx * dx + gy * dy)
      }
    }
    return result
  }

  /// Windows of medians: one that lies in a row of the pictures, and one that is longer than it.
  private var windows: [Int] { [5, 2 * width + 7] }

  func medians(_ kernels: residual_kernels) -> [Double] {
    windows.flatMap { window in
      var (result, memory) = (
        [Float](repeating: 0, count: width), [Float](repeating: .nan, count: 2 * (window + 48))
      )
      kernels.median(picture, width, window, &result, &memory)
      return result.map(Double.init)
    }
  }

  func plainMedians() -> [Double] {
    windows.flatMap { window in
      (0..<width).map { x in
        let around = (x - window / 2...x + window / 2).map { k in
          let reflected = k < 0 ? -1 - k : k >= width ? 2 * width - 1 - k : k
          return picture[max(0, min(width - 1, reflected))]
        }
        return Double(around.sorted()[window / 2])
      }
    }
  }

  func compared(_ kernels: residual_kernels) -> [Double] {
    var (mean, half) = (
      [Float](repeating: 0, count: height * width), [Float](repeating: 0, count: height * width)
    )
    var memory = scratch
    kernels.compare(
      picture, other, third, height, width, rows.lowerBound, rows.upperBound, &mean, &half, &memory)
    return written(mean) + written(half)
  }

  func plainlyCompared() -> [Double] {
    let weights = (-2...2).map { exp(-Double($0 * $0) / (2 * 0.64)) }
    let sum = weights.reduce(0, +)
    let (picture, other, third) = (picture, other, third)
    func blurred(_ other: [Float], _ y: Int, _ x: Int) -> Double {
      var result = 0.0
      for j in -2...2 {
        for k in -2...2 {
          let i = mirrored(y + j, height) * width + mirrored(x + k, width)
          result += weights[j + 2] * weights[k + 2] / (sum * sum) * Double(picture[i] - other[i])
        }
      }
      return result
    }
    var (mean, half): ([Double], [Double]) = ([], [])
    for y in rows {
      for x in 0..<width {
        let (r1, r2) = (blurred(other, y, x), blurred(third, y, x))
        mean.append((r1 + r2) / 2)
        half.append(abs(r1 - r2) / 2)
      }
    }
    return mean + half
  }
}

extension KernelTwin {
  static let residuals: [KernelTwin] = [
    Pictures(height: 20, width: 37, rows: 0..<20), Pictures(height: 31, width: 24, rows: 9..<17),
    Pictures(height: 4, width: 5, rows: 1..<4), Pictures(height: 1, width: 1, rows: 0..<1),
    Pictures(height: 3, width: 40, rows: 0..<2, scale: 1),
    Pictures(height: 40, width: 150, rows: 3..<40, isSmooth: true),
  ].flatMap { pictures in
    [
      KernelTwin(
        "residuals.move", input: pictures.text, tolerance: 2e-3,
        fast: { kernels, _ in pictures.moved(kernels.residuals) }, plain: pictures.plainlyMoved),
      KernelTwin(
        "residuals.settle", input: pictures.text, tolerance: 5e-3,
        fast: { kernels, _ in pictures.settled(kernels.residuals) }, plain: pictures.plainlySettled),
      KernelTwin(
        "residuals.median", input: pictures.text, tolerance: 0,
        fast: { kernels, _ in pictures.medians(kernels.residuals) }, plain: pictures.plainMedians),
      KernelTwin(
        "residuals.compare", input: pictures.text, tolerance: 1e-3,
        fast: { kernels, _ in pictures.compared(kernels.residuals) }, plain: pictures.plainlyCompared),
    ]
  }
}
