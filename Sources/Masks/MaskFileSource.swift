import Frames

/// A mask file as a source of masks in the input's coded orientation, one for each frame.
final class MaskFileSource: MaskSource {
  private let path: String
  private let input: MaskedInput
  private let options: MaskOptions
  private let pictures: (any MaskPictures)?
  private var held: FrameMask?
  private(set) var framesGiven = 0

  /// The one mask that stands for all frames; nil where the file has a mask for each.
  var still: FrameMask? { pictures == nil ? held : nil }

  /// - Throws: `MaskError` for a file that can't be read or a still of another size than the input.
  init(path: String, options: MaskOptions, input: MaskedInput) throws {
    self.path = path
    self.input = input
    self.options = options
    switch try MaskFileKind(path: path) {
    case .still(let image):
      pictures = nil
      held = try fitted(MaskImages.mask(ofImage: image, threshold: options.threshold))
    case .images(let images):
      pictures = MaskImages(paths: images, threshold: options.threshold)
    case .video(let video):
      pictures = try MaskVideo(path: video, threshold: options.threshold)
    }
  }

  func mask(for frame: Frame) throws -> FrameMask {
    guard let pictures else {
      return held ?? FrameMask(width: frame.format.width, height: frame.format.height)
    }
    if let next = try pictures.nextMask() {
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
  var announcedFrames: Int? { MaskFileKind.isReadOnce(path) ? nil : pictures?.announcedFrames }

  /// The number of masks in the file, found by reading all of it once more.
  func countAll() throws -> Int {
    switch try MaskFileKind(path: path) {
    case .still: return 1
    case .images(let images): return images.count
    case .video(let video):
      let file = try PictureFile(path: video)
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
    // Nobody needs to look through samples that are all known.
    if mask.isEmpty { return FrameMask(width: format.width, height: format.height) }
    return orientation.codedMask(fromDisplayed: mask).dilated(by: options.dilation)
  }
}

/// A mask file ended before its input did; whoever reads the input knows how long it is.
public struct MaskRanOut: Error {
  public var path: String
  public var frames: Int

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
      "the mask \(mask) has \(maskFrames) frames but \(input) has \(inputFrames): "
        + "give one mask frame for each, or --mask-hold"
    )
  }
}
