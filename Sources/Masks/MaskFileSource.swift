import Frames
import Media

/// A mask file as a source of masks, one for each frame, in the input's coded orientation.
final class MaskFileSource {
  let path: String
  private let input: MaskedInput
  private let options: MaskOptions
  private let pictures: MaskPictures?
  private let reader: MaskReader
  private var held: FrameMask?
  private(set) var framesGiven = 0

  /// The mask of a still image, which is for all frames; nil where the file has a mask for each frame.
  var still: FrameMask? { pictures == nil ? held : nil }

  /// - Parameter isKept: whether the file says what is kept instead of what is missing.
  /// - Throws: `MaskError` for a file that can't be read or a still of another size than the input.
  init(path: String, options: MaskOptions, input: MaskedInput, isKept: Bool = false) throws {
    (self.path, self.input, self.options) = (path, input, options)
    let reader = MaskReader(
      path: path, threshold: options.threshold, isKept: isKept,
      isByChannels: options.planes == .channels && !isKept)
    self.reader = reader
    let kind = try MaskFileKind(path: path, joinsNumbers: options.gapFrames)
    guard let opened = try Self.pictures(kind, reader, options) else {
      pictures = nil
      guard case .still(let image) = kind else { return }
      let still = try MaskPictures.mask(ofImage: image, reader: reader)
      try reader.check()
      held = try fitted(still)
      return
    }
    if opened.isStillFromPipe, let still = try opened.nextMask() {
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
  ) throws -> MaskPictures? {
    switch kind {
    case .still: nil
    case .images(let images): MaskPictures(images: images, reader: reader)
    case .video(let video): try MaskPictures(video: video, reader: reader, allowsGaps: options.gapFrames)
    }
  }

  /// At most so many pictures are looked at before the work.
  private static let mostAhead = 1000

  /// Checks before the work whether the threshold suits the mask. Mostly the first picture tells.
  private func lookAhead(_ kind: MaskFileKind) throws {
    let scout = reader.scout()
    guard let ahead = try Self.pictures(kind, scout, options) else { return }
    var count = 0
    while !scout.isTelling && count < Self.mostAhead {
      // A picture that can't be read is an error only when its frame is reached.
      guard let next = try? ahead.nextMask() else {
        if !ahead.isDamaged { try scout.check() }
        break
      }
      if count == 0 { _ = try fitted(next) }
      count += 1
    }
    reader.adopt(scout)
  }

  /// Refuses a mask in which nothing is above the threshold, after all of it was read.
  ///
  /// - Throws: `MaskError`.
  func check() throws { try reader.check() }

  /// Warnings about what was read so far.
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

  /// The number of masks that are left: 0 where the file is as long as its input.
  func countRest() throws -> Int {
    guard let pictures else { return 0 }
    var count = 0
    while try pictures.nextMask() != nil { count += 1 }
    return count
  }

  /// The number of masks that the file announces; nil for a still image, or where it announces none.
  var announcedFrames: Int? { StandardStream.isReadOnce(path) ? nil : pictures?.announcedFrames }

  /// The number of masks in the file, found by reading all of it again.
  func countAll() throws -> Int {
    switch try MaskFileKind(path: path, joinsNumbers: options.gapFrames) {
    case .still: return 1
    case .images(let images): return images.count
    case .video(let video):
      return try MaskPictures(
        video: video, reader: MaskReader(path: path, threshold: options.threshold),
        allowsGaps: options.gapFrames
      ).countFrames()
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
    // An empty array means that all samples are known.
    if mask.isEmpty { return FrameMask(width: format.width, height: format.height) }
    return orientation.codedMask(fromDisplayed: mask).dilated(by: options.dilation)
  }
}

/// A mask file ended before its input. The reader of the input knows its length, and makes a `MaskError` by `error`.
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
  /// The error of a mask that is not as long as its input.
  static func count(mask: String, maskFrames: Int, input: String, inputFrames: Int) -> MaskError {
    MaskError(
      .mismatch,
      "the mask \(mask) has \(counted(maskFrames, "frame")) but \(input) has \(inputFrames): "
        + "give one mask frame for each, or --mask-hold\(MaskFileKind.skippedHint(mask))"
    )
  }
}
