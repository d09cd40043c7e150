import CVectorMath
import Kernels

/// A patch of a picture, and a place in another one.
private struct PatchScene: Sendable {
  var stride: Int
  var down: Float
  var right: Float

  static let side = Int(PATCH_SIDE)
  var text: String { "rows \(stride) apart, at \(down), \(right)" }
  var count: Int { (Self.side + 1) * stride + Self.side + 1 }
  var from: [Float] { numbers(count, seed: 31, bound: 100) }
  var to: [Float] { numbers(count, seed: 32, bound: 100) }
  var downSlopes: [Float] { numbers(count, seed: 33, bound: 10) }
  var rightSlopes: [Float] { numbers(count, seed: 34, bound: 10) }

  func with(_ body: (inout patch_pair) -> Void) {
    let (from, to, down, right) = (from, to, downSlopes, rightSlopes)
    from.withUnsafeBufferPointer { from in
      to.withUnsafeBufferPointer { to in
        down.withUnsafeBufferPointer { down in
          right.withUnsafeBufferPointer { right in
            guard let from = from.baseAddress, let to = to.baseAddress, let down = down.baseAddress,
              let right = right.baseAddress
            else { return }
            var pair = patch_pair(
              from: from, down_slope: down, right_slope: right, to: to, from_stride: stride,
              to_stride: stride, down: self.down, right: self.right)
            body(&pair)
          }
        }
      }
    }
  }

  /// Calls `body` with each sample's difference and slopes.
  func forEach(
    _ body: (_ row: Int, _ column: Int, _ difference: Double, _ down: Double, _ right: Double) -> Void
  ) {
    let (from, to, gy, gx) = (from.doubles, to.doubles, downSlopes.doubles, rightSlopes.doubles)
    let (fy, fx) = (Double(down), Double(right))
    for row in 0..<Self.side {
      for column in 0..<Self.side {
        let i = row * stride + column
        let upper = (1 - fx) * to[i] + fx * to[i + 1]
        let lower = (1 - fx) * to[i + stride] + fx * to[i + stride + 1]
        body(row, column, (1 - fy) * upper + fy * lower - from[i], gy[i], gx[i])
      }
    }
  }
}

extension KernelTwin {
  static let patches: [KernelTwin] = [
    PatchScene(stride: 9, down: 0, right: 0), PatchScene(stride: 31, down: 0.25, right: 0.875),
    PatchScene(stride: 64, down: 0.5, right: 0.125),
  ].flatMap { [slopes($0), compare($0), spread($0)] }

  private static func slopes(_ scene: PatchScene) -> KernelTwin {
    KernelTwin("patches.slopes", input: scene.text, tolerance: 1e-2) { kernels, times in
      var sums = patch_slopes()
      scene.with { pair in for _ in 0..<times { kernels.patches.slopes(&pair, &sums) } }
      return [sums.down, sums.right, sums.down_down, sums.down_right, sums.right_right].doubles
    } plain: {
      var sums = [Double](repeating: 0, count: 5)
      scene.forEach { _, _, _, down, right in
        for (k, value) in [down, right, down * down, down * right, right * right].enumerated() {
          sums[k] += value
        }
      }
      return sums
    }
  }

  private static func compare(_ scene: PatchScene) -> KernelTwin {
    KernelTwin("patches.compare", input: scene.text, tolerance: 0.5) { kernels, times in
      var found = patch_difference()
      scene.with { pair in for _ in 0..<times { kernels.patches.compare(&pair, &found) } }
      return [found.sum, found.squares, found.with_down, found.with_right].doubles
    } plain: {
      var sums = [Double](repeating: 0, count: 4)
      scene.forEach { _, _, difference, down, right in
        for (k, value) in [difference, difference * difference, difference * down, difference * right]
          .enumerated()
        {
          sums[k] += value
        }
      }
      return sums
    }
  }

  private static func spread(_ scene: PatchScene) -> KernelTwin {
    let (mean, motion): (Float, SIMD2<Float>) = (3, [0.75, -1.5])
    let (stride, rows) = (scene.stride + 3, PatchScene.side)
    let plane = rows * stride
    let begin = numbers(3 * plane, seed: 35)
    return KernelTwin("patches.spread", input: scene.text, tolerance: 1e-4) { kernels, times in
      var sums = begin
      scene.with { pair in
        for _ in 0..<times {
          sums = begin
          kernels.patches.spread(&pair, mean, motion.x, motion.y, &sums, stride, plane)
        }
      }
      return sums.doubles
    } plain: {
      var sums = begin.doubles
      scene.forEach { row, column, difference, _, _ in
        let weight = 1 / max(1, abs(difference - Double(mean)))
        let i = row * stride + column
        sums[i] += weight
        sums[plane + i] += weight * Double(motion.x)
        sums[2 * plane + i] += weight * Double(motion.y)
      }
      return sums
    }
  }
}
