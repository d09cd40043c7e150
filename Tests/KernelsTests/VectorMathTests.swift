import CVectorMath
import Foundation
import Testing

@testable import Kernels

/// The kernels of every instruction set of this machine.
private let levels = [VM_BASELINE, VM_AVX2, VM_AVX512].compactMap { vm_kernels_at($0)?.pointee }

/// Lengths around the vectors' sixteen elements, and one of several blocks.
private let lengths = [1, 7, 15, 16, 17, 33, 100, 5000]

private func numbers(_ count: Int, seed: UInt64 = 1, bound: Float = 1) -> [Float] {
  var random = RandomSource(seed: seed)
  return (0..<count).map { _ in random.uniform(bound: bound) }
}

/// Every kernel against a plain scalar twin in double precision.
struct VectorMathTests {
  @Test func aLevelIsThere() {
    #expect(!levels.isEmpty)
    #expect(vm_kernels_best().pointee.level == levels.last?.level)
  }

  @Test(arguments: [1, 200, 1e4] as [Float]) func sineAndCosine(bound: Float) {
    for kernels in levels {
      for count in lengths {
        let x = numbers(count, bound: bound)
        var (sine, cosine) = (x, x)
        kernels.sine_cosine(x, &sine, &cosine, count)
        for i in 0..<count {
          #expect(abs(Double(sine[i]) - sin(Double(x[i]))) < 2e-6)
          #expect(abs(Double(cosine[i]) - cos(Double(x[i]))) < 2e-6)
        }
      }
    }
  }

  @Test func sineLayer() {
    for kernels in levels {
      for columns in [5, 16, 37] {
        let (x, bias) = (numbers(3 * columns), numbers(columns, seed: 2))
        var (sine, cosine) = (x, x)
        kernels.sine_layer(x, bias, 90, &sine, &cosine, 3, columns)
        for i in x.indices {
          // The argument is rounded to single precision before its sine is taken.
          let argument = Double((x[i] + bias[i % columns]) * 90)
          #expect(abs(Double(sine[i]) - sin(argument)) < 2e-6)
          #expect(abs(Double(cosine[i]) - cos(argument)) < 2e-6)
        }
      }
    }
  }

  @Test func reluLayerAndSigmoid() {
    for kernels in levels {
      for columns in [1, 5, 16, 37] {
        let (x, bias) = (numbers(3 * columns, bound: 3), numbers(columns, seed: 2))
        let dy = numbers(3 * columns, seed: 3)
        var (y, dx) = (x, x)
        kernels.relu_layer(x, bias, &y, 3, columns)
        kernels.relu_backward(y, dy, &dx, dx.count)
        for i in x.indices {
          #expect(y[i] == max(x[i] + bias[i % columns], 0))
          #expect(dx[i] == (y[i] > 0 ? dy[i] : 0))
        }
        let wide = x.map { 40 * $0 }
        kernels.sigmoid(wide, &y, y.count)
        for i in x.indices {
          #expect(abs(Double(y[i]) - 1 / (1 + exp(-Double(wide[i])))) < 1e-6)
        }
      }
    }
  }

  @Test func softmaxForwardAndBackward() {
    for kernels in levels {
      for columns in [1, 5, 16, 37, 144] {
        let (x, prior) = (numbers(3 * columns, bound: 6), numbers(3 * columns, seed: 2, bound: 40))
        let dy = numbers(3 * columns, seed: 3)
        var (y, dx) = (x, x)
        kernels.softmax_rows(x, prior, &y, 3, columns)
        kernels.softmax_rows_backward(y, dy, &dx, 3, columns)
        for row in 0..<3 {
          let range = row * columns..<(row + 1) * columns
          let logits = range.map { Double(x[$0]) + Double(prior[$0]) }
          let largest = logits.max() ?? 0
          let weights = logits.map { exp($0 - largest) }
          let sum = weights.reduce(0, +)
          let mean = zip(weights, range).reduce(0.0) { $0 + $1.0 / sum * Double(dy[$1.1]) }
          for (weight, i) in zip(weights, range) {
            #expect(abs(Double(y[i]) - weight / sum) < 2e-6)
            #expect(abs(Double(dx[i]) - weight / sum * (Double(dy[i]) - mean)) < 4e-6)
          }
        }
      }
    }
  }

  @Test func adam() {
    for kernels in levels {
      for count in lengths {
        let (x, g, m) = (numbers(count), numbers(count, seed: 2), numbers(count, seed: 3))
        let v = numbers(count, seed: 4).map { $0 * $0 }
        var (x1, m1, v1) = (x, m, v)
        kernels.adam(&x1, g, &m1, &v1, count, 0.01, 0.9, 0.99, 1e-8, 0.19, 0.0199)
        for i in 0..<count {
          let mi = 0.9 * Double(m[i]) + 0.1 * Double(g[i])
          let vi = 0.99 * Double(v[i]) + 0.01 * Double(g[i]) * Double(g[i])
          let xi = Double(x[i]) - 0.01 * (mi / 0.19) / ((vi / 0.0199).squareRoot() + 1e-8)
          #expect(abs(Double(m1[i]) - mi) < 1e-6)
          #expect(abs(Double(v1[i]) - vi) < 1e-6)
          #expect(abs(Double(x1[i]) - xi) < 2e-5)
        }
      }
    }
  }

  @Test func sumsAndProducts() {
    for kernels in levels {
      for count in lengths {
        let (x, y) = (numbers(count), numbers(count, seed: 2))
        let dot = zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        #expect(abs(kernels.dot(x, y, count) - dot) < 1e-4)
        var z = y
        kernels.axpy(0.5, x, &z, count)
        for i in 0..<count { #expect(abs(z[i] - (y[i] + 0.5 * x[i])) < 1e-6) }
        kernels.multiply(-2, x, y, &z, count)
        for i in 0..<count { #expect(abs(z[i] + 2 * x[i] * y[i]) < 1e-6) }
        var target = y
        for i in stride(from: 0, to: count, by: 3) { target[i] = .nan }
        let square = zip(x, target).reduce(0.0) { $1.1.isNaN ? $0 : $0 + pow(Double($1.0) - Double($1.1), 2) }
        #expect(abs(kernels.masked_square_sum(x, target, count) - square) < 1e-4 * max(1, square))
      }
    }
  }

  @Test func columnSumsAndTransposition() {
    for kernels in levels {
      let (rows, columns) = (19, 37)
      let x = numbers(rows * columns)
      var sums = [Float](repeating: 1, count: columns)
      kernels.add_column_sums(x, &sums, rows, columns)
      var turned = x
      kernels.transpose(x, columns, &turned, rows, rows, columns)
      for j in 0..<columns {
        let sum = (0..<rows).reduce(Float(1)) { $0 + x[$1 * columns + j] }
        #expect(abs(sums[j] - sum) < 1e-5)
        for i in 0..<rows { #expect(turned[j * rows + i] == x[i * columns + j]) }
      }
    }
  }

  @Test(arguments: [false, true]) func product(transposed: Bool) {
    for kernels in levels {
      for (m, n, k) in [(1, 1, 1), (8, 48, 5), (9, 40, 7), (19, 67, 20), (3, 16, 33)] {
        let a = numbers(m * k)
        // The last vector of a row may be read beyond the end of the array.
        let b = numbers(k * n + 16, seed: 2)
        let before = numbers(m * (n + 2), seed: 3)
        for accumulate in [false, true] {
          var c = before
          kernels.product(
            a, transposed ? 1 : k, transposed ? m : 1, b, n, &c, n + 2, m, n, k, accumulate ? 1 : 0)
          for i in 0..<m {
            for j in 0..<n + 2 {
              let at = i * (n + 2) + j
              let sum = (0..<k).reduce(accumulate ? Double(before[at]) : 0) {
                $0 + Double(a[transposed ? $1 * m + i : i * k + $1]) * Double(b[$1 * n + min(j, n - 1)])
              }
              #expect(j < n ? abs(Double(c[at]) - sum) < 1e-4 : c[at] == before[at])
            }
          }
        }
      }
    }
  }

  @Test func clamp() {
    for kernels in levels {
      let x = numbers(37, bound: 2)
      var y = x
      kernels.clamp(x, &y, 37, 0.5, 0, 1)
      for i in x.indices { #expect(y[i] == min(max(x[i] + 0.5, 0), 1)) }
    }
  }
}
