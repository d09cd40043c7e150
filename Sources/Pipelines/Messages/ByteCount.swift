import Foundation

/// Sizes of memory as people write them.
public enum ByteCount {
  private static let units: [(suffix: String, bytes: Double)] = [
    ("KIB", 0x1p10), ("MIB", 0x1p20), ("GIB", 0x1p30), ("TIB", 0x1p40), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9),
    ("TB", 1e12), ("K", 0x1p10), ("M", 0x1p20), ("G", 0x1p30), ("T", 0x1p40), ("B", 1),
  ]

  /// A size for people, such as `1.5 GiB`.
  public static func text(_ bytes: Int) -> String {
    let value = Double(bytes)
    return value >= 0x1p30
      ? String(format: "%.1f GiB", value / 0x1p30) : String(format: "%.0f MiB", (value / 0x1p20).rounded(.up))
  }

  /// Reads `2GiB`, `500MB`, `1.5G`, `1048576`.
  ///
  /// - Throws: `JobError` of kind `.configuration`.
  public static func parse(_ text: String) throws -> Int {
    let upper = text.uppercased()
    let unit = units.first { upper.hasSuffix($0.suffix) }
    let number = upper.dropLast(unit?.suffix.count ?? 0)
    guard number.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }), let value = Double(number) else {
      throw JobError.configuration("'\(text)' is no size of memory: write 2GiB or 500MB")
    }
    let bytes = value * (unit?.bytes ?? 1)
    guard bytes >= 0x1p20, bytes < 0x1p62 else {
      throw JobError.configuration("'\(text)' of memory is out of bounds: give at least 1MiB")
    }
    return Int(bytes)
  }
}
