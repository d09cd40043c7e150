import CVectorMath

extension KernelTwin {
  /// Sizes around those of tiles, packed blocks (256 rows, 256 deep) and vectors.
  static let product: [KernelTwin] = [
    (1, 1, 1), (3, 5, 7), (8, 48, 5), (9, 40, 7), (19, 67, 20), (3, 16, 33), (8, 16, 2), (72, 64, 88),
    (259, 50, 31),
    (10, 100, 515),
  ].flatMap { (m, n, k) in
    [false, true].flatMap { transposed in
      [false, true].flatMap { accumulate in
        [false, true].map { twin(m, n, k, transposed: transposed, accumulate: accumulate, rounds: $0) }
      }
    }
  }

  /// c (m, n) = a (m, k) b (k, n), rows of c two elements apart, which must stay as they are.
  private static func twin(
    _ m: Int, _ n: Int, _ k: Int, transposed: Bool, accumulate: Bool, rounds: Bool
  ) -> KernelTwin {
    // The last vector of a row may be read beyond the end of the array. Numbers that bfloat16 holds: then both products
    // are that of these.
    let a = numbers(m * k).map { rounds ? rounded($0) : $0 }
    let b = numbers(k * n + 16, seed: 2).map { rounds ? rounded($0) : $0 }
    let before = numbers(m * (n + 2), seed: 3)
    let input =
      "\(m) x \(k) by \(k) x \(n)" + (transposed ? ", transposed" : "") + (accumulate ? ", added" : "")
    return KernelTwin(rounds ? "product.rounded" : "product.full", input: input, tolerance: 1e-4) {
      kernels, times in
      var c = before
      for _ in 0..<times {
        let product = rounds ? kernels.product.rounded : kernels.product.full
        product(a, transposed ? 1 : k, transposed ? m : 1, b, n, &c, n + 2, m, n, k, accumulate ? 1 : 0)
      }
      return c.doubles
    } plain: {
      (0..<m * (n + 2)).map { at in
        let (i, j) = (at / (n + 2), at % (n + 2))
        if j >= n { return Double(before[at]) }
        return (0..<k).reduce(accumulate ? Double(before[at]) : 0) {
          $0 + Double(a[transposed ? $1 * m + i : i * k + $1]) * Double(b[$1 * n + j])
        }
      }
    }
  }

  /// The nearest number of bfloat16, of two as near the even one.
  private static func rounded(_ x: Float) -> Float {
    let bits = x.bitPattern
    return Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000)
  }
}
