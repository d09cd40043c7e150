import Foundation
import Frames
import Kernels

/// Chooses known samples to hold out: pieces of spots, moved in their frames onto known samples with similar surroundings.
///
/// Some of a window's pieces are enough, since what is learned from them is pooled over all of them.
struct SpotHoldOut {
  /// Share of the pieces that are moved where they are few.
  private static let share = 0.5
  /// How far a piece is moved along rows and columns beside half its own size, at most: the picture is still alike there.
  private static let reach = 32
  /// Places that are tried, and how many that are free are compared.
  private static let (attempts, compared) = (64, 4)
  /// Differences of neighbours up to this are noise, full scale = 1.
  private static let noise = 4.0 / 255

  let content: WindowContent
  let seed: UInt64
  /// Pieces of a window that are moved, about, where there are many.
  let most: Int

  /// - Parameter pieces: of each frame.
  /// - Returns: those that are held out, of each frame.
  func choose(_ pieces: [[SpotPiece]], threads: Int) -> [[SpotPiece]] {
    let count = pieces.reduce(0) { $0 + $1.count }
    let share = Float(min(Self.share, Double(most) / Double(max(1, count))))
    return parallelMap(pieces.count, threads: threads) { t in
      var random = RandomSource(seed: seed &+ UInt64(t) &* 0x5851_F42D)
      var mask = content.masks[t]
      if mask.missing.isEmpty { return [] }
      return pieces[t].compactMap { piece in
        guard random.uniform() < share, let moved = place(piece, mask, &random) else { return nil }
        moved.forEach { mask.missing[$0 * mask.width + $1] = 1 }
        return moved
      }
    }
  }

  private func place(_ piece: SpotPiece, _ mask: FrameMask, _ random: inout RandomSource) -> SpotPiece? {
    let (rows, columns) = (piece.rows, piece.columns)
    let own = activity(around: piece)
    var best: (distance: Double, piece: SpotPiece)?
    var found = 0
    let (down, right) = (Self.reach + rows.count / 2, Self.reach + columns.count / 2)
    for _ in 0..<Self.attempts where found < Self.compared {
      let (dy, dx) = (random.below(2 * down + 1) - down, random.below(2 * right + 1) - right)
      guard rows.lowerBound + dy >= 0, rows.upperBound + dy <= mask.height, columns.lowerBound + dx >= 0,
        columns.upperBound + dx <= mask.width
      else { continue }
      let moved = piece.moved(rows: dy, columns: dx)
      var isFree = true
      moved.forEach { if mask.missing[$0 * mask.width + $1] != 0 { isFree = false } }
      if !isFree { continue }
      found += 1
      let distance = abs(log((activity(around: moved) + Self.noise) / (own + Self.noise)))
      if distance < best?.distance ?? .infinity { best = (distance, moved) }
    }
    return best?.piece
  }

  /// Mean absolute difference of the known samples just beside the piece and their neighbours farther out.
  private func activity(around piece: SpotPiece) -> Double {
    let frame = content.frames[piece.frame]
    let mask = content.masks[piece.frame]
    let p = frame.format.planes.firstIndex { $0.role == .luma || $0.role == .green } ?? 0
    var (sum, count) = (0, 0)
    frame.planes[p].withView { samples in
      mask.missing.withUnsafeBufferPointer { missing in
        for run in piece.runs {
          let row = run.row * mask.width
          let outside = [
            (run.columns.lowerBound - 1, run.columns.lowerBound - 2),
            (run.columns.upperBound, run.columns.upperBound + 1),
          ]
          for (near, far) in outside where min(near, far) >= 0 && max(near, far) < mask.width {
            if missing[row + near] != 0 || missing[row + far] != 0 { continue }
            sum += abs(Int(samples[row + near]) - Int(samples[row + far]))
            count += 1
          }
        }
      }
    }
    return count == 0 ? 0 : Double(sum) / Double(count) / Double(frame.format.maximumValue)
  }
}

extension SpotPiece {
  /// Calls `body` with the row and column of each sample.
  @inline(__always)
  func forEach(_ body: (_ y: Int, _ x: Int) -> Void) {
    for run in runs {
      for x in run.columns { body(run.row, x) }
    }
  }
}
