import Detection
import Frames

/// The union of all masks that the options name, without what they keep, for one frame after the other.
public final class CombinedMask {
  public private(set) var warnings: [String] = []
  /// Over all masks given so far: missing samples at frame resolution, and frames.
  public private(set) var missingCount = 0
  public private(set) var frames = 0
  /// Frames in which something is missing, and frames in which everything is.
  public private(set) var touchedFrames = 0
  public private(set) var wholeFrames = 0

  private let options: MaskOptions
  private let input: MaskedInput
  private let file: MaskFileSource?
  private let matches: [ValueMatch]
  /// Where values, colours and damage are looked for; nil for everywhere.
  private let places: PlacedRectangles?
  private let foundMasks: FoundMasks
  /// Drawn masks that were followed to all frames; nil for none.
  private let tracked: TrackedMasks?
  /// Where damage is looked for; nil for everywhere.
  private let regions: PlacedRectangles?
  /// What was found in the last frame and is missing by that, before it grew; in coded orientation.
  public private(set) var found: FrameMask
  /// Missing in every frame: the still image and the rectangles that stay.
  private var always: FrameMask
  private let rectangles: PlacedRectangles
  private let kept: KeptSamples?
  /// The planes that all else is of, but for the mosaic.
  private let planes: PlaneSelection
  /// What a sensor's mosaic lacks; nil for none.
  private let mosaic: FrameMask?
  private var firstTime: Double?
  private var extent: FrameExtent

  /// Opens mask files and checks what can be checked before the first frame.
  ///
  /// - Parameters:
  ///   - found: what is found, where the options say that damage is looked for.
  ///   - tracked: where masks of the options that are followed are; nil as long as that is not known.
  /// - Throws: `MaskError`.
  public init(
    options: MaskOptions, input: MaskedInput, found foundMasks: FoundMasks = .none,
    tracked: TrackedMasks? = nil
  ) throws {
    try options.validate()
    if case .none = foundMasks { precondition(options.detection == nil, "someone has to look for damage") }
    (self.options, self.input, self.foundMasks) = (options, input, foundMasks)
    self.tracked = tracked
    found = FrameMask(width: input.format.width, height: input.format.height)
    let format = input.format
    always = FrameMask(width: format.width, height: format.height)
    extent = FrameExtent(options: options)
    var matches: [ValueMatch] = []
    if let value = options.value {
      let tolerance = options.tolerance ?? MaskOptions.defaultValueTolerance
      matches.append(try ValueMatch(value: value, tolerance: tolerance, format: format))
    }
    if let colour = options.colour {
      let tolerance = options.tolerance ?? MaskOptions.defaultColourTolerance
      matches.append(
        ValueMatch(colour: colour, tolerance: tolerance, encoding: input.colourEncoding, format: format))
    }
    self.matches = matches
    places =
      options.valuePlaces.isEmpty
      ? nil : try PlacedRectangles(options.valuePlaces, options: options, input: input)
    warnings += places?.warnings ?? []
    let regions = options.detection?.regions ?? []
    self.regions = regions.isEmpty ? nil : try PlacedRectangles(regions, options: options, input: input)
    warnings += self.regions?.warnings ?? []
    file = try options.file.map { try MaskFileSource(path: $0, options: options, input: input) }
    if let still = file?.still { always.formUnion(still) }
    rectangles = try PlacedRectangles(options.rectangles, options: options, input: input)
    rectangles.drawConstant(into: &always)
    warnings += rectangles.warnings
    kept = options.keepsSome ? try KeptSamples(options: options, input: input) : nil
    planes = try options.planes.selection(in: format, of: input.name)
    mosaic = try options.bayer?.mask(of: format, name: input.name)
    warnings += kept?.warnings ?? []
    if file?.still != nil { warnings += file?.warnings ?? [] }
    if options.gapFrames {
      guard let gaps = input.gaps else {
        throw MaskError(
          .options, "--mask-gaps is of sequences of images, and \(input.name) is none: leave it out")
      }
      for gap in gaps {
        let frames =
          gap.count == 1
          ? "frame \(gap.lowerBound) is" : "frames \(gap.lowerBound) to \(gap.upperBound - 1) are"
        warnings.append(
          "\(input.name) has no image for \(gap.count) of its numbers: \(frames) missing altogether")
      }
    }
    var leastMissing = always
    leastMissing.restrict(to: planes)
    if let mosaic { leastMissing.formUnion(mosaic) }
    kept?.takeConstant(outOf: &leastMissing)
    if leastMissing.coversPlane(of: format) && kept?.isConstant != false {
      throw MaskError(
        .coversEverything,
        "the mask covers every pixel of every frame\(leastMissing.isByPlanes ? " in one of its planes" : ""), so nothing is known to restore from"
          + (options.file == nil || options.dilation > 0
            ? "" : "; --mask-polarity turns a mask around"))
    }
  }

  /// Whether masks depend on the frames' samples, or on what the decoder reported about them.
  public var looksAtFrames: Bool {
    if case .perFrame = foundMasks { return true }
    return !matches.isEmpty || options.corruptFrames
  }

  /// Whether every frame has the same mask.
  public var isConstant: Bool { isConstantBesidesFinds && isFoundConstant }

  private var isFoundConstant: Bool {
    switch foundMasks {
    case .none: true
    case .constant: regions?.isConstant != false && places?.isConstant != false
    case .perFrame: false
    }
  }

  /// Whether every frame has the same mask but for what is found.
  public var isConstantBesidesFinds: Bool {
    matches.isEmpty && !options.corruptFrames && rectangles.isConstant && options.frames.isEmpty
      && options.tracks.isEmpty
      && (file == nil || file?.still != nil)
      && (!options.gapFrames || input.gaps?.isEmpty != false) && kept?.isConstant != false
  }

  /// Whether masks depend on the times of frames.
  public var needsTimes: Bool {
    rectangles.needsTimes || places?.needsTimes == true || regions?.needsTimes == true
      || kept?.needsTimes == true
      || options.frames.contains { if case .times = $0 { true } else { false } }
  }

  /// - Parameter found: what was found in the frame, where `FoundMasks.perFrame` said that it would be given.
  /// - Throws: `MaskError`, or `MaskRanOut` where a mask file is shorter than the input.
  public func mask(for frame: Frame, found: FrameMask? = nil) throws -> FrameMask {
    let mask = try union(for: frame, found: found)
    note(mask)
    return mask
  }

  /// Counts a frame's mask that was made before and is not made again.
  public func note(_ mask: FrameMask) {
    frames += 1
    let missing = mask.missingCount
    missingCount += missing
    if missing > 0 { touchedFrames += 1 }
    if missing == mask.width * mask.height && !mask.isByPlanes { wholeFrames += 1 }
  }

  private func union(for frame: Frame, found given: FrameMask?) throws -> FrameMask {
    if firstTime == nil { firstTime = frame.time }
    let time = frame.time.flatMap { time in firstTime.map { time - $0 } }
    if time == nil && needsTimes {
      throw MaskError(
        .options, "\(input.name), frame \(frame.index) has no time: give frame numbers instead of times")
    }
    extent.note(index: frame.index, time: time)
    found = foundHere(given, index: frame.index, time: time)
    var mask = try named(for: frame, time: time)
    mask.restrict(to: planes)
    if let mosaic { mask.formUnion(mosaic) }
    try kept?.take(
      outOf: &mask, of: frame, time: time, hasPicture: !(options.gapFrames && input.isGap(frame.index)))
    if kept != nil { found.formIntersection(mask) }
    return mask
  }

  /// What was found in a frame, as far as it was looked for there.
  private func foundHere(_ given: FrameMask?, index: Int, time: Double?) -> FrameMask {
    var found = FrameMask(width: always.width, height: always.height)
    switch foundMasks {
    case .none: return found
    case .constant(let mask): found = mask
    case .perFrame:
      precondition(given != nil, "what was found is given with each frame")
      if let given, given.width == found.width, given.height == found.height { found = given }
    }
    for limits in [regions, places].compactMap({ $0 }) where !found.missing.isEmpty {
      found.formIntersection(limits.mask(index: index, time: time))
    }
    return found
  }

  /// What options name in a frame, with what is kept of it, in all planes.
  private func named(for frame: Frame, time: Double?) throws -> FrameMask {
    // Read for every frame, even where it is not used: masks and frames must stay in step.
    let fromFile = try file?.still == nil ? file?.mask(for: frame) : nil
    if options.frames.contains(where: { $0.contains(index: frame.index, time: time) })
      || (options.corruptFrames && input.isCorrupt(frame))
      || (options.gapFrames && input.isGap(frame.index))
    {
      let count = always.width * always.height
      return FrameMask(
        width: always.width, height: always.height, missing: Array(repeating: 1, count: count))
    }
    var mask = always
    if let fromFile { mask.formUnion(fromFile) }
    if !found.missing.isEmpty { mask.formUnion(found.dilated(by: options.dilation)) }
    let places = places?.mask(index: frame.index, time: time)
    for match in matches where places.map({ !$0.missing.isEmpty }) ?? true {
      var found = match.mask(of: frame)
      if let places { found.formIntersection(places) }
      mask.formUnion(found.dilated(by: options.dilation))
    }
    rectangles.drawChanging(into: &mask, index: frame.index, time: time)
    if let tracked, tracked.width == mask.width, tracked.height == mask.height {
      mask.formUnion(tracked.mask(in: frame.index).dilated(by: options.dilation))
    }
    return mask
  }

  /// Checks before the work that a mask file is as long as its input, if both announce a number of frames.
  ///
  /// Containers may announce wrong numbers: where these differ, the frames of both are counted by decoding.
  ///
  /// - Parameters:
  ///   - announced: the number of frames that the input announces; nil if unknown.
  ///   - count: decodes the input and returns its number of frames; nil where it is damaged, so that its length is not
  ///     known.
  /// - Throws: `MaskError` of kind `.mismatch` that names both counts.
  public func checkLength(announced: Int?, count: () throws -> Int?) throws {
    guard let announced, !options.holdsLastFrame else { return }
    let doubtful = sources.filter { $0.announcedFrames.map { $0 != announced } ?? false }
    if doubtful.isEmpty { return }
    guard let inputFrames = try count() else { return }
    for source in doubtful {
      let counted = try source.countAll()
      if counted == inputFrames { continue }
      throw MaskError.count(
        mask: source.path, maskFrames: counted, input: input.name, inputFrames: inputFrames)
    }
  }

  /// The files that masks are read from.
  private var sources: [MaskFileSource] { [file, kept?.file].compactMap { $0 } }

  /// Warnings, before the work, about frames that the options name and the input does not have.
  ///
  /// - Parameter frames: the number of the input's frames.
  public func extentWarnings(frames: Int) -> [String] {
    extent.warnings(name: input.name, frames: frames)
  }

  /// Warnings that are known only after the last frame.
  public var lateWarnings: [String] {
    (file?.still == nil ? file?.warnings ?? [] : []) + (kept?.lateWarnings ?? [])
      + extent.lateWarnings(name: input.name, frames: frames)
  }

  /// Checks, after the last frame, that no masks were left over.
  ///
  /// - Throws: `MaskError` of kind `.mismatch` that names both counts.
  public func finish() throws {
    for source in sources where !options.holdsLastFrame {
      let rest = try source.countRest()
      if rest > 0 {
        throw MaskError.count(
          mask: source.path, maskFrames: source.framesGiven + rest, input: input.name, inputFrames: frames)
      }
    }
    if missingCount == 0 { try file?.check() }
  }

  /// Says, where nothing is missing in any frame, that and why it is so; without a full stop.
  public var nothingSentence: String {
    kept?.isNeeded == true
      ? "everything that would be missing in \(input.name) is kept by --keep-rect or --keep-mask"
      : options.detection == nil
        ? "nothing is missing in \(input.name) by this mask" : "nothing was found in \(input.name)"
  }
}

extension FrameMask {
  /// Whether nothing is known of one of a format's planes.
  fileprivate func coversPlane(of format: FrameFormat) -> Bool {
    if missingCount < width * height { return false }
    if !isByPlanes { return true }
    return format.planes.contains { plane in
      missing.allSatisfy { !Self.planes(of: $0).isDisjoint(with: PlaneSelection(plane.role)) }
    }
  }
}
