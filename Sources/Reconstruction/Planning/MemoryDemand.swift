import Frames

/// What a reconstruction of frames of a format takes in memory, beside decoder and encoder: what windows and tiles are
/// chosen by where there is a bound, and what estimates say beforehand.
struct MemoryDemand {
  let format: FrameFormat

  /// Working memory for each sample of a tile in a window: about a dozen float volumes.
  static let bytesPerSample = 80
  /// Frames that are held beside those of the window: what is read ahead, and the fewest that wait to be written.
  static let furtherFrames = 8
  /// The process without any frames.
  static let process = 150_000_000

  /// A buffered frame's samples and its mask.
  var bytesPerFrame: Int { format.bytesPerFrame + format.width * format.height }

  /// Samples of all planes for each of the frame's own resolution.
  private var planeShare: Double {
    format.planes.reduce(0.0) { $0 + Double($1.count) } / Double(max(1, format.width * format.height))
  }

  /// The frames of a window and what goes with them. Far below where sums overflow: windows have a million frames at
  /// most.
  func frames(_ count: Int) -> Double { Double(bytesPerFrame) * Double(count + Self.furtherFrames) }

  /// The work on a tile of so many samples at the frame's resolution.
  func tile(area: Int, frames: Int) -> Double {
    Double(area) * Double(frames) * planeShare * Double(Self.bytesPerSample)
  }
}

extension MemoryDemand {
  /// The motion between frames, and the masks of their planes.
  func spots(frames: Int) -> Double {
    WindowFlow.bytesPerFrame(width: format.width, height: format.height) * Double(frames)
      + Double(format.planes.reduce(0) { $0 + $1.count }) * Double(frames)
  }
}

/// How many frames are solved together, and in tiles of which size.
struct WindowSize: Equatable {
  var frames: Int
  /// Largest side of a tile.
  var side: Int
  /// False where even the smallest windows and tiles take more than the bound.
  var isAffordable = true

  /// Largest side of a tile that nobody asked for.
  private static let largestSide = 256
  private static let step = 32
  static let fewestFrames = 2

  /// As asked for, or what a bound on memory leaves: tiles shrink first, then windows.
  init(settings: RestorationSettings, format: FrameFormat) {
    let demand = MemoryDemand(format: format)
    let side = settings.tile.map { max(RestorationSettings.smallestTile, $0) } ?? Self.largestSide
    frames = max(Self.fewestFrames, settings.windowFrames)
    self.side = side
    guard let bound = settings.maximumMemory else { return }
    // Long windows of large frames would leave nothing for the tiles.
    frames = max(Self.fewestFrames, min(frames, bound / 2 / max(1, demand.bytesPerFrame)))
    // Room for the process itself is left where there is some: the bound is on the reconstruction.
    while true {
      let left = Double(bound - MemoryDemand.process) - demand.frames(frames)
      if let side = Self.largestSide(
        upTo: side, where: { demand.tile(area: $0 * $0, frames: frames) <= left })
      {
        self.side = side
        return
      }
      if frames == Self.fewestFrames { break }
      frames = max(Self.fewestFrames, frames * 3 / 4)
    }
    self.side = RestorationSettings.smallestTile
    isAffordable = bound >= Self.least(for: format)
  }

  private static func largestSide(upTo side: Int, where fits: (Int) -> Bool) -> Int? {
    let least = RestorationSettings.smallestTile
    // Sides that were asked for may be huge; one that is larger than any frame needs no step of its own.
    var side = min(side, 1 << 20)
    if fits(side) { return side }
    side = (side - 1) / step * step
    while side > least && !fits(side) { side -= step }
    side = max(least, side)
    return fits(side) ? side : nil
  }

  /// What the smallest windows and tiles take, in bytes.
  static func least(for format: FrameFormat) -> Int {
    let demand = MemoryDemand(format: format)
    let tile = RestorationSettings.smallestTile * RestorationSettings.smallestTile
    return Int(demand.frames(fewestFrames) + demand.tile(area: tile, frames: fewestFrames))
  }
}

extension RestorationSettings {
  /// Bytes that frames may take that wait to be written.
  private static let mostWaiting = 96_000_000

  /// Frames that may wait to be written while the next window is solved: what a window leaves of small frames, and few
  /// large ones, or where memory is bounded.
  public func waitingFrames(of format: FrameFormat) -> Int {
    let few = MemoryDemand.furtherFrames / 2
    if maximumMemory != nil { return few }
    return min(windowFrames, max(few, Self.mostWaiting / max(1, format.bytesPerFrame)))
  }

  /// Bytes that a restoration of so many frames takes for its windows, beside decoder and encoder.
  public func memory(for sites: [ExpectedSite], frames: Int, format: FrameFormat) -> Double {
    let demand = MemoryDemand(format: format)
    let size = WindowSize(settings: self, format: format)
    let tile =
      sites.map {
        $0.areSpots ? demand.spots(frames: $0.frames) : demand.tile(area: $0.box.area, frames: $0.frames)
      }.max() ?? 0
    let waiting = min(waitingFrames(of: format), max(0, frames - size.frames))
    return Double(MemoryDemand.process) + demand.frames(min(size.frames, frames) + waiting) + tile
  }
}
