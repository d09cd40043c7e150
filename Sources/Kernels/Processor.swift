internal import COpenBLAS
internal import CVectorMath

/// The processor, as the kernels and the products of large matrices use it.
public enum Processor {
  /// The set of instructions that the kernels run with: `avx512-bf16`, `avx512`, `avx2` or `baseline`, which is what every
  /// machine of the architecture has.
  public static var instructionSet: String { name(vm_kernels_best().pointee.level) }

  /// The sets of instructions that this machine has, the plainest first.
  public static var instructionSets: [String] {
    [VM_BASELINE, VM_AVX2, VM_AVX512, VM_AVX512_BF16].filter { vm_kernels_at($0) != nil }.map(name)
  }

  /// What results depend on beside input, settings and version: the set of instructions of the kernels, and the processor that
  /// OpenBLAS takes this one for. Sums are rounded in another order where these differ.
  public static var kind: String { "\(instructionSet), OpenBLAS \(matrixLibrary.core)" }

  /// The architecture that the tool was built for.
  public static var architecture: String {
    #if arch(x86_64)
      "x86-64"
    #elseif arch(arm64)
      "arm64"
    #else
      "other"
    #endif
  }

  /// Version and options of OpenBLAS, such as `0.3.21 DYNAMIC_ARCH …`, and the processor that it takes this one for.
  public static var matrixLibrary: (configuration: String, core: String) {
    let words = text(openblas_get_config()).split(separator: " ").drop { $0 == "OpenBLAS" }
    return (words.joined(separator: " "), text(openblas_get_corename()))
  }

  private static func name(_ level: vm_level) -> String { String(cString: vm_level_name(level)) }

  private static func text(_ text: UnsafeMutablePointer<CChar>?) -> String {
    text.map { String(cString: $0).split(separator: " ").joined(separator: " ") } ?? "unknown"
  }
}
