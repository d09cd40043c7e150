import Foundation
import Frames
import Kernels

/// The surroundings of a piece in its own frame, in samples of a plane.
struct SpotBox {
  private let cells: Cells
  /// Distance from the nearest sample of the piece, and of the piece's samples from the nearest known one, in samples.
  let fromPiece: [Float]
  let fromKnown: [Float]
  /// The samples within reach of the piece, by their places in the box: first the known ones, then what is missing.
  let near: [Int]
  /// How many of them are known.
  let knownCount: Int
  /// What those count around the piece, near ones first, 0 ... 1.
  let closeness: [Float]
  /// The piece's own samples by their places in the box, and by those in `near`.
  let samples: [Int]
  let own: Range<Int>

  /// How far the farthest missing sample of the box is from a known one, at least 1.
  let depth: Int

  var rows: Range<Int> { cells.rows }
  var columns: Range<Int> { cells.columns }
  var width: Int { cells.columns.count }
  var count: Int { cells.count }
  /// Of each sample of the box, row by row: whether the piece is there, and whether it may be read.
  var isOwn: [Bool] { cells.isOwn }
  var isKnown: [UInt8] { cells.isKnown }

  /// Samples that are taken along around a piece: two more than it is deep, and an eighth, for what moves lets large ones be
  /// judged from far. Twice as many around small ones took an eighth of a run's time, and were no better.
  ///
  /// - Parameters:
  ///   - depth: in samples of the plane.
  ///   - shift: of the plane against the frame.
  private static func margin(depth: Int, shift: Int) -> Int {
    min(28 >> shift, max(3 >> shift, depth + depth / 8 + (2 >> shift)))
  }

  /// Within this distance of the piece all samples are taken, beyond it every other one, which say nearly as much.
  private static let dense: Float = 1.5

  init(_ piece: SpotPiece, of planes: SpotPlanes) {
    let shift = min(planes.format.verticalShift, planes.format.horizontalShift)
    // How deep it is shows in the tightest box.
    let tight = Cells(piece, of: planes, margin: 1)
    let inside = tight.fromKnown()
    let depth = tight.isOwn.indices.reduce(0) { tight.isOwn[$1] ? max($0, Int(inside[$1])) : $0 }
    let margin = Self.margin(depth: depth, shift: shift)
    cells = Cells(piece, of: planes, margin: margin)
    let (cells, isOwn) = (cells, cells.isOwn)
    let fromPiece = cells.distances { isOwn[$0] }
    let width = cells.columns.count
    var (near, samples): ([Int], [Int]) = ([], [])
    near.reserveCapacity(cells.count)
    var (place, farthest): (Int, Float) = (0, 0)
    for y in 0..<cells.rows.count {
      for x in 0..<width {
        let distance = fromPiece[place]
        if isOwn[place] {
          samples.append(place)
        } else if distance <= Float(margin) && (distance <= Self.dense || (y + x) % 2 == 0)
          && cells.isKnown[place] == SampleState.known
        {
          near.append(place)
          farthest = max(farthest, distance)
        }
        place += 1
      }
    }
    let reach = max(1, farthest) / 1.5
    closeness = near.map { exp(-(fromPiece[$0] / reach) * (fromPiece[$0] / reach)) }
    knownCount = near.count
    near += samples
    own = knownCount..<near.count
    self.near = near
    let fromKnown = cells.fromKnown()
    self.depth = max(1, Int(fromKnown.max() ?? 1))
    (self.samples, self.fromPiece, self.fromKnown) = (samples, fromPiece, fromKnown)
  }
}

/// Which samples of a box around a piece are the piece's, and which are known.
private struct Cells {
  let rows: Range<Int>
  let columns: Range<Int>
  private(set) var isOwn: [Bool]
  private(set) var isKnown: [UInt8]

  var count: Int { isOwn.count }

  init(_ piece: SpotPiece, of planes: SpotPlanes, margin: Int) {
    let (dy, dx) = (planes.format.verticalShift, planes.format.horizontalShift)
    func grown(_ range: Range<Int>, _ shift: Int, _ whole: Int) -> Range<Int> {
      max(
        0, (range.lowerBound >> shift) - margin)..<min(whole, ((range.upperBound - 1) >> shift) + 1 + margin)
    }
    rows = grown(piece.rows, dy, planes.height)
    columns = grown(piece.columns, dx, planes.width)
    let (top, left, width) = (rows.lowerBound, columns.lowerBound, columns.count)
    isOwn = [Bool](repeating: false, count: rows.count * width)
    isKnown = [UInt8](repeating: SampleState.known, count: isOwn.count)
    let missing = planes.missing[piece.frame]
    if !missing.isEmpty {
      for y in 0..<rows.count {
        let row = (top + y) * planes.width + left
        for x in 0..<width where missing[row + x] != 0 { isKnown[y * width + x] = SampleState.missing }
      }
    }
    for run in piece.runs {
      let line = ((run.row >> dy) - top) * width - left
      for x in run.columns {
        let i = line + (x >> dx)
        // Chroma that is held out may be missing all the same, by a hole beside.
        isOwn[i] = isOwn[i] || piece.isMissing || isKnown[i] == SampleState.known
        isKnown[i] = SampleState.missing
      }
    }
  }

  func fromKnown() -> [Float] { distances { isKnown[$0] == SampleState.known } }

  /// Distances from the nearest sample for which `isThere` is true, by the chamfer 1, sqrt 2 (G. Borgefors, "Distance
  /// transformations in digital images", CVGIP 1986).
  @inline(__always)
  func distances(_ isThere: (Int) -> Bool) -> [Float] {
    let (rows, columns) = (rows.count, columns.count)
    let far = Float(rows + columns)
    let diagonal = Float(2).squareRoot()
    return Array(unsafeUninitializedCapacity: rows * columns) { d, count in
      for i in 0..<rows * columns { d[i] = isThere(i) ? 0 : far }
      count = rows * columns
      // Nothing lies outside.
      for y in 0..<rows {
        var (before, corner) = (far, far)
        for x in 0..<columns {
          let i = y * columns + x
          var least = min(d[i], before + 1)
          if y > 0 {
            let above = d[i - columns]
            least = min(least, above + 1, corner + diagonal)
            if x + 1 < columns { least = min(least, d[i - columns + 1] + diagonal) }
            corner = above
          }
          d[i] = least
          before = least
        }
      }
      for y in (0..<rows).reversed() {
        var (after, corner) = (far, far)
        for x in (0..<columns).reversed() {
          let i = y * columns + x
          var least = min(d[i], after + 1)
          if y + 1 < rows {
            let below = d[i + columns]
            least = min(least, below + 1, corner + diagonal)
            if x > 0 { least = min(least, d[i + columns - 1] + diagonal) }
            corner = below
          }
          d[i] = least
          after = least
        }
      }
    }
  }
}
