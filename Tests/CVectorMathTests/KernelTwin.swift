import CVectorMath
import Kernels
import Testing

/// A kernel, or a few that work together, on an input, beside the same written out in double precision.
struct KernelTwin: Sendable, CustomTestStringConvertible {
  /// Domain and name, as in `vm_kernels`.
  let kernels: [String]
  /// What is special about the input.
  let input: String
  /// The largest difference that is allowed.
  let tolerance: Double
  /// What the kernels of an instruction set give, called so many times, each call on the result of the one before.
  let fast: @Sendable (vm_kernels, Int) -> [Double]
  /// The same by its definition; NaN where the definition leaves open what comes out.
  let plain: @Sendable () -> [Double]

  init(
    _ kernels: String..., input: String, tolerance: Double,
    fast: @escaping @Sendable (vm_kernels, Int) -> [Double], plain: @escaping @Sendable () -> [Double]
  ) {
    self.kernels = kernels
    self.input = input
    self.tolerance = tolerance
    self.fast = fast
    self.plain = plain
  }

  var testDescription: String { kernels.joined(separator: ", ") + ": " + input }

  static let all =
    elementwise + product + variation + blocks + group + levelLines + spots + residuals + patches + alike
}

/// The kernels of every instruction set of this machine, the plainest first.
let levels = [VM_BASELINE, VM_AVX2, VM_AVX512, VM_AVX512_BF16].compactMap { vm_kernels_at($0)?.pointee }

/// Uniform numbers between -bound and bound.
func numbers(_ count: Int, seed: UInt64 = 1, bound: Float = 1) -> [Float] {
  var random = RandomSource(seed: seed)
  return (0..<count).map { _ in random.uniform(bound: bound) }
}

extension Array where Element == Float {
  var doubles: [Double] { map(Double.init) }
}
