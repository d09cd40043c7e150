import Foundation

/// What was read of a format, and what it took.
struct Tally {
  var files = 0
  /// Of processors, so that other things that a machine does change nothing; without what it takes to make sound files.
  var seconds = 0.0

  /// What a file takes, seconds.
  var cost: Double { max(seconds, 1e-6) / Double(max(files, 1)) }

  static func += (left: inout Tally, right: Tally) {
    left.files += right.files
    left.seconds += right.seconds
  }
}

/// How far a child is. It is kept in a file, which outlives a child that crashes.
struct Progress: Equatable {
  /// The number of the file that is being read.
  var number: Int
  /// Whether time or files have run out, and `number` is that of the next file.
  var isAtEnd = false
  /// Of processors, since the first file.
  var microseconds = 0

  init(number: Int) { self.number = number }

  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path), data.count == 24 else { return nil }
    let words = data.withUnsafeBytes { bytes in
      (0..<3).map { Int(bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Int64.self)) }
    }
    (number, isAtEnd, microseconds) = (words[0], words[1] != 0, words[2])
  }

  func write(to file: Int32) {
    let words = [number, isAtEnd ? 1 : 0, microseconds].map { Int64($0) }
    _ = words.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
  }

  /// What was read from file number `from` on; the file that was being read counts.
  func tally(from: Int) -> Tally {
    Tally(files: number - from + (isAtEnd ? 0 : 1), seconds: Double(microseconds) * 1e-6)
  }
}
