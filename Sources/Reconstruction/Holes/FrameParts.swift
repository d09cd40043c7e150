import Frames
import Kernels

/// Rows and columns of a plane.
struct FramePart: Sendable {
  var rows: Range<Int>
  var columns: Range<Int>
}

/// The parts of a frame around its holes: what is done for holes is done there, and known samples far from them cost nothing.
enum FrameParts {
  /// Holes are gathered in cells of this side.
  private static let cell = 16

  /// Parts that together hold every sample that is not known, each with `margin` more to every side where the plane has them.
  ///
  /// Holes in neighbouring cells share a part.
  ///
  /// - Parameter states: of the frame, row by row; 1 where known.
  static func around(
    holesIn states: ArraySlice<UInt8>, height: Int, width: Int, margin: Int
  ) -> [FramePart] {
    let (rows, columns) = ((height - 1) / cell + 1, (width - 1) / cell + 1)
    var cells = [FramePart?](repeating: nil, count: rows * columns)
    states.withUnsafeBufferPointer { states in
      guard let base = states.baseAddress else { return }
      for y in 0..<height {
        forEachIndex(in: y * width..<(y + 1) * width, of: base, where: SampleState.known) { i in
          let x = i - y * width
          let k = y / cell * columns + x / cell
          let here = FramePart(rows: y..<y + 1, columns: x..<x + 1)
          cells[k] = cells[k]?.union(here) ?? here
        }
      }
    }
    var parts: [FramePart] = []
    for seed in cells.indices {
      guard var part = cells[seed] else { continue }
      cells[seed] = nil
      var stack = [seed]
      while let i = stack.popLast() {
        let (y, x) = (i / columns, i % columns)
        for ny in max(0, y - 1)...min(rows - 1, y + 1) {
          for nx in max(0, x - 1)...min(columns - 1, x + 1) {
            guard let next = cells[ny * columns + nx] else { continue }
            cells[ny * columns + nx] = nil
            part = part.union(next)
            stack.append(ny * columns + nx)
          }
        }
      }
      parts.append(
        FramePart(
          rows: max(0, part.rows.lowerBound - margin)..<min(height, part.rows.upperBound + margin),
          columns: max(0, part.columns.lowerBound - margin)..<min(width, part.columns.upperBound + margin)))
    }
    return parts
  }
}

extension FramePart {
  /// Calls `body` with the place of each sample in the plane, row by row.
  @inline(__always)
  func forEach(width: Int, _ body: (Int) -> Void) {
    for y in rows {
      for place in y * width + columns.lowerBound..<y * width + columns.upperBound { body(place) }
    }
  }

  fileprivate func union(_ other: FramePart) -> FramePart {
    FramePart(
      rows: min(rows.lowerBound, other.rows.lowerBound)..<max(rows.upperBound, other.rows.upperBound),
      columns: min(
        columns.lowerBound, other.columns.lowerBound)..<max(
          columns.upperBound, other.columns.upperBound))
  }
}
