/// Adam (Kingma, Ba, ICLR 2015, arXiv 1412.6980) for a model's parameters, in groups with rates of their own.
public final class Adam {
  /// A stretch of the parameters and the factor on its learning rate.
  public struct Group: Sendable {
    public var range: Range<Int>
    public var factor: Float

    public init(range: Range<Int>, factor: Float = 1) {
      self.range = range
      self.factor = factor
    }
  }

  public let parameters: Parameters
  public let groups: [Group]
  public let beta1: Float
  public let beta2: Float
  public let epsilon: Float
  /// Steps taken since the moments were last zero.
  public internal(set) var steps = 0
  let m: Matrix
  let v: Matrix
  /// Elements that one call of the kernel updates: small enough to share out, whatever the number of threads.
  private let blocks: [(range: Range<Int>, factor: Float)]

  /// - Parameter groups: disjoint; nil for all parameters at the same rate.
  public init(
    _ parameters: Parameters, groups: [Group]? = nil, beta1: Float = 0.9, beta2: Float = 0.99,
    epsilon: Float = 1e-8
  ) {
    self.parameters = parameters
    self.groups = groups ?? [Group(range: 0..<parameters.count)]
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    m = Matrix(rows: 1, columns: parameters.count)
    v = Matrix(rows: 1, columns: parameters.count)
    blocks = self.groups.flatMap { group in
      stride(from: group.range.lowerBound, to: group.range.upperBound, by: 65536).map {
        ($0..<min($0 + 65536, group.range.upperBound), group.factor)
      }
    }
  }

  /// Moves the parameters against their gradients.
  public func step(rate: Float, threads: Int = 1) {
    steps += 1
    let c1 = 1 - power(beta1, steps)
    let c2 = 1 - power(beta2, steps)
    parallelFor(blocks.count, threads: threads) { [parameters, m, v, blocks, beta1, beta2, epsilon] i in
      let block = blocks[i]
      VectorMath.adam(
        parameters.values, gradient: parameters.gradients, m: m, v: v, start: block.range.lowerBound,
        count: block.range.count, rate: rate * block.factor, beta1: beta1, beta2: beta2, epsilon: epsilon,
        c1: c1, c2: c2)
    }
  }

  /// Forgets the moments.
  public func reset() {
    steps = 0
    m.fill(0)
    v.fill(0)
  }

  private func power(_ base: Float, _ exponent: Int) -> Float {
    var result = 1.0
    var square = Double(base)
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return Float(result)
  }
}
