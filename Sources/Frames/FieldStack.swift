/// An interlaced frame as one picture without combing: its upper field, and below it its lower field, upside down.
///
/// Each half is a picture of one moment, at the same place in all frames. The lower field is mirrored so that the picture is
/// continuous where the halves meet. Chroma is split by its own rows, as interlaced video has it.
public struct FieldStack: Sendable {
  public let format: FrameFormat

  /// - Returns: nil for a format whose planes can't be split into fields of the same height.
  public init?(format: FrameFormat) {
    let shift = format.planes.map(\.verticalShift).max() ?? 0
    guard format.height > 0, shift < 8, format.height % (2 << shift) == 0 else { return nil }
    self.format = format
  }

  /// The row of the frame that row `y` of the stack holds, of a plane of `height` rows.
  static func frameRow(_ y: Int, height: Int) -> Int {
    y < height / 2 ? 2 * y : 2 * (height - 1 - y) + 1
  }

  /// The row of the stack that holds row `y` of the frame.
  private static func stackRow(_ y: Int, height: Int) -> Int {
    y % 2 == 0 ? y / 2 : height - 1 - y / 2
  }

  /// The frame with the fields of every plane stacked.
  public func stacked(_ frame: Frame) -> Frame {
    rearranged(frame, row: Self.frameRow)
  }

  /// The frame with the fields of every plane interleaved again.
  public func woven(_ frame: Frame) -> Frame {
    rearranged(frame, row: Self.stackRow)
  }

  private func rearranged(_ frame: Frame, row: (_ y: Int, _ height: Int) -> Int) -> Frame {
    var result = frame
    for (p, plane) in format.planes.enumerated() where frame.planes[p].count == plane.count {
      result.planes[p] = frame.planes[p].rearranged(width: plane.width) { row($0, plane.height) }
    }
    return result
  }

  /// The mask of the stack, under which at least everything is missing that is missing in the frame.
  ///
  /// A chroma sample is missing if a luma sample that it covers is, and in a field it covers other rows than in a frame. If
  /// none of those is missing, one is added to the mask, whose value `known(_:under:)` gives back.
  public func stacked(_ mask: FrameMask) -> FrameMask {
    if mask.isEmpty { return FrameMask(width: mask.width, height: mask.height) }
    let (width, height) = (mask.width, mask.height)
    let shift = format.planes.map(\.verticalShift).max() ?? 0
    var frame = mask.missing
    if shift > 0 {
      for y in 0..<height {
        let chroma = y >> shift
        let rows = (0..<1 << shift).map { 2 * (((chroma >> 1) << shift) + $0) + (chroma & 1) }
        for x in 0..<width where mask.missing[y * width + x] != 0 {
          if rows.allSatisfy({ mask.missing[$0 * width + x] == 0 }) {
            frame[rows[0] * width + x] = mask.missing[y * width + x]
          }
        }
      }
    }
    var result = [UInt8](repeating: 0, count: frame.count)
    for y in 0..<height {
      let from = Self.frameRow(y, height: height) * width
      result.replaceSubrange(y * width..<(y + 1) * width, with: frame[from..<from + width])
    }
    return FrameMask(width: width, height: height, missing: result)
  }

  /// Samples of a stack as those of the frame, without those that `stacked(_:)` added to the frame's mask.
  public func woven(_ mask: FrameMask, under frame: FrameMask) -> FrameMask {
    if mask.missing.isEmpty || frame.missing.isEmpty {
      return FrameMask(width: frame.width, height: frame.height)
    }
    var result = frame
    for y in 0..<frame.height {
      let (row, from) = (y * frame.width, Self.stackRow(y, height: frame.height) * frame.width)
      for x in 0..<frame.width { result.missing[row + x] &= mask.missing[from + x] }
    }
    return result
  }

  /// A sample of a frame that is known, but missing in the stack's mask.
  public struct KnownSample: Sendable {
    var plane: Int
    var place: Int
    var value: UInt16
  }

  /// The samples of `frame` that are known in `mask` and missing in `stackedMask`.
  public func known(_ frame: Frame, mask: FrameMask, stackedMask: FrameMask) -> [KnownSample] {
    if stackedMask.missing.isEmpty { return [] }
    var samples: [KnownSample] = []
    for (p, plane) in format.planes.enumerated() {
      let missing = mask.missing(in: plane)
      let solved = stackedMask.missing(in: plane)
      for y in 0..<plane.height {
        let row = Self.frameRow(y, height: plane.height) * plane.width
        for x in 0..<plane.width where solved[y * plane.width + x] != 0 && missing[row + x] == 0 {
          samples.append(KnownSample(plane: p, place: row + x, value: frame.planes[p][row + x]))
        }
      }
    }
    return samples
  }

  /// Puts samples back where they were.
  public static func put(_ samples: [KnownSample], into frame: inout Frame) {
    for sample in samples { frame.planes[sample.plane][sample.place] = sample.value }
  }
}
