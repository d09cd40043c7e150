import Frames

/// Decides which frames are solved together, and in which tiles.
struct WindowPlanner {
  let settings: RestorationSettings
  let format: FrameFormat

  init(settings: RestorationSettings, format: FrameFormat) {
    self.settings = settings
    self.format = format
  }

  /// Frames of a window, at least 2: as asked for, or as many as half of the memory holds.
  var windowFrames: Int {
    let affordable = settings.maximumMemory.map { $0 / 2 / max(1, bytesPerFrame) } ?? Int.max
    return max(2, min(settings.windowFrames, affordable))
  }
  /// Frames that a window shares with the next one, fewer than it has.
  var overlap: Int { max(0, min(settings.overlap, windowFrames - 1)) }

  /// Bytes of working memory for each sample of a tile in a window: about a dozen float volumes.
  static let bytesPerSample = 80
  private static let largestSide = 256

  /// Largest side of a tile: as asked for, as memory allows, or what keeps a window in a few hundred
  /// megabytes.
  var tileSide: Int {
    if let tile = settings.tile { return max(RestorationSettings.smallestTile, tile) }
    // Leaves room for the frames of the window themselves and for the encoder.
    let budget = settings.maximumMemory.map { max(0, $0 - reservedBytes) } ?? Int.max
    let samples =
      format.planes.reduce(0.0) { $0 + Double($1.count) } / Double(max(1, format.width * format.height))
    var side = Self.largestSide
    while side > RestorationSettings.smallestTile
      && Double(side * side * windowFrames * Self.bytesPerSample) * samples > Double(budget)
    { side -= 32 }
    return side
  }

  /// A buffered frame's samples and its mask.
  private var bytesPerFrame: Int { format.bytesPerFrame + format.width * format.height }

  private var reservedBytes: Int { bytesPerFrame * (windowFrames + 8) + 150_000_000 }

  /// End of the window that begins with the first of the buffered frames: at a scene cut, after
  /// `windowFrames`, or after the last frame.
  func end(of signatures: [FrameSignature]) -> (count: Int, isCut: Bool) {
    let count = min(windowFrames, signatures.count)
    if let cut = SceneCuts.find(signatures).first(where: { $0 < count }) { return (cut, true) }
    return (count, false)
  }

  func tiles(for masks: [FrameMask]) -> [Box] {
    let longest = settings.tile == nil ? tileSide * 3 / 2 : tileSide
    return TilePlanner(width: format.width, height: format.height, side: tileSide, longest: longest)
      .tiles(for: masks)
  }
}
