import Frames

/// A frame's brightness in coarse cells, from its known samples only; what scene cuts are found by.
struct FrameSignature: Sendable {
  /// Side of a cell in samples.
  static let cell = 8

  /// Mean of the known samples of each cell, full scale = 1, and how many there are.
  let means: [Float]
  let counts: [Float]
  /// Whether a scene begins here, whatever the means.
  let startsScene: Bool

  /// From the first plane that shows brightness: luma, else green, else the first. Slices of volumes have no scenes, and
  /// no cells.
  init(_ frame: Frame, mask: FrameMask) {
    startsScene = frame.startsScene
    guard frame.values.isEmpty else {
      (means, counts) = ([], [])
      return
    }
    let p = frame.format.planes.firstIndex { $0.role == .luma || $0.role == .green } ?? 0
    let plane = frame.format.planes[p]
    let columns = (plane.width - 1) / Self.cell + 1
    let rows = (plane.height - 1) / Self.cell + 1
    var sums = [Float](repeating: 0, count: rows * columns)
    var counts = sums
    let scale = 1 / Float(frame.format.maximumValue)
    frame.planes[p].withView { samples in
      mask.missing.withUnsafeBufferPointer { missing in
        for y in 0..<plane.height {
          let row = (y / Self.cell) * columns
          let unmasked = mask.isKnown(row: y)
          for column in 0..<columns {
            let first = y * plane.width + column * Self.cell
            let part = first..<min(first + Self.cell, (y + 1) * plane.width)
            // Sums of eight samples are whole numbers, and exact.
            var (sum, count) = (UInt32(0), part.count)
            if unmasked {
              for i in part { sum &+= UInt32(samples[i]) }
            } else {
              count = 0
              for i in part {
                let isKnown: UInt32 = missing[i] == 0 ? 1 : 0
                sum &+= UInt32(samples[i]) &* isKnown
                count += Int(isKnown)
              }
            }
            sums[row + column] += Float(sum) * scale
            counts[row + column] += Float(count)
          }
        }
      }
    }
    for i in sums.indices where counts[i] > 0 { sums[i] /= counts[i] }
    means = sums
    self.counts = counts
  }

  var isEmpty: Bool { !counts.contains { $0 > 0 } }

  /// Mean absolute difference over the cells that both know; nil where there are too few.
  func difference(to other: FrameSignature) -> Float? {
    var sum: Float = 0
    var weight: Float = 0
    for i in means.indices where counts[i] > 0 && other.counts[i] > 0 {
      let w = min(counts[i], other.counts[i])
      sum += w * abs(means[i] - other.means[i])
      weight += w
    }
    return weight > 0 ? sum / weight : nil
  }
}

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
