import Frames
import Kernels

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

  /// The smallest box around what is missing within a box, on whole chroma samples; nil where nothing is.
  func extent(in box: Box) -> Box? {
    if missing.isEmpty { return nil }
    var (top, bottom, left, right) = (Int.max, 0, Int.max, 0)
    missing.withUnsafeBufferPointer { missing in
      guard let base = missing.baseAddress else { return }
      for y in box.y..<box.y + box.height {
        forEachIndex(in: y * width + box.x..<y * width + box.x + box.width, of: base, where: 0) { i in
          (top, bottom) = (min(top, y), max(bottom, y + 1))
          (left, right) = (min(left, i - y * width), max(right, i - y * width + 1))
        }
      }
    }
    guard top < bottom else { return nil }
    (top, left) = (max(box.y, top & ~3), max(box.x, left & ~3))
    return Box(
      x: left, y: top, width: min(box.x + box.width, (right + 3) & ~3) - left,
      height: min(box.y + box.height, (bottom + 3) & ~3) - top)
  }

  /// The part of the mask within a box, 1 where missing.
  func missing(in box: Box) -> [UInt8] {
    if missing.isEmpty { return Array(repeating: 0, count: box.area) }
    return (box.y..<box.y + box.height).flatMap { y in
      missing[y * width + box.x..<y * width + box.x + box.width]
    }
  }
}
