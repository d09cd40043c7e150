import Frames
import Inspection
import Media
import Reconstruction

/// Tells of a video's holes, frame by frame, what they were to its restoration.
struct FrameHoles {
  private var sorter: HoleSorter
  /// Nil where frames were solved as they are.
  private let stack: FieldStack?
  private var firstStacked: Int?
  /// Masks of frames that were taken apart and whose holes are not told yet.
  private var stacked: [Int: FrameMask] = [:]
  private var next = 0

  /// - Parameter windows: of the restoration.
  init(windows: [ReportData.Window], format: FrameFormat, solvesFields: Bool) {
    var all: [HoleSorter.Window] = []
    for window in windows.sorted(by: { ($0.first, $0.last) < ($1.first, $1.last) }) {
      if let last = all.last, (last.first, last.last) == (window.first, window.last) {
        all[all.count - 1].hasSpots = last.hasSpots || window.spots != nil
      } else {
        all.append(.init(first: window.first, last: window.last, hasSpots: window.spots != nil))
      }
    }
    sorter = HoleSorter(windows: all)
    stack = solvesFields ? FieldStack(format: format) : nil
  }

  /// Takes the next frame.
  ///
  /// - Returns: the holes of the next frames in order, beginning with the first; see `HoleSorter`. Their numbers are those of
  ///   the pictures that were solved, which may be stacks of fields; their masks are those of the frame.
  mutating func add(_ step: InspectionReader.Step) -> [SortedHoles] {
    if firstStacked == nil, stack != nil, (step.damaged.attachment as? DecodedPicture)?.isInterlaced ?? false
    {
      firstStacked = step.index
    }
    guard let stack, firstStacked != nil else { return asFrames(sorter.add(step.mask)) }
    stacked[step.index] = step.mask
    return asFrames(sorter.add(stack.stacked(step.mask)))
  }

  /// The holes of the remaining frames; call it once, after the last frame.
  mutating func finish() -> [SortedHoles] { asFrames(sorter.finish()) }

  private mutating func asFrames(_ holes: [SortedHoles]) -> [SortedHoles] {
    holes.map { holes in
      defer { next += 1 }
      guard let stack, let mask = stacked.removeValue(forKey: next) else { return holes }
      return holes.map { stack.woven($0, under: mask) }
    }
  }
}

extension SortedHoles {
  /// The masks by the names of a page.
  var shown: [(kind: HoleKind, mask: FrameMask)] {
    [(.other, others), (.blotch, blotches), (.line, lines), (.point, points)]
  }
}

extension ReportData.Holes {
  /// Adds the counts of the next frame.
  mutating func add(_ holes: SortedHoles) {
    lines.append(holes.spotKinds.lines)
    points.append(holes.spotKinds.points)
    blotches.append(holes.spotKinds.blotches)
    others.append(holes.othersCount)
  }
}

extension ReportData {
  /// A sentence where the spots of the pictures are not those that were solved; nil where they are, or none is known.
  var otherSpots: String? {
    guard let holes else { return nil }
    let shown = [holes.lines, holes.points, holes.blotches].map { $0.reduce(0, +) }
    let solved = windows.compactMap(\.spots).reduce(into: [0, 0, 0]) { sum, spots in
      for (i, count) in [spots.lines, spots.points, spots.blotches].enumerated() { sum[i] += count }
    }
    if shown == solved { return nil }
    return
      "By the masks given here there are \(shown.reduce(0, +)) spots, but \(solved.reduce(0, +)) were solved: was the "
      + "restoration given other masks, or interlaced frames solved as whole pictures?"
  }
}
