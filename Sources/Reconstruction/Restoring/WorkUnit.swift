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
  var place: UnitPlace { get }

  /// Hands over all bytes that the solution follows from, besides frames, box and settings.
  func forEachPart(_ body: (UnsafeRawBufferPointer) -> Void)
}

/// A site of a window: the samples in a box.
public struct SiteUnit: WorkUnit {
  public var firstFrame: Int
  public var box: Box
  /// Samples and which of them are known, those of carried frames before and after the window's among them.
  public var samples: MaskedSamples
  /// Of the frames' own resolution, (frames, height, width): 1 where missing, other values where planes differ (`FrameMask`).
  public var missing: [UInt8]
  public var settings: RestorationSettings
  /// How many frames are carried from before the window, and how many from after it.
  private(set) var carried = (before: 0, after: 0)
  public private(set) var place: UnitPlace

  public init(
    firstFrame: Int, box: Box, samples: MaskedSamples, missing: [UInt8], settings: RestorationSettings
  ) {
    self.firstFrame = firstFrame
    self.box = box
    self.samples = samples
    self.missing = missing
    self.settings = settings
    place = UnitPlace(first: firstFrame, frames: samples.frames, box: box)
  }

  init(_ box: Box, of content: WindowContent, format: FrameFormat, settings: RestorationSettings) {
    var samples = MaskedSamples(frames: content.frames, masks: content.masks, box: box, format: format)
    samples.spacing = settings.volume ?? .even
    let carried = content.carried[box] ?? .none
    self.init(
      firstFrame: content.first, box: box, samples: carried.around(samples, in: box),
      missing: carried.around(missing: content.masks.flatMap { $0.values(in: box) }, in: box),
      settings: settings)
    self.carried = (carried.before.count, carried.after.count)
    place = UnitPlace(first: content.first, frames: content.frames.count, box: box, carried: carried)
  }

  public var frames: Int { window.count }

  /// The window's frames among those of `samples`.
  var window: Range<Int> { carried.before..<samples.frames - carried.after }

  public var missingCounts: [[Int]] {
    window.map { t in
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
    if carried != (0, 0) { Array("\(carried)".utf8).withUnsafeBytes(body) }
  }
}
