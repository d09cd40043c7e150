import CMachine
import Foundation
import Kernels

/// What this machine can do at most, in the same run as everything that is compared with it.
struct Machine {
  struct Product {
    /// Which kernel computes it.
    enum Kernel: String, CaseIterable {
      case own
      /// Operands rounded to bfloat16, where this machine multiplies such numbers.
      case reduced = "own, bfloat16"
      /// Where the second operand is taken as its transpose.
      case openBLAS = "OpenBLAS"
    }

    var kernel: Kernel
    var size: Int
    var flops: Double
  }

  let threads: Int
  /// Multiply-adds in registers, floating-point operations a second.
  let arithmetic: Double
  /// Matrix products of square, cache-resident operands.
  let products: [Product]
  /// Bytes a second of a = b + s c over memory no cache holds; each element counts three times.
  let bandwidth: Double

  var title: String { threads == 1 ? "1 thread" : "\(threads) threads" }

  /// The fastest matrix product in single precision, and the fastest of all.
  var productPeak: Double { products.filter { $0.kernel != .reduced }.map(\.flops).max() ?? 0 }
  var reducedProductPeak: Double { products.map(\.flops).max() ?? 0 }

  /// - Throws: `WrongResult`.
  init(threads: Int, runs: Int) throws {
    self.threads = threads
    arithmetic = try Self.multiplyAdds(threads: threads, runs: runs)
    products = try [64, 96, 128, 192, 256].flatMap { size in
      try Product.Kernel.allCases.map {
        Product(
          kernel: $0, size: size, flops: try Self.product($0, size: size, threads: threads, runs: runs))
      }
    }
    bandwidth = try Self.triad(threads: threads, runs: runs)
  }

  private static func multiplyAdds(threads: Int, runs: Int) throws -> Double {
    let rounds = 4_000_000
    var results = [Float](repeating: 0, count: threads)
    var counts = [Double](repeating: 0, count: threads)
    let timing = results.withSharedElements { results in
      Timing.measure(runs: runs) {
        counts = parallelMap(threads, threads: threads) {
          machine_fused_multiply_add(rounds, results.address(of: $0, count: 1))
        }
      }
    }
    let worst = results.map { abs(Double($0) - 1) }.max() ?? .infinity
    try WrongResult.check("multiply-add chains", difference: worst, limit: 1e-6)
    return counts.reduce(0, +) / timing.median
  }

  /// Products on every thread at a time, each with operands of its own. What takes a transpose of its second operand
  /// is left to OpenBLAS, everything else to the kernels of this project.
  private static func product(_ kernel: Product.Kernel, size: Int, threads: Int, runs: Int) throws -> Double {
    let transposing = kernel == .openBLAS ? Transposed.second : .neither
    let precision = kernel == .reduced ? Precision.reduced : .single
    var random = RandomSource(seed: 1)
    func operand() -> Matrix {
      Matrix(rows: size, columns: size, values: (0..<size * size).map { _ in random.uniform(bound: 1) })
    }
    let (a, b) = ((0..<threads).map { _ in operand() }, (0..<threads).map { _ in operand() })
    let c = (0..<threads).map { _ in Matrix(rows: size, columns: size) }
    let flops = 2 * Double(size * size * size)
    let repeats = max(1, Int(2e9 / flops))
    let timing = Timing.measure(runs: runs) {
      parallelFor(threads, threads: threads) { k in
        for _ in 0..<repeats {
          multiply(a[k], b[k], transposing: transposing, into: c[k], precision: precision)
        }
      }
    }
    var worst = 0.0
    for k in 0..<threads {
      for i in stride(from: 0, to: size, by: 7) {
        for j in 0..<size {
          var expected = 0.0
          for l in 0..<size {
            expected += Double(a[k][i, l]) * Double(transposing == .second ? b[k][j, l] : b[k][l, j])
          }
          worst = max(worst, abs(Double(c[k][i, j]) - expected))
        }
      }
    }
    let limit = kernel == .reduced ? 0.01 * Double(size).squareRoot() : 1e-4
    try WrongResult.check("matrix product of size \(size)", difference: worst, limit: limit)
    return flops * Double(repeats * threads) / timing.median
  }

  private static func triad(threads: Int, runs: Int) throws -> Double {
    let count = 48 << 20
    let arrays = (1...3).map { Matrix(rows: 1, columns: count).filled(Float($0)) }
    let (a, b, c) = (arrays[0], arrays[1], arrays[2])
    let piece = count / (threads * 4)
    let timing = Timing.measure(runs: runs) {
      parallelFor(count / piece, threads: threads) { i in
        machine_triad(a.base + i * piece, b.base + i * piece, c.base + i * piece, 0.5, piece)
      }
    }
    let done = count / piece * piece
    let worst = stride(from: 0, to: done, by: 4093).map { abs(Double(a[0, $0]) - 3.5) }.max() ?? .infinity
    try WrongResult.check("triad", difference: worst, limit: 0)
    return 3 * Double(done * MemoryLayout<Float>.stride) / timing.median
  }
}

extension Matrix {
  /// The same matrix, with every element set.
  fileprivate func filled(_ value: Float) -> Matrix {
    fill(value)
    return self
  }
}
