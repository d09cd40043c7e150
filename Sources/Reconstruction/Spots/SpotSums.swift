/// Sums over the samples around a spot, eight at a time in a fixed order. All that is read and written has `count` elements at
/// least.
enum SpotSums {
  /// Sum of a[i] b[i].
  static func product(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    sum(count, a, b, b) { a, b, _ in
      a * b
    } one: { a, b, _ in
      a * b
    }
  }

  /// Sum of weight[i] (a[i] - b[i])^2.
  static func squares(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, weight: UnsafePointer<Float>, count: Int
  ) -> Float {
    sum(count, a, b, weight) { a, b, w in
      w * ((a - b) * (a - b))
    } one: { a, b, w in
      w * ((a - b) * (a - b))
    }
  }

  @inline(__always)
  private static func sum(
    _ count: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafePointer<Float>,
    _ eight: (SIMD8<Float>, SIMD8<Float>, SIMD8<Float>) -> SIMD8<Float>,
    one: (Float, Float, Float) -> Float
  ) -> Float {
    @inline(__always) func load(_ values: UnsafePointer<Float>, _ i: Int) -> SIMD8<Float> {
      UnsafeRawPointer(values + i).loadUnaligned(as: SIMD8<Float>.self)
    }
    var (sums, rest) = (SIMD8<Float>.zero, Float(0))
    var i = 0
    while i + 8 <= count {
      sums += eight(load(a, i), load(b, i), load(c, i))
      i += 8
    }
    while i < count {
      rest += one(a[i], b[i], c[i])
      i += 1
    }
    return sums.sum() + rest
  }

  /// Adds factor x[i] to y[i].
  static func add(
    _ factor: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { y[i] += factor * x[i] }
  }

  /// Makes result[i] = a[i] - b[i] c[i].
  static func subtract(
    _ b: UnsafePointer<Float>, times c: UnsafePointer<Float>, from a: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, count: Int
  ) {
    for i in 0..<count { result[i] = a[i] - b[i] * c[i] }
  }
}
