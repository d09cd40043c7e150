import Foundation
import Frames
import Kernels

/// The surroundings of a piece in its own frame, in samples of a plane.
struct SpotBox {
  let rows: Range<Int>
  let columns: Range<Int>
  /// Of each sample of the box, row by row: whether the piece is there, and whether it may be read.
  private(set) var isOwn: [Bool]
  private(set) var isKnown: [UInt8]
  /// Distance from the nearest sample of the piece, and of the piece's samples from the nearest known one, in samples.
  private(set) var fromPiece: [Float]
  private(set) var fromKnown: [Float]
  /// The samples within reach of the piece, and the piece's own, by their places in the box.
  let near: [Int]
  let samples: [Int]
  /// The piece's own by their places in `near`.
  let own: [Int]

  var width: Int { columns.count }
  var count: Int { rows.count * columns.count }

  /// Samples around the narrowest pieces that are taken along, and the most around any.
  private static let margin = (least: 6, most: 28)

  init(_ piece: SpotPiece, of planes: SpotPlanes) {
    let (dy, dx) = (planes.format.verticalShift, planes.format.horizontalShift)
    let longest = piece.runs.reduce(0) { max($0, $1.columns.count) }
    let across = min(piece.rows.count, longest)
    let margin = min(Self.margin.most, max(Self.margin.least, across / 2 + 4)) >> min(dy, dx)
    let (ownRows, ownColumns) = (piece.rows, piece.columns)
    rows = max(0, ownRows.lowerBound >> dy - margin)..<min(planes.height, ((ownRows.upperBound - 1) >> dy) + 1 + margin)
    columns =
      max(0, ownColumns.lowerBound >> dx - margin)..<min(
        planes.width, ((ownColumns.upperBound - 1) >> dx) + 1 + margin)
    let (top, left, width) = (rows.lowerBound, columns.lowerBound, columns.count)
    var isOwn = [Bool](repeating: false, count: rows.count * columns.count)
    for run in piece.runs {
      let line = ((run.row >> dy) - top) * width - left
      for x in run.columns { isOwn[line + (x >> dx)] = true }
    }
    var isKnown = [UInt8](repeating: SampleState.known, count: isOwn.count)
    let missing = planes.missing[piece.frame]
    for y in 0..<rows.count {
      for x in 0..<width {
        let i = y * width + x
        if isOwn[i] || (!missing.isEmpty && missing[(top + y) * planes.width + left + x] != 0) {
          isKnown[i] = SampleState.missing
        }
      }
    }
    let fromPiece = Self.distances(rows: rows.count, columns: width) { isOwn[$0] }
    let near = isOwn.indices.filter { fromPiece[$0] <= Float(margin) }
    samples = isOwn.indices.filter { isOwn[$0] }
    self.near = near
    own = near.indices.filter { isOwn[near[$0]] }
    self.fromPiece = fromPiece
    fromKnown = Self.distances(rows: rows.count, columns: width) { isKnown[$0] == SampleState.known }
    (self.isOwn, self.isKnown) = (isOwn, isKnown)
  }

  /// Distances from the nearest sample for which `isThere` is true, by the chamfer 1, sqrt 2 (G. Borgefors, "Distance
  /// transformations in digital images", CVGIP 1986).
  private static func distances(rows: Int, columns: Int, _ isThere: (Int) -> Bool) -> [Float] {
    let far = Float(rows + columns)
    var d = (0..<rows * columns).map { isThere($0) ? 0 : far }
    let diagonal = Float(2).squareRoot()
    d.withUnsafeMutableBufferPointer { d in
      for y in 0..<rows {
        for x in 0..<columns {
          let i = y * columns + x
          var least = d[i]
          if x > 0 { least = min(least, d[i - 1] + 1) }
          if y > 0 {
            least = min(least, d[i - columns] + 1)
            if x > 0 { least = min(least, d[i - columns - 1] + diagonal) }
            if x + 1 < columns { least = min(least, d[i - columns + 1] + diagonal) }
          }
          d[i] = least
        }
      }
      for y in (0..<rows).reversed() {
        for x in (0..<columns).reversed() {
          let i = y * columns + x
          var least = d[i]
          if x + 1 < columns { least = min(least, d[i + 1] + 1) }
          if y + 1 < rows {
            least = min(least, d[i + columns] + 1)
            if x > 0 { least = min(least, d[i + columns - 1] + diagonal) }
            if x + 1 < columns { least = min(least, d[i + columns + 1] + diagonal) }
          }
          d[i] = least
        }
      }
    }
    return d
  }
}
