/// Sums over the samples around a spot, eight at a time in a fixed order. Arrays have at least `count` elements.
enum SpotSums {
  /// Sum of a[i] b[i].
  static func product(_ a: [Float], _ b: [Float], count: Int) -> Float {
    sum(count, a, b, b) { a, b, _ in
      a * b
    } one: { a, b, _ in
      a * b
    }
  }

  /// Sum of weight[i] (a[i] - b[i])^2.
  static func squares(_ a: [Float], _ b: [Float], weight: [Float], count: Int) -> Float {
    sum(count, a, b, weight) { a, b, w in
      w * ((a - b) * (a - b))
    } one: { a, b, w in
      w * ((a - b) * (a - b))
    }
  }

  @inline(__always)
  private static func sum(
    _ count: Int, _ a: [Float], _ b: [Float], _ c: [Float],
    _ eight: (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>) -> SIMD8<Float>,
    one: (Float, Float, Float) -> Float
  ) -> Float {
    precondition(count <= a.count && count <= b.count && count <= c.count, "sums within the arrays")
    var (sums, rest) = (SIMD8<Float>.zero, Float(0))
    a.withUnsafeBytes { x in
      b.withUnsafeBytes { y in
        c.withUnsafeBytes { z in
          @inline(__always) func load(_ bytes: UnsafeRawBufferPointer, _ i: Int) -> SIMD8<Float> {
            bytes.loadUnaligned(fromByteOffset: 4 * i, as: SIMD8<Float>.self)
          }
          var i = 0
          while i + 8 <= count {
            sums += eight(load(x, i), load(y, i), load(z, i))
            i += 8
          }
          while i < count {
            rest += one(a[i], b[i], c[i])
            i += 1
          }
        }
      }
    }
    return sums.sum() + rest
  }

  /// Adds factor x[i] to y[i].
  static func add(_ factor: Float, _ x: [Float], to y: inout [Float]) {
    precondition(x.count == y.count, "arrays of one length")
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        for i in 0..<x.count { y[i] += factor * x[i] }
      }
    }
  }

  /// a[i] - b[i] c[i].
  static func difference(_ a: [Float], _ b: [Float], _ c: [Float]) -> [Float] {
    precondition(a.count == b.count && a.count == c.count, "arrays of one length")
    return Array(unsafeUninitializedCapacity: a.count) { result, made in
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          c.withUnsafeBufferPointer { c in
            for i in 0..<a.count { result[i] = a[i] - b[i] * c[i] }
          }
        }
      }
      made = a.count
    }
  }
}
