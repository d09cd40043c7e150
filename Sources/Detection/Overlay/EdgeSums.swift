/// Sums of gradient signs over frames that show something new, place by place.
///
/// Independent contents give sums that grow with the root of their number, edges that stay give the number itself.
struct EdgeSums<Number: FixedWidthInteger & SignedInteger & Sendable>: Sendable {
  /// Signs to the right and downwards.
  private(set) var x: [Number]
  private(set) var y: [Number]
  /// Their squares: how often there was an edge.
  private(set) var xx: [Number]
  private(set) var yy: [Number]
  /// Their products: edges along a diagonal, whatever their sign.
  private(set) var xy: [Number]
  /// Frames that counted, by cell.
  private(set) var counts: [Number]
  private(set) var frames: Range<Int>

  init(size: Int, cells: Int, start: Int) {
    x = Array(repeating: 0, count: size)
    (y, xx, yy, xy) = (x, x, x, x)
    counts = Array(repeating: 0, count: cells)
    frames = start..<start
  }

  /// - Parameter cells: where the frame counts.
  mutating func add(_ picture: EdgePicture, cells: [Bool], columns: Int) {
    let (width, size) = (picture.width, ContentSampler.cell)
    for cell in cells.indices where cells[cell] && counts[cell] < 100 {
      counts[cell] += 1
      let (left, top) = (cell % columns * size, cell / columns * size)
      for row in top..<min(picture.height, top + size) {
        let range = row * width + left..<row * width + min(width, left + size)
        picture.signsX.withUnsafeBufferPointer { sx in
          picture.signsY.withUnsafeBufferPointer { sy in
            Self.update(&x, range) { Number(truncatingIfNeeded: sx[$0]) }
            Self.update(&y, range) { Number(truncatingIfNeeded: sy[$0]) }
            Self.update(&xx, range) { Number(truncatingIfNeeded: sx[$0] &* sx[$0]) }
            Self.update(&yy, range) { Number(truncatingIfNeeded: sy[$0] &* sy[$0]) }
            Self.update(&xy, range) { Number(truncatingIfNeeded: sx[$0] &* sy[$0]) }
          }
        }
      }
    }
  }

  mutating func extend(to frame: Int) { frames = frames.lowerBound..<max(frames.upperBound, frame + 1) }

  /// Adds sums of earlier frames.
  mutating func add<Other>(_ other: EdgeSums<Other>) {
    func sum(_ sums: inout [Number], _ more: [Other]) {
      more.withUnsafeBufferPointer { more in
        Self.update(&sums, 0..<more.count) { Number(truncatingIfNeeded: more[$0]) }
      }
    }
    sum(&x, other.x)
    sum(&y, other.y)
    sum(&xx, other.xx)
    sum(&yy, other.yy)
    sum(&xy, other.xy)
    sum(&counts, other.counts)
    frames = min(frames.lowerBound, other.frames.lowerBound)..<max(frames.upperBound, other.frames.upperBound)
  }

  @inline(__always)
  private static func update(_ sums: inout [Number], _ range: Range<Int>, _ value: (Int) -> Number) {
    sums.withUnsafeMutableBufferPointer { sums in
      for i in range { sums[i] &+= value(i) }
    }
  }
}
