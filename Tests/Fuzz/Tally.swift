import Foundation

/// What was read of a format, and what it took.
struct Tally {
  var files = 0
  /// Seconds of processors, and by the clock; what it takes to make sound files is in neither.
  var (processor, clock) = (0.0, 0.0)

  /// What a file takes by the clock, seconds.
  var cost: Double { max(clock, 1e-6) / Double(max(files, 1)) }

  static func += (left: inout Tally, right: Tally) {
    left.files += right.files
    left.processor += right.processor
    left.clock += right.clock
  }
}

/// How far a child is. It is kept in a file, which outlives a child that crashes.
struct Progress: Equatable {
  /// The number of the file that is being read.
  var number: Int
  /// Whether time or files have run out, and `number` is that of the next file.
  var isAtEnd = false
  /// Microseconds since the first file, of processors and by the clock.
  var (processor, clock) = (0, 0)

  init(number: Int) { self.number = number }

  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path), data.count == 32 else { return nil }
    let words = data.withUnsafeBytes { bytes in
      (0..<4).map { Int(bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
    (number, isAtEnd, processor, clock) = (words[0], words[1] != 0, words[2], words[3])
  }

  func write(to file: Int32) {
    let words = [number, isAtEnd ? 1 : 0, processor, clock].map { Int64($0) }
    _ = words.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
  }

  /// What was read from file number `from` on; the file that was being read counts.
  func tally(from: Int) -> Tally {
    var tally = Tally()
    tally.files = number - from + (isAtEnd ? 0 : 1)
    (tally.processor, tally.clock) = (Double(processor) * 1e-6, Double(clock) * 1e-6)
    return tally
  }
}
