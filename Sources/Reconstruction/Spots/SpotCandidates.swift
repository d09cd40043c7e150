import CVectorMath
import Frames

/// What another frame shows of a piece and its surroundings.
struct SpotCandidate {
  /// values[plane]: of the samples `SpotBox.near`, full scale = 1; 0 where nothing is seen.
  var values: [[Float]]
  /// 1 where there is a value, else 0.
  var seen: [Float]
  /// Share of the piece that is seen, 0 ... 1.
  var coverage: Double
}

extension SpotCandidate {
  /// Looks up places of a frame.
  ///
  /// - Parameters:
  ///   - y: of each of the samples `SpotBox.near`, in samples of the frame.
  /// - Returns: nil where nothing is seen of the piece.
  init?(_ box: SpotBox, in planes: SpotPlanes, frame t: Int, y: [Float], x: [Float]) {
    let places = planes.places(frame: t, y: y, x: x)
    let count = places[box.own].count { $0.kind != SPOT_UNSEEN }
    if count == 0 { return nil }
    seen = places.map { $0.kind != SPOT_UNSEEN ? 1 : 0 }
    coverage = Double(count) / Double(box.own.count)
    values = planes.planes.map { planes.values(plane: $0, frame: t, at: places) }
  }
}

extension SpotEstimator {
  /// Frames away at most in which a piece is looked for that the frames beside its own do not show, along the motion and at the
  /// same place: a scratch may move with the scene for a while.
  private static let farthest = (along: 24, still: 6)
  /// Share of a piece that a frame should show.
  private static let coverage = 0.9
  /// A farther frame must show more of the piece than nearer ones, by this share.
  private static let gain = 0.05

  /// What other frames show of a piece: along the motion `reach` frames away, or farther where those do not show it, and at
  /// the same place in the nearest frames that know it.
  func candidates(for piece: SpotPiece, _ box: SpotBox) -> [SpotCandidate] {
    let y = box.near.map { planes.y(ofRow: box.rows.lowerBound + $0 / box.width) }
    let x = box.near.map { planes.x(ofColumn: box.columns.lowerBound + $0 % box.width) }
    var result: [SpotCandidate] = []
    for isForward in [false, true] {
      var (movedY, movedX) = (y, x)
      var best = 0.0
      for k in 0..<reach {
        let t = piece.frame + (isForward ? k : -k)
        if !flow.hasLink(from: t, isForward: isForward) { break }
        flow.follow(&movedY, &movedX, from: t, isForward: isForward)
        let frame = t + (isForward ? 1 : -1)
        guard let seen = SpotCandidate(box, in: planes, frame: frame, y: movedY, x: movedX) else { continue }
        result.append(seen)
        best = max(best, seen.coverage)
      }
      if best >= Self.coverage { continue }
      // Farther frames are asked for the piece alone first.
      var followed = reach
      var (ownY, ownX) = (Array(movedY[box.own]), Array(movedX[box.own]))
      for k in reach..<max(reach, Self.farthest.along) {
        let t = piece.frame + (isForward ? k : -k)
        if best >= Self.coverage || !flow.hasLink(from: t, isForward: isForward) { break }
        flow.follow(&ownY, &ownX, from: t, isForward: isForward)
        let frame = t + (isForward ? 1 : -1)
        let share = planes.coverage(frame: frame, y: ownY, x: ownX)
        if share > best + Self.gain {
          for link in followed...k {
            flow.follow(
              &movedY, &movedX, from: piece.frame + (isForward ? link : -link), isForward: isForward)
          }
          followed = k + 1
          if let seen = SpotCandidate(box, in: planes, frame: frame, y: movedY, x: movedX) {
            result.append(seen)
          }
        }
        best = max(best, share)
      }
    }
    for isForward in [false, true] {
      var best: (share: Double, seen: SpotCandidate)?
      for k in 1...Self.farthest.still {
        let t = piece.frame + (isForward ? k : -k)
        guard (0..<frames).contains(t), best?.share ?? 0 < Self.coverage else { break }
        let share = self.share(of: piece, box, knownIn: t)
        if share > (best?.share ?? 0) + Self.gain,
          let seen = SpotCandidate(box, in: planes, frame: t, y: y, x: x)
        {
          best = (share, seen)
        }
      }
      if let best { result.append(best.seen) }
    }
    return result
  }

  /// Share of a piece that a frame knows at its place.
  private func share(of piece: SpotPiece, _ box: SpotBox, knownIn t: Int) -> Double {
    let known = box.samples.count { i in
      planes.isKnown(
        frame: t, row: box.rows.lowerBound + i / box.width, column: box.columns.lowerBound + i % box.width)
    }
    return Double(known) / Double(box.samples.count)
  }
}
