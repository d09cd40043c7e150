import Frames

/// Tells of each hole of a finished restoration what it was to the solver, from its masks and windows.
///
/// Keeps the masks of one window: what lasts shows in the frames around.
public struct HoleSorter {
  /// Frames that were solved together, and whether their spots were solved by themselves.
  public struct Window: Sendable, Equatable {
    public var first: Int
    public var last: Int
    public var hasSpots: Bool

    /// - Parameter first: not below 0, nor above `last`.
    public init(first: Int, last: Int, hasSpots: Bool) {
      (self.first, self.last, self.hasSpots) = (first, last, hasSpots)
    }
  }

  /// In the order of their frames, each with the frames whose spots it solved.
  private let windows: [(window: Window, own: Range<Int>)]
  /// Masks that were read and are still needed; the first is of frame `start`.
  private var masks: [FrameMask] = []
  private var start = 0
  /// The frame whose holes are told next.
  private var next = 0
  /// The first window with such frames from the next one on.
  private var current = 0
  /// The window that was taken apart last.
  private var split: (index: Int, holes: SpotSplit)?
  /// The last frame that was solved in sites: where masks stay the same, so do its holes.
  private var lastOthers: (mask: FrameMask, holes: SortedHoles)?

  public init(windows: [Window]) {
    let sorted = windows.sorted { ($0.first, $0.last) < ($1.first, $1.last) }
    func shared(_ k: Int) -> Int {
      sorted.indices.contains(k) && sorted.indices.contains(k + 1)
        ? max(0, sorted[k].last - sorted[k + 1].first + 1) : 0
    }
    self.windows = sorted.enumerated().map { k, window in
      let own = Reconstruction.Window.own(
        of: window.last - window.first + 1, sharedBefore: shared(k - 1), sharedAfter: shared(k))
      return (window, window.first + own.lowerBound..<window.first + own.upperBound)
    }
  }

  /// Takes the mask of the next frame, as the solver had it.
  ///
  /// - Returns: the holes of the next frames in order, beginning with the first: of none where later masks have to tell, or of
  ///   several.
  public mutating func add(_ mask: FrameMask) -> [SortedHoles] {
    masks.append(mask)
    return sorted(isEnd: false)
  }

  /// The holes of the remaining frames; call it once, after the last frame.
  public mutating func finish() -> [SortedHoles] { sorted(isEnd: true) }

  private mutating func sorted(isEnd: Bool) -> [SortedHoles] {
    var result: [SortedHoles] = []
    while next < start + masks.count {
      if current < windows.count, windows[current].own.contains(next), windows[current].window.hasSpots {
        let window = windows[current].window
        if !isEnd && start + masks.count <= window.last { break }
        result.append(holes(in: window))
      } else {
        result.append(others(masks[next - start]))
      }
      next += 1
      forget()
    }
    return result
  }

  /// The next frame's holes, by its window's masks.
  private mutating func holes(in window: Window) -> SortedHoles {
    let first = window.first
    if split?.index != current {
      let end = min(window.last + 1 - start, masks.count)
      split = (current, SpotSplit(Array(masks[first - start..<end])))
    }
    guard let found = split?.holes else { return others(masks[next - start]) }
    return SortedHoles(spots: found.spots[next - first], others: found.others[next - first])
  }

  private mutating func others(_ mask: FrameMask) -> SortedHoles {
    if let lastOthers, lastOthers.mask == mask { return lastOthers.holes }
    let holes = SortedHoles(others: mask)
    lastOthers = (mask, holes)
    return holes
  }

  /// Goes on to the window of the next frame, and drops masks that no window needs any more.
  private mutating func forget() {
    while current < windows.count,
      windows[current].own.isEmpty || windows[current].own.upperBound <= next
    {
      current += 1
    }
    let needed = current < windows.count ? min(windows[current].window.first, next) : next
    let count = min(max(0, needed - start), masks.count)
    masks.removeFirst(count)
    start += count
  }
}
