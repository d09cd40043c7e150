import Frames

/// A site that a restoration will solve, as far as its masks tell.
public struct ExpectedSite: Sendable, Equatable {
  public var firstFrame: Int
  public var frames: Int
  public var box: Box
  /// Samples of all planes; 0 for spots, whose time goes by frames.
  public var samples: Int
  /// Whether these are the spots of whole frames.
  public var areSpots = false

  public init(firstFrame: Int, frames: Int, box: Box, samples: Int) {
    (self.firstFrame, self.frames, self.box, self.samples) = (firstFrame, frames, box, samples)
  }
}

/// Finds the sites of a restoration beforehand, window by window, from its masks alone: scene cuts, which would take the
/// frames themselves, are not looked for, so there may be more windows then, and shorter ones.
public struct WindowScout {
  private let planner: Planner
  private let format: FrameFormat
  /// Masks of frames that wait for their window, each with the number of frames in a row that it stands for.
  private var pending: [(mask: FrameMask, count: Int)] = []
  private var first = 0
  /// The last window's masks and its parts, which are the next one's where its masks are the same.
  private var lastParts: (masks: [FrameMask], parts: [WindowPart])?

  public private(set) var sites: [ExpectedSite] = []
  /// The largest site's box, and the masks of its first frames from where something is missing on: for a trial.
  public private(set) var largest: (box: Box, masks: [FrameMask])?
  private var largestSamples = 0
  /// Frames that were added.
  public private(set) var frames = 0

  public init(settings: RestorationSettings, format: FrameFormat) {
    planner = Planner(settings: settings, format: format)
    self.format = format
  }

  /// - Throws: `RestorationError.tooLittleMemory`, as the restoration would.
  public func checkMemory() throws { try planner.checkMemory() }

  /// Adds the mask of the next `count` frames.
  public mutating func add(_ mask: FrameMask, count: Int = 1) {
    var left = count
    while left > 0 {
      let length = pending.reduce(0) { $0 + $1.count }
      if length == planner.windowFrames { endWindow(isLast: false) }
      let room = planner.windowFrames - pending.reduce(0) { $0 + $1.count }
      let taken = min(left, room)
      if let last = pending.last, last.mask == mask {
        pending[pending.count - 1].count += taken
      } else {
        pending.append((mask, taken))
      }
      frames += taken
      left -= taken
    }
  }

  /// Ends with the last frame.
  public mutating func finish() {
    if !pending.isEmpty { endWindow(isLast: true) }
  }

  private mutating func endWindow(isLast: Bool) {
    let length = pending.reduce(0) { $0 + $1.count }
    let masks = pending.flatMap { Array(repeating: $0.mask, count: $0.count) }
    if lastParts?.masks != masks { lastParts = (masks, planner.parts(for: masks)) }
    for part in lastParts?.parts ?? [] {
      let box = part.box(in: format)
      if case .spots = part {
        var spots = ExpectedSite(firstFrame: first, frames: length, box: box, samples: 0)
        spots.areSpots = true
        sites.append(spots)
        continue
      }
      let samples = format.planes.reduce(0) { $0 + PlaneBox(box, in: $1).count } * length
      sites.append(ExpectedSite(firstFrame: first, frames: length, box: box, samples: samples))
      if samples > largestSamples {
        largestSamples = samples
        let first = masks.firstIndex { $0.missingCount(in: box) > 0 } ?? 0
        // Start two frames earlier, so that the trial has known frames before the hole.
        let start = max(0, min(first - 2, masks.count - SolverTrial.mostFrames))
        largest = (box, Array(masks[start..<min(masks.count, start + SolverTrial.mostFrames)]))
      }
    }
    let done = isLast ? length : length - planner.overlap
    first += done
    var left = done
    while left > 0, let run = pending.first {
      let taken = min(left, run.count)
      if taken == run.count { pending.removeFirst() } else { pending[0].count -= taken }
      left -= taken
    }
  }
}
