import CVectorMath
import Kernels

extension KernelTwin {
  static let variation: [KernelTwin] = [(1, 1, 1), (1, 8, 8), (3, 5, 7), (4, 3, 16), (2, 9, 37)].flatMap {
    size in
    [0, 0.3].map { twin(size, softness: $0) }
  }

  private static func twin(_ size: (Int, Int, Int), softness: Float) -> KernelTwin {
    let (frames, height, width) = size
    let plane = height * width
    var random = RandomSource(seed: 3)
    // Multiples of 1/64, so that equal neighbours occur and sums are exact.
    let x = (0..<frames * plane).map { _ in Float(random.below(20)) / 64 }
    let y = x.map { _ in random.below(3) == 0 ? Float(random.below(20)) / 64 : Float.nan }
    return KernelTwin(
      "variation.frame", input: "\(frames) x \(height) x \(width), softness \(softness)", tolerance: 1e-5
    ) { kernels, times in
      var result: [Double] = []
      var total = 0.0
      var scratch = [Float](repeating: 0, count: variation_scratch(width))
      x.withUnsafeBufferPointer { x in
        y.withUnsafeBufferPointer { y in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let x = x.baseAddress, let y = y.baseAddress, let scratch = scratch.baseAddress else {
              return
            }
            for t in 0..<frames {
              let (before, here, after) = (max(t - 1, 0) * plane, t * plane, min(t + 1, frames - 1) * plane)
              var frame = variation_frame(
                x_previous: x + before, x: x + here, x_next: x + after, y_previous: y + before, y: y + here,
                y_next: y + after, height: height, width: width, residual_scale: 0.125, tv: 0.25, sstv: 0.5,
                softness: softness, scratch: scratch)
              var gradient = [Float](repeating: 0, count: plane)
              var value = 0.0
              for _ in 0..<times { kernels.variation.frame(&frame, &gradient, &value) }
              total += value
              result += gradient.doubles
            }
          }
        }
      }
      return result + [total / Double(x.count)]
    } plain: {
      plain(x, y, size, softness: Double(softness))
    }
  }

  /// The gradient of a whole sequence, and its loss for each sample, straight from the definition.
  private static func plain(_ x: [Float], _ y: [Float], _ size: (Int, Int, Int), softness: Double) -> [Double]
  {
    let (frames, height, width) = size
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
        penalise([i + step], [i], 0.25)
        if t + 1 < frames { penalise([i + plane + step, i], [i + plane, i + step], 0.5) }
      }
    }
    return x.indices.map { y[$0].isNaN ? push[$0] : 0.125 * (Double(x[$0]) - Double(y[$0])) }
      + [value / Double(x.count)]
  }
}
