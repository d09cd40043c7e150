import Frames

/// Decides which frames are solved together, a window, and at which sites of it.
struct Planner {
  let settings: RestorationSettings
  let format: FrameFormat
  let size: WindowSize
  /// For masks of many frames; what is planned does not depend on it.
  let threads: Int

  init(settings: RestorationSettings, format: FrameFormat, threads: Int = 1) {
    self.settings = settings
    self.format = format
    self.threads = threads
    size = WindowSize(settings: settings, format: format)
  }

  /// Frames of a window, at least 2: as asked for, or as many as memory holds.
  var windowFrames: Int { size.frames }
  /// Frames that a window shares with the next one, fewer than it has.
  var overlap: Int { max(0, min(settings.overlap, windowFrames - 1)) }

  /// Largest side of a tile: as asked for, as memory allows, or what keeps a window in a few hundred megabytes.
  var tileSide: Int { size.side }

  /// - Throws: `RestorationError.tooLittleMemory` where not even the smallest windows and tiles fit.
  func checkMemory() throws {
    guard let bound = settings.maximumMemory, !size.isAffordable else { return }
    throw RestorationError.tooLittleMemory(bound: bound, least: WindowSize.least(for: format))
  }

  /// End of the window that begins with the first of the buffered frames: at a scene cut, after
  /// `windowFrames`, or after the last frame.
  func end(of signatures: [FrameSignature]) -> (count: Int, isCut: Bool) {
    let count = min(windowFrames, signatures.count)
    if settings.volume != nil { return (count, false) }
    if let cut = SceneCuts.find(signatures).first(where: { $0 < count }) { return (cut, true) }
    return (count, false)
  }

  /// What is solved of a window: together it holds every sample that is missing in any of the masks.
  ///
  /// - Parameter own: the frames whose spots the window solves; windows before and after it solve those of the others. Sites
  ///   are solved for all frames, and cross-faded.
  func parts(for masks: [FrameMask], own: Range<Int>? = nil) -> [WindowPart] {
    guard settings.solvesSpots, holdsSpots, let split = SpotPlanner(planner: self).split(masks) else {
      return sites(for: masks).map { .site($0) }
    }
    let spots = split.spots.enumerated().map { t, mask in
      own?.contains(t) ?? true ? mask : FrameMask(width: mask.width, height: mask.height)
    }
    return [.spots(spots)] + split.sites.map { .site($0) }
  }

  /// Whether a bound on memory leaves room for the motion between whole frames.
  private var holdsSpots: Bool {
    let demand = MemoryDemand(format: format)
    let needed = demand.frames(windowFrames) + demand.spots(frames: windowFrames)
    return settings.maximumMemory.map { Double($0 - MemoryDemand.process) >= needed } ?? true
  }

  /// Whether a bound on memory leaves room for a site of so many frames.
  func holds(_ box: Box, frames: Int) -> Bool {
    guard let bound = settings.maximumMemory else { return true }
    let demand = MemoryDemand(format: format)
    return demand.frames(windowFrames) + demand.tile(area: box.area, frames: frames)
      <= Double(bound - MemoryDemand.process)
  }

  /// Boxes of the frame that together hold every sample that is missing in any of the masks.
  func sites(for masks: [FrameMask]) -> [Box] {
    // A bound on memory holds for long tiles too: they have at most the area of a square one.
    let longest = settings.tile == nil ? tileSide * 3 / 2 : tileSide
    return TilePlanner(
      width: format.width, height: format.height, side: tileSide, longest: longest, threads: threads
    ).tiles(for: masks)
  }
}

/// What is solved at once.
enum WindowPart {
  /// The samples in a box.
  case site(Box)
  /// The spots of all frames.
  case spots([FrameMask])

  var isSite: Bool {
    if case .site = self { true } else { false }
  }

  /// How many spots there are; nil for a site.
  func spots(threads: Int) -> SpotKinds? {
    switch self {
    case .site: nil
    case .spots(let masks): SpotKinds(masks, threads: threads)
    }
  }

  /// Which samples of each frame it is for, within its box.
  func masks(of content: WindowContent) -> [FrameMask] {
    switch self {
    case .site: content.masks
    case .spots(let spots): spots
    }
  }

  /// The box that holds it.
  func box(in format: FrameFormat) -> Box {
    switch self {
    case .site(let box): box
    case .spots: Box(x: 0, y: 0, width: format.width, height: format.height)
    }
  }
}
