import Frames
import Media

/// A mask file as a source of masks in the input's coded orientation, one for each frame.
final class MaskFileSource {
  private let path: String
  private let input: MaskedInput
  private let options: MaskOptions
  private let pictures: (any MaskPictures)?
  private let reader: MaskReader
  private var held: FrameMask?
  private(set) var framesGiven = 0

  /// The one mask that stands for all frames; nil where the file has a mask for each.
  var still: FrameMask? { pictures == nil ? held : nil }

  /// - Throws: `MaskError` for a file that can't be read or a still of another size than the input.
  init(path: String, options: MaskOptions, input: MaskedInput) throws {
    self.path = path
    self.input = input
    self.options = options
    let reader = MaskReader(path: path, threshold: options.threshold)
    self.reader = reader
    let kind = try MaskFileKind(path: path, joinsNumbers: options.gapFrames)
    guard let opened = try Self.pictures(kind, reader, options) else {
      pictures = nil
      guard case .still(let image) = kind else { return }
      let still = try MaskImages.mask(ofImage: image, reader: reader)
      try reader.check()
      held = try fitted(still)
      return
    }
    if let masks = opened as? MaskVideo, masks.isStillFromPipe, let still = try masks.nextMask() {
      pictures = nil
      try reader.check()
      held = try fitted(still)
      return
    }
    pictures = opened
    if !StandardStream.isReadOnce(path) { try lookAhead(kind) }
  }

  /// The pictures of a file that has one for each frame; nil for a still.
  private static func pictures(
    _ kind: MaskFileKind, _ reader: MaskReader, _ options: MaskOptions
  ) throws -> (any MaskPictures)? {
    switch kind {
    case .still: nil
    case .images(let images): MaskImages(paths: images, reader: reader)
    case .video(let video): try MaskVideo(path: video, reader: reader, allowsGaps: options.gapFrames)
    }
  }

  /// Pictures at most that are looked at beforehand.
  private static let mostAhead = 1000

  /// Finds out before the work whether the threshold suits the mask; as a rule the first picture shows it.
  private func lookAhead(_ kind: MaskFileKind) throws {
    let scout = MaskReader(path: path, threshold: options.threshold)
    guard let ahead = try Self.pictures(kind, scout, options) else { return }
    var count = 0
    while !scout.isTelling && count < Self.mostAhead {
      // One that can't be read is refused where its frame comes.
      guard let next = try? ahead.nextMask() else {
        if !ahead.isDamaged { try scout.check() }
        break
      }
      if count == 0 { _ = try fitted(next) }
      count += 1
    }
    reader.adopt(scout)
  }

  /// Refuses a mask, all of which was read, in which the threshold leaves nothing.
  ///
  /// - Throws: `MaskError`.
  func check() throws { try reader.check() }

  /// Things that a person should know of what was read so far.
  var warnings: [String] { reader.warnings }

  func mask(for frame: Frame) throws -> FrameMask {
    guard let pictures else {
      return held ?? FrameMask(width: frame.format.width, height: frame.format.height)
    }
    if let next = try pictures.nextMask() {
      if let gap = pictures.gap(at: framesGiven), !input.isGap(frame.index) {
        throw MaskError(
          .unreadable,
          "the mask \(path) has no image \(gap) for frame \(frame.index) of \(input.name), which is there: add it"
        )
      }
      held = try fitted(next)
      framesGiven += 1
      return held ?? next
    }
    if pictures.isDamaged {
      throw MaskError(
        .unreadable, "the mask \(path) is damaged: only \(framesGiven) of its frames can be read")
    }
    guard let held else { throw MaskError(.unreadable, "the mask \(path) holds no frames") }
    guard options.holdsLastFrame else { throw MaskRanOut(path: path, frames: framesGiven) }
    return held
  }

  /// The number of masks that were not asked for: 0 where the file fits its input.
  func countRest() throws -> Int {
    guard let pictures else { return 0 }
    var count = 0
    while try pictures.nextMask() != nil { count += 1 }
    return count
  }

  /// The number of masks that the file announces; nil where one stands for all or none is announced.
  var announcedFrames: Int? { StandardStream.isReadOnce(path) ? nil : pictures?.announcedFrames }

  /// The number of masks in the file, found by reading all of it once more.
  func countAll() throws -> Int {
    switch try MaskFileKind(path: path, joinsNumbers: options.gapFrames) {
    case .still: return 1
    case .images(let images): return images.count
    case .video(let video):
      let file = try PictureFile(path: video, allowsGaps: options.gapFrames)
      var count = 0
      while try file.nextFrame() != nil { count += 1 }
      return count
    }
  }

  /// Checks the size, turns the mask to coded orientation and grows it.
  private func fitted(_ mask: FrameMask) throws -> FrameMask {
    let format = input.format
    let orientation = options.orientation == .displayed ? input.orientation : .upright
    let expected = orientation.displayedSize(width: format.width, height: format.height)
    guard (mask.width, mask.height) == expected else {
      throw MaskError(
        .mismatch,
        "the mask \(path) is \(mask.width)x\(mask.height) but \(input.name) is "
          + "\(expected.width)x\(expected.height)"
          + (orientation.quarterTurns % 2 == 1 ? " as displayed" : "") + ": make the mask the same size")
    }
    // An empty array says that all samples are known.
    if mask.isEmpty { return FrameMask(width: format.width, height: format.height) }
    return orientation.codedMask(fromDisplayed: mask).dilated(by: options.dilation)
  }
}

/// A mask file ended before its input did; whoever reads the input knows how long it is.
public struct MaskRanOut: Error {
  public var path: String
  public var frames: Int

  init(path: String, frames: Int) { (self.path, self.frames) = (path, frames) }

  /// - Parameter inputFrames: all frames of the input.
  public func error(input: String, inputFrames: Int) -> MaskError {
    MaskError.count(mask: path, maskFrames: frames, input: input, inputFrames: inputFrames)
  }
}

extension MaskError {
  /// A mask of another length than its input.
  static func count(mask: String, maskFrames: Int, input: String, inputFrames: Int) -> MaskError {
    MaskError(
      .mismatch,
      "the mask \(mask) has \(counted(maskFrames, "frame")) but \(input) has \(inputFrames): "
        + "give one mask frame for each, or --mask-hold\(MaskFileKind.skippedHint(mask))"
    )
  }
}
