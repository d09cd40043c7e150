/// What scratches of one frame say about those of others: a scratch stays for several frames, and is not away in between.
enum ScratchPersistence {
  /// Frames before and after in which a scratch has to be found again, and in how many of them.
  static let reach = 4
  static let fewest = 3
  /// Frames before and after that a missed one is bridged from: at most two are missed in succession.
  static let bridge = 2
  private static let longestStep = 3

  /// The scratches of a frame that are found again.
  ///
  /// - Parameter fewest: frames that they have to be found in.
  static func lasting(in frame: Int, of found: FrameWindow<[Scratch]>, fewest: Int) -> [Scratch] {
    let others = found.around(frame, reach: reach).filter { $0 != frame }
    return found[frame].filter { scratch in
      others.filter { found[$0].contains { $0.isLike(scratch) } }.count >= fewest
    }
  }

  /// The scratches that a frame is taken to have because they are there before and after it.
  static func bridged(in frame: Int, of lasting: FrameWindow<[Scratch]>) -> [Scratch] {
    lasting.around(frame, reach: bridge).filter { $0 < frame }.flatMap { before in
      lasting[before].compactMap { scratch in
        // The next frame that has it: no gap if that is the frame itself or one before.
        for next in before + 1..<min(lasting.end, before + longestStep + 1) {
          guard let other = lasting[next].first(where: { $0.isLike(scratch) }) else { continue }
          return next > frame ? scratch.moved(to: frame, towards: other) : nil
        }
        return nil
      }
    }
  }
}
