import Frames

/// What stays as it is in an input, whatever else says that it is missing.
final class KeptSamples {
  let file: MaskFileSource?
  private let rectangles: PlacedRectangles
  /// Kept in every frame: the still image and the rectangles that stay.
  private var always: FrameMask
  /// Whether anything was kept that would be missing.
  private(set) var isNeeded = false

  /// - Throws: `MaskError`.
  init(options: MaskOptions, input: MaskedInput) throws {
    var reading = options
    // Of options that say how masks are read, these say what is missing by them.
    reading.threshold.polarity = .whiteIsMissing
    reading.dilation = 0
    file = try options.keptFile.map {
      try MaskFileSource(path: $0, options: reading, input: input, isKept: true)
    }
    rectangles = try PlacedRectangles(options.keptRectangles, options: options, input: input)
    always = FrameMask(width: input.format.width, height: input.format.height)
    if let still = file?.still { always.formUnion(still) }
    rectangles.drawConstant(into: &always)
  }

  /// Whether it is the same in every frame.
  var isConstant: Bool { rectangles.isConstant && (file == nil || file?.still != nil) }

  /// Whether it depends on the times of frames.
  var needsTimes: Bool { rectangles.needsTimes }

  /// Warnings before the first frame.
  var warnings: [String] { rectangles.warnings + (file?.still != nil ? file?.warnings ?? [] : []) }

  /// Warnings that are known only after the last frame.
  var lateWarnings: [String] { file?.still == nil ? file?.warnings ?? [] : [] }

  /// Takes out of a mask what stays in every frame.
  func takeConstant(outOf mask: inout FrameMask) { mask.subtract(always) }

  /// Takes out of a frame's mask what stays in this frame.
  ///
  /// - Parameters:
  ///   - time: seconds since the first frame.
  ///   - hasPicture: whether there is a picture to keep anything of.
  /// - Throws: `MaskError`, or `MaskRanOut`.
  func take(outOf mask: inout FrameMask, of frame: Frame, time: Double?, hasPicture: Bool) throws {
    // Read for every frame, even where it is not used: masks and frames must stay in step.
    let fromFile = try file?.still == nil ? file?.mask(for: frame) : nil
    if !hasPicture || mask.missing.isEmpty { return }
    var kept = always
    if let fromFile { kept.formUnion(fromFile) }
    rectangles.drawChanging(into: &kept, index: frame.index, time: time)
    if mask.subtract(kept) { isNeeded = true }
  }
}
