import CVectorMath
import Foundation
import Testing

@testable import Kernels

/// The loss of a whole sequence in double precision, and its subgradient, straight from the definition.
private struct Twin {
  let (frames, height, width): (Int, Int, Int)
  var value = 0.0
  var gradient: [Double]

  init(
    x: [Float], y: [Float], size: (Int, Int, Int), residualScale: Double, tv: Double, sstv: Double,
    softness: Double
  ) {
    (frames, height, width) = size
    let plane = height * width
    let z = zip(x, y).map { Double($1.isNaN ? $0 : $1) }
    var push = [Double](repeating: 0, count: x.count)
    var value = 0.0
    // One difference: the samples in it with their signs.
    func penalise(_ plus: [Int], _ minus: [Int], _ weight: Double) {
      let d = plus.reduce(0.0) { $0 + z[$1] } - minus.reduce(0.0) { $0 + z[$1] }
      value += weight * abs(d)
      let slope = softness > 0 ? min(max(d / softness, -1), 1) : (d > 0 ? 1 : d < 0 ? -1 : 0)
      for i in plus { push[i] += weight * slope }
      for i in minus { push[i] -= weight * slope }
    }
    for i in x.indices {
      let (t, row, column) = (i / plane, i % plane / width, i % width)
      for step in [row + 1 < height ? width : 0, column + 1 < width ? 1 : 0] where step > 0 {
        penalise([i + step], [i], tv)
        if t + 1 < frames { penalise([i + plane + step, i], [i + plane, i + step], sstv) }
      }
    }
    gradient = x.indices.map { y[$0].isNaN ? push[$0] : residualScale * (Double(x[$0]) - Double(y[$0])) }
    self.value = value
  }
}

struct VariationTests {
  @Test(arguments: [(1, 1, 1), (1, 8, 8), (3, 5, 7), (4, 3, 16), (2, 9, 37)], [0, 0.3] as [Float])
  func valueAndGradient(size: (Int, Int, Int), softness: Float) {
    let (frames, height, width) = size
    let plane = height * width
    var random = RandomSource(seed: 3)
    // Multiples of 1/64, so that equal neighbours occur and sums are exact.
    let x = (0..<frames * plane).map { _ in Float(random.below(20)) / 64 }
    let y = x.map { _ in random.below(3) == 0 ? Float(random.below(20)) / 64 : Float.nan }
    let (tv, sstv, scale): (Float, Float, Float) = (0.25, 0.5, 0.125)
    let twin = Twin(
      x: x, y: y, size: size, residualScale: Double(scale), tv: Double(tv), sstv: Double(sstv),
      softness: Double(softness))
    for kernels in [VM_BASELINE, VM_AVX2, VM_AVX512].compactMap({ vm_kernels_at($0)?.pointee }) {
      var scratch = [Float](repeating: 0, count: vm_tv_scratch(width))
      var total = 0.0
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let x = x.baseAddress, let y = y.baseAddress, let scratch = scratch.baseAddress else {
              return
            }
            for t in 0..<frames {
              let (before, here, after) = (max(t - 1, 0) * plane, t * plane, min(t + 1, frames - 1) * plane)
              var frame = vm_tv_frame(
                x_previous: x + before, x: x + here, x_next: x + after, y_previous: y + before, y: y + here,
                y_next: y + after, height: height, width: width, residual_scale: scale, tv: tv, sstv: sstv,
                softness: softness, scratch: scratch)
              var gradient = [Float](repeating: 0, count: plane)
              var value = 0.0
              kernels.tv_frame(&frame, &gradient, &value)
              total += value
              for i in 0..<plane { #expect(abs(Double(gradient[i]) - twin.gradient[here + i]) < 1e-5) }
            }
          }
        }
      }
      #expect(abs(total - twin.value) < 1e-4 * max(1, twin.value))
    }
  }
}
