import Frames

/// Finds where one scene ends and the next begins.
enum SceneCuts {
  /// A cut changes the picture by at least this much of full scale …
  static let least: Float = 0.06
  /// … and by this many times what the changes around it do, all but one of them: another cut may be close.
  static let ratio: Float = 2

  /// Indices of the first frames of scenes that begin after the first of `signatures`.
  ///
  /// Frames of which nothing is known are passed over; they belong to the scene before.
  static func find(_ signatures: [FrameSignature]) -> [Int] {
    let told = signatures.indices.dropFirst().filter { signatures[$0].startsScene }
    let seen = signatures.indices.filter { !signatures[$0].isEmpty }
    guard seen.count > 2 else { return told }
    let differences = zip(seen, seen.dropFirst()).map { signatures[$0].difference(to: signatures[$1]) ?? 0 }
    let found = differences.indices.filter { isCut($0, in: differences) }.map { seen[$0 + 1] }
    return told.isEmpty ? found : Set(found).union(told).sorted()
  }

  /// Changes to either side of one that it is compared with.
  static let reach = 4

  /// Whether one of the changes from frame to frame is a cut.
  static func isCut(_ k: Int, in differences: [Float]) -> Bool {
    let around = (max(0, k - reach)...min(differences.count - 1, k + reach)).filter { $0 != k }
    let usual = around.map { differences[$0] }.sorted().dropLast().last ?? 0
    return differences[k] >= least && differences[k] >= ratio * usual
  }
}
