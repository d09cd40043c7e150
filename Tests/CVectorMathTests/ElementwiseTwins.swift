import CVectorMath
import Foundation

/// Lengths around the vectors' sixteen elements, and one of several blocks.
private let lengths = [1, 7, 15, 16, 17, 33, 100, 5000]
private let widths = [1, 5, 16, 37, 144]

extension KernelTwin {
  static let elementwise: [KernelTwin] =
    [1, 200, 1e4].map(sines) + lengths.flatMap { [adam($0), sums($0), products($0)] }
    + widths.flatMap { [sineLayer($0), relu($0), softmax($0)] } + [sigmoid, clamp, columnSums, transposition]

  private static func sines(bound: Float) -> KernelTwin {
    let x = lengths.map { numbers($0, bound: bound) }
    return KernelTwin("elementwise.sine_cosine", input: "up to \(bound)", tolerance: 2e-6) { kernels, times in
      x.flatMap { x in
        var (sine, cosine) = (x, x)
        for _ in 0..<times { kernels.elementwise.sine_cosine(x, &sine, &cosine, x.count) }
        return (sine + cosine).doubles
      }
    } plain: {
      x.flatMap { x in x.map { sin(Double($0)) } + x.map { cos(Double($0)) } }
    }
  }

  private static func sineLayer(_ columns: Int) -> KernelTwin {
    let (x, bias) = (numbers(3 * columns), numbers(columns, seed: 2))
    return KernelTwin("elementwise.sine_layer", input: "\(columns) columns", tolerance: 2e-6) {
      kernels, times in
      var (sine, cosine) = (x, x)
      for _ in 0..<times { kernels.elementwise.sine_layer(x, bias, 90, &sine, &cosine, 3, columns) }
      return (sine + cosine).doubles
    } plain: {
      // The argument is rounded to single precision before its sine is taken.
      let arguments = x.indices.map { Double((x[$0] + bias[$0 % columns]) * 90) }
      return arguments.map { sin($0) } + arguments.map { cos($0) }
    }
  }

  private static func relu(_ columns: Int) -> KernelTwin {
    let (x, bias) = (numbers(3 * columns, bound: 3), numbers(columns, seed: 2))
    let dy = numbers(3 * columns, seed: 3)
    return KernelTwin(
      "elementwise.relu_layer", "elementwise.relu_backward", input: "\(columns) columns", tolerance: 0
    ) { kernels, times in
      var (y, dx) = (x, x)
      for _ in 0..<times {
        kernels.elementwise.relu_layer(x, bias, &y, 3, columns)
        kernels.elementwise.relu_backward(y, dy, &dx, dx.count)
      }
      return (y + dx).doubles
    } plain: {
      let y = x.indices.map { max(x[$0] + bias[$0 % columns], 0) }
      return (y + y.indices.map { y[$0] > 0 ? dy[$0] : 0 }).doubles
    }
  }

  private static var sigmoid: KernelTwin {
    let x = numbers(111, bound: 120)
    return KernelTwin("elementwise.sigmoid", input: "far from zero too", tolerance: 1e-6) { kernels, times in
      var y = x
      for _ in 0..<times { kernels.elementwise.sigmoid(x, &y, y.count) }
      return y.doubles
    } plain: {
      x.map { 1 / (1 + exp(-Double($0))) }
    }
  }

  private static func softmax(_ columns: Int) -> KernelTwin {
    let (x, prior) = (numbers(3 * columns, bound: 6), numbers(3 * columns, seed: 2, bound: 40))
    let dy = numbers(3 * columns, seed: 3)
    return KernelTwin(
      "elementwise.softmax_rows", "elementwise.softmax_rows_backward", input: "\(columns) columns",
      tolerance: 4e-6
    ) { kernels, times in
      var (y, dx) = (x, x)
      for _ in 0..<times {
        kernels.elementwise.softmax_rows(x, prior, &y, 3, columns)
        kernels.elementwise.softmax_rows_backward(y, dy, &dx, 3, columns)
      }
      return (y + dx).doubles
    } plain: {
      var (y, dx): ([Double], [Double]) = ([], [])
      for row in 0..<3 {
        let range = row * columns..<(row + 1) * columns
        let logits = range.map { Double(x[$0]) + Double(prior[$0]) }
        let largest = logits.max() ?? 0
        let weights = logits.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        let mean = zip(weights, range).reduce(0.0) { $0 + $1.0 / sum * Double(dy[$1.1]) }
        y += weights.map { $0 / sum }
        dx += zip(weights, range).map { $0 / sum * (Double(dy[$1]) - mean) }
      }
      return y + dx
    }
  }

  private static func adam(_ count: Int) -> KernelTwin {
    let (x, g, m) = (numbers(count), numbers(count, seed: 2), numbers(count, seed: 3))
    let v = numbers(count, seed: 4).map { $0 * $0 }
    return KernelTwin("elementwise.adam", input: "\(count) weights", tolerance: 2e-5) { kernels, times in
      var (x1, m1, v1) = (x, m, v)
      for _ in 0..<times {
        kernels.elementwise.adam(&x1, g, &m1, &v1, count, 0.01, 0.9, 0.99, 1e-8, 0.19, 0.0199)
      }
      // Moments are held to a twentieth of what weights are.
      return x1.doubles + (m1 + v1).map { 20 * Double($0) }
    } plain: {
      let m1 = x.indices.map { 0.9 * Double(m[$0]) + 0.1 * Double(g[$0]) }
      let v1 = x.indices.map { 0.99 * Double(v[$0]) + 0.01 * Double(g[$0]) * Double(g[$0]) }
      let x1 = x.indices.map {
        Double(x[$0]) - 0.01 * (m1[$0] / 0.19) / ((v1[$0] / 0.0199).squareRoot() + 1e-8)
      }
      return x1 + (m1 + v1).map { 20 * $0 }
    }
  }

  private static func sums(_ count: Int) -> KernelTwin {
    let (x, y) = (numbers(count), numbers(count, seed: 2))
    let target = y.indices.map { $0 % 3 == 0 ? Float.nan : y[$0] }
    return KernelTwin(
      "elementwise.dot", "elementwise.masked_square_sum", input: "\(count) numbers", tolerance: 1e-4
    ) { kernels, times in
      var (dot, square) = (0.0, 0.0)
      for _ in 0..<times {
        dot = kernels.elementwise.dot(x, y, count)
        square = kernels.elementwise.masked_square_sum(x, target, count)
      }
      return [dot, square / Double(count)]
    } plain: {
      let square = zip(x, target).reduce(0.0) { $1.1.isNaN ? $0 : $0 + pow(Double($1.0) - Double($1.1), 2) }
      return [zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }, square / Double(count)]
    }
  }

  private static func products(_ count: Int) -> KernelTwin {
    let (x, y) = (numbers(count), numbers(count, seed: 2))
    return KernelTwin(
      "elementwise.axpy", "elementwise.multiply", input: "\(count) numbers", tolerance: 1e-6
    ) { kernels, times in
      var (sum, product) = (y, y)
      for _ in 0..<times {
        kernels.elementwise.axpy(0.5, x, &sum, count)
        kernels.elementwise.multiply(-2, x, y, &product, count)
      }
      return (sum + product).doubles
    } plain: {
      x.indices.map { Double(y[$0]) + 0.5 * Double(x[$0]) }
        + x.indices.map { -2 * Double(x[$0]) * Double(y[$0]) }
    }
  }

  private static var clamp: KernelTwin {
    let x = numbers(37, bound: 2)
    return KernelTwin("elementwise.clamp", input: "beyond both ends", tolerance: 0) { kernels, times in
      var y = x
      for _ in 0..<times { kernels.elementwise.clamp(x, &y, 37, 0.5, 0, 1) }
      return y.doubles
    } plain: {
      x.map { Double(min(max($0 + 0.5, 0), 1)) }
    }
  }

  private static var columnSums: KernelTwin {
    let x = numbers(19 * 37)
    return KernelTwin("elementwise.add_column_sums", input: "19 x 37", tolerance: 1e-5) { kernels, times in
      var sums = [Float](repeating: 1, count: 37)
      for _ in 0..<times { kernels.elementwise.add_column_sums(x, &sums, 19, 37) }
      return sums.doubles
    } plain: {
      (0..<37).map { j in (0..<19).reduce(1.0) { $0 + Double(x[$1 * 37 + j]) } }
    }
  }

  private static var transposition: KernelTwin {
    let x = numbers(19 * 37)
    return KernelTwin("elementwise.transpose", input: "19 x 37", tolerance: 0) { kernels, times in
      var transposed = x
      for _ in 0..<times { kernels.elementwise.transpose(x, 37, &transposed, 19, 19, 37) }
      return transposed.doubles
    } plain: {
      (0..<37).flatMap { j in (0..<19).map { Double(x[$0 * 37 + j]) } }
    }
  }
}
