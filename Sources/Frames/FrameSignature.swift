/// A frame's brightness in coarse cells, from its known samples only; what scene cuts are found by.
public struct FrameSignature: Sendable {
  /// Mean of the known samples of each cell, full scale = 1, and how many there are.
  public let means: [Float]
  public let counts: [Float]
  /// Whether a scene begins here, whatever the means.
  public let startsScene: Bool

  /// From the first plane that shows brightness: luma, else green, else the first. Slices of volumes have no scenes, and
  /// no cells.
  ///
  /// - Parameter cell: side of a cell in samples, at least 1.
  public init(_ frame: Frame, mask: FrameMask, cell: Int = 8) {
    startsScene = frame.startsScene
    guard frame.values.isEmpty else {
      (means, counts) = ([], [])
      return
    }
    let p = frame.format.planes.firstIndex { $0.role == .luma || $0.role == .green } ?? 0
    let plane = frame.format.planes[p]
    let columns = (plane.width - 1) / cell + 1
    let rows = (plane.height - 1) / cell + 1
    var sums = [Float](repeating: 0, count: rows * columns)
    var counts = sums
    let scale = 1 / Float(frame.format.maximumValue)
    // To the bit that says of missing samples that they are known in this plane.
    let shift = 1 + PlaneSelection(plane.role).rawValue.trailingZeroBitCount
    frame.planes[p].withView { samples in
      mask.missing.withUnsafeBufferPointer { missing in
        // Eight samples, or what the mask says of them, as one number.
        @inline(__always) func eight(_ bytes: UnsafeRawPointer, _ i: Int) -> UInt64 {
          bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self)
        }
        let bytes = cell == 8 ? samples.bytes?.baseAddress : nil
        let masked = missing.isEmpty ? nil : UnsafeRawPointer(missing.baseAddress)
        for y in 0..<plane.height {
          let row = (y / cell) * columns
          let unmasked = bytes == nil && mask.isKnown(row: y)
          for column in 0..<columns {
            let first = y * plane.width + column * cell
            let part = first..<min(first + cell, (y + 1) * plane.width)
            if let bytes, part.count == 8 {
              let values = masked.map { eight($0, first) } ?? 0
              let hidden = values & ~(values >> shift) & 0x0101_0101_0101_0101
              // Bytes of 0 or 1 become bytes of all bits.
              let known = eight(bytes, first) & ~(hidden &* 255)
              let pairs: UInt64 = 0x00ff_00ff_00ff_00ff
              let fours = (known & pairs) &+ (known >> 8 & pairs)
              sums[row + column] += Float((fours &* 0x0001_0001_0001_0001) >> 48) * scale
              counts[row + column] += Float(8 - hidden.nonzeroBitCount)
              continue
            }
            // Sums of a few samples are whole numbers, and exact.
            var (sum, count) = (UInt32(0), part.count)
            if unmasked {
              for i in part { sum &+= UInt32(samples[i]) }
            } else {
              count = 0
              for i in part {
                let isKnown = missing.isEmpty ? 1 : UInt32(~missing[i] | missing[i] >> shift) & 1
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

  public var isEmpty: Bool { !counts.contains { $0 > 0 } }

  /// Mean absolute difference over the cells that both know; nil where there are too few.
  ///
  /// - Parameter other: of a frame of the same size.
  public func difference(to other: FrameSignature) -> Float? {
    precondition(means.count == other.means.count, "frames of one size")
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
