import Frames

/// A site of a window that is to be solved: everything that its solution follows from.
public struct WorkUnit: Sendable {
  /// The first frame's number in the input.
  public var firstFrame: Int
  public var box: Box
  /// Samples and which of them are known.
  public var samples: MaskedSamples
  /// Of the frames' own resolution, (frames, height, width): 1 where missing.
  public var missing: [UInt8]
  public var settings: RestorationSettings

  public init(
    firstFrame: Int, box: Box, samples: MaskedSamples, missing: [UInt8], settings: RestorationSettings
  ) {
    self.firstFrame = firstFrame
    self.box = box
    self.samples = samples
    self.missing = missing
    self.settings = settings
  }

  init(_ box: Box, of window: Window, format: FrameFormat, settings: RestorationSettings) {
    var samples = MaskedSamples(
      frames: window.frames.map(\.frame), masks: window.masks, box: box, format: format)
    samples.spacing = settings.volume ?? .even
    self.init(
      firstFrame: window.first, box: box, samples: samples,
      missing: window.masks.flatMap { $0.missing(in: box) }, settings: settings)
  }
}

extension FrameMask {
  func missingCount(in box: Box) -> Int {
    if missing.isEmpty { return 0 }
    return (box.y..<box.y + box.height).reduce(0) { count, y in
      missing[y * width + box.x..<y * width + box.x + box.width].reduce(count) { $0 + Int($1) }
    }
  }

  /// The part of the mask within a box, 1 where missing.
  func missing(in box: Box) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: box.area) }
    return (box.y..<box.y + box.height).flatMap { y in
      missing[y * width + box.x..<y * width + box.x + box.width]
    }
  }
}
