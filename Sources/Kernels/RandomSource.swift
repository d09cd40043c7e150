/// A small, fast, seedable random source (SplitMix64; Steele, Lea, Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
///
/// The same seed gives the same numbers on every machine.
public struct RandomSource: RandomNumberGenerator, Sendable {
  /// A source that starts with this as its seed goes on as this one does.
  public private(set) var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Uniform in [-bound, bound).
  public mutating func uniform(bound: Float) -> Float { (2 * uniform() - 1) * bound }

  /// An integer in 0..<bound, bound > 0.
  public mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
