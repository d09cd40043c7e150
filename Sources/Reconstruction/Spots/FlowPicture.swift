import Frames
import Kernels
import Motion

/// A frame's brightness at a lower resolution, its holes filled from around them.
struct FlowPicture: Sendable {
  let gray: GrayPicture
  /// 1 where all four samples that one of half the resolution stands for are known, at least by half; empty where holes were
  /// found.
  let knownOnHalf: [UInt8]
  /// What planes count in brightness.
  static let shares: [PlaneRole: Float] = [.luma: 1, .red: 0.299, .green: 0.587, .blue: 0.114]
  /// Samples around holes that they are filled from.
  private static let margin = 8

  /// - Parameters:
  ///   - mask: what must not be seen of the frame.
  ///   - given: brightness of what is missing; nil if it was not found.
  ///   - reduction: samples of the frame that one of the picture stands for, along rows and columns.
  init(_ frame: Frame, mask: FrameMask, filled given: [SpotFill]? = nil, reduction: Int) {
    let (height, width) = ((mask.height - 1) / reduction + 1, (mask.width - 1) / reduction + 1)
    // Exact: samples have 16 bits, and a picture's sample stands for less than 65,536 of them.
    var counts = [UInt32](repeating: 0, count: height * width)
    mask.forEachMissing { y, x in counts[y / reduction * width + x / reduction] += 1 }
    let found = Matrix(rows: height, columns: width)
    for fill in given ?? [] {
      let (y, x) = (Int(fill.place) / mask.width, Int(fill.place) % mask.width)
      let k = y / reduction * width + x / reduction
      counts[k] -= 1
      found[k] += fill.brightness
    }
    // Samples of the frame that each of the picture's columns, or rows, stands for: the last ones for the rest.
    func extents(_ count: Int, of whole: Int) -> [UInt32] {
      (0..<count).map { UInt32(min(whole, ($0 + 1) * reduction) - $0 * reduction) }
    }
    let (across, down) = (extents(width, of: mask.width), extents(height, of: mask.height))
    var known = [UInt8](repeating: SampleState.known, count: height * width)
    let values = Matrix(rows: height, columns: width)
    for (p, plane) in frame.format.planes.enumerated() {
      guard let share = Self.shares[plane.role] else { continue }
      var sums = [UInt32](repeating: 0, count: height * width)
      switch frame.planes[p] {
      case .bytes(let samples): Self.add(samples, to: &sums, width: mask.width, reduction)
      case .words(let samples): Self.add(samples, to: &sums, width: mask.width, reduction)
      }
      frame.planes[p].withView { samples in
        mask.forEachMissing { y, x in
          sums[y / reduction * width + x / reduction] &-= UInt32(samples[y * mask.width + x])
        }
      }
      let scale = share / Float(frame.format.maximumValue)
      let total = found.base
      sums.withUnsafeBufferPointer { sums in
        for k in sums.indices { total[k] += scale * Float(sums[k]) }
      }
    }
    let (mean, total) = (values.base, found.base)
    known.withUnsafeMutableBufferPointer { known in
      counts.withUnsafeBufferPointer { counts in
        across.withUnsafeBufferPointer { across in
          for y in 0..<height {
            for x in 0..<width {
              let (i, area) = (y * width + x, across[x] &* down[y])
              let isKnown = 2 &* counts[i] <= area
              known[i] = isKnown ? SampleState.known : SampleState.missing
              mean[i] = isKnown ? total[i] / Float(area &- counts[i]) : 0
            }
          }
        }
      }
    }
    if known.contains(SampleState.missing) {
      let pyramid = PullPush(height: height, width: width)
      known.withUnsafeBufferPointer { states in
        let plane = UnsafeMutableBufferPointer(start: values.base, count: values.count)
        for part in FrameParts.around(holesIn: known[...], height: height, width: width, margin: Self.margin)
        {
          pyramid.fill(plane, known: states, within: part)
        }
      }
    }
    gray = GrayPicture(values)
    knownOnHalf = given == nil ? Self.halved(known, height: height, width: width) : []
  }

  /// Adds samples to the sums that they belong to.
  private static func add<Sample: UnsignedInteger & FixedWidthInteger>(
    _ samples: [Sample], to sums: inout [UInt32], width: Int, _ reduction: Int
  ) {
    let columns = (width - 1) / reduction + 1
    samples.withUnsafeBufferPointer { samples in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in stride(from: 0, to: samples.count, by: width) {
          let line = row / width / reduction * columns
          if reduction == 2 {
            for x in 0..<width / 2 {
              sums[line + x] &+=
                UInt32(truncatingIfNeeded: samples[row + 2 * x])
                &+ UInt32(truncatingIfNeeded: samples[row + 2 * x + 1])
            }
            if width % 2 == 1 {
              sums[line + columns - 1] &+= UInt32(truncatingIfNeeded: samples[row + width - 1])
            }
          } else {
            for x in 0..<width {
              sums[line + x / reduction] &+= UInt32(truncatingIfNeeded: samples[row + x])
            }
          }
        }
      }
    }
  }

  /// 1 where all of two by two are known.
  private static func halved(_ known: [UInt8], height: Int, width: Int) -> [UInt8] {
    var result = [UInt8](repeating: SampleState.known, count: ((height + 1) / 2) * ((width + 1) / 2))
    for i in known.indices where known[i] != SampleState.known {
      result[i / width / 2 * ((width + 1) / 2) + i % width / 2] = SampleState.missing
    }
    return result
  }
}

extension FrameMask {
  /// Calls `body` with the row and column of each missing sample, row by row.
  @inline(__always)
  func forEachMissing(_ body: (_ y: Int, _ x: Int) -> Void) {
    if missing.isEmpty { return }
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in 0..<height {
        forEachIndex(in: y * width..<(y + 1) * width, of: base, where: 0) { body(y, $0 - y * width) }
      }
    }
  }
}
