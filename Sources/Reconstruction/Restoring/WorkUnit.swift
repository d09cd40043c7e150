import Frames

/// A part of a window that is solved by itself: everything that its solution follows from.
public protocol WorkUnit: Sendable {
  /// The first frame's number in the input, and how many there are.
  var firstFrame: Int { get }
  var frames: Int { get }
  var box: Box { get }
  var settings: RestorationSettings { get }
  /// For each frame, how many samples of each plane are missing.
  var missingCounts: [[Int]] { get }

  /// Hands over all bytes that the solution follows from, besides frames, box and settings.
  func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void)
}

/// A site of a window: the samples in a box.
public struct SiteUnit: WorkUnit {
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

  init(_ box: Box, of content: WindowContent, format: FrameFormat, settings: RestorationSettings) {
    var samples = MaskedSamples(frames: content.frames, masks: content.masks, box: box, format: format)
    samples.spacing = settings.volume ?? .even
    self.init(
      firstFrame: content.first, box: box, samples: samples,
      missing: content.masks.flatMap { $0.missing(in: box) }, settings: settings)
  }

  public var frames: Int { samples.frames }

  public var missingCounts: [[Int]] {
    (0..<frames).map { t in
      samples.planes.map { plane in
        let area = plane.height * plane.width
        return plane.states[t * area..<(t + 1) * area].count { $0 == SampleState.missing }
      }
    }
  }

  public func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void) {
    for plane in samples.planes {
      Array("\(plane.role.rawValue) \(plane.height) \(plane.width)".utf8).withUnsafeBytes(body)
      plane.values.withUnsafeBytes(body)
      plane.states.withUnsafeBytes(body)
    }
    missing.withUnsafeBytes(body)
  }
}
